import type { AnswerChoice } from '../../../core/answer.ts'
import type { ToolCallPart } from '../../../core/call.ts'
import { isObject } from '../../../core/json.ts'
import { parsedJson } from '../../view/raw-event.ts'
import type { Detector } from '../detector.ts'
import { firstSeen, type SeenAnswer } from '../seen-answers.ts'

/** Reference §4.2, 51: a finished call that no tool can be run with. */
export const toolArgsInvalid: Detector = {
  code: 'tool_args_invalid',
  severity: 'error',
  summary: 'A finished tool call has arguments that are no JSON object',
  *find(subject) {
    yield* firstSeen(subject, judged)
  },
}

function judged({ reading, fault }: SeenAnswer) {
  if (!reading.answer || !reading.isTerminated) return null
  const broken = reading.answer.choices.filter(isFinished).flatMap(brokenCalls)
  const [first] = broken
  if (!first) return null
  return {
    severity: 'error' as const,
    fault,
    count: broken.length,
    description: `The call of ${first.name || 'a tool'} has ${first.arguments.length} characters of arguments that are ${parsedJson(first.arguments) === undefined ? 'no JSON' : 'no JSON object'}.`,
    // Arguments may hold anything, secrets too: only where they break is shown.
    evidence: {
      tool: first.name,
      id: first.id,
      length: first.arguments.length,
      ends: shape(first.arguments.slice(-40)),
    },
    hint:
      fault === 'proxy'
        ? 'Compare the call on BTP and PTC of this exchange: its arguments were whole when they came.'
        : 'Answer the call with an error that says so; models repeat it rightly. Strict schemas prevent it.',
  }
}

/** What was cut at a limit is `output_truncated`. */
function isFinished({ end }: AnswerChoice): boolean {
  return end.reason === 'stop' || end.reason === 'tool'
}

function brokenCalls({ parts }: AnswerChoice): ToolCallPart[] {
  return parts.filter(
    (part): part is ToolCallPart =>
      part.type === 'tool_call' &&
      !part.custom &&
      part.arguments.trim() !== '' &&
      !isObject(parsedJson(part.arguments)),
  )
}

/** Letters and digits made alike: what is left shows where brackets and quotes are wrong. */
function shape(text: string): string {
  return text.replace(/[\p{L}\p{N}]/gu, 'x')
}
