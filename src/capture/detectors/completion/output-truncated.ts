import type { AnswerChoice } from '../../../core/answer.ts'
import { isObject } from '../../../core/json.ts'
import { parsedJson } from '../../view/raw-event.ts'
import type { Detector, Subject } from '../detector.ts'
import { firstSeen, type SeenAnswer } from '../seen-answers.ts'
import { limitHints, outputLimit } from './output-limit.ts'
import { isEatenByThoughts } from './reasoning-ate-budget.ts'

/** Who asks for so few only wants to know whether anybody answers. */
const probeTokens = 16

/** Reference §4.2, 43: the answer reached its limit of tokens. */
export const outputTruncated: Detector = {
  code: 'output_truncated',
  severity: 'error',
  summary: 'The answer was cut at its limit of output tokens',
  *find(subject) {
    yield* firstSeen(subject, (seen) => judged(subject, seen))
  },
}

function judged(subject: Subject, seen: SeenAnswer) {
  const cut = seen.reading.answer?.choices.filter(({ end }) => end.reason === 'length') ?? []
  if (cut.length === 0 || isEatenByThoughts(seen)) return null
  const { tokens, fault } = outputLimit(subject)
  const call = cut.map(openCall).find((name) => name !== null) ?? null
  const usage = seen.reading.answer?.usage
  const isProbe = tokens !== null && tokens <= probeTokens
  return {
    severity: isProbe ? ('info' as const) : call === null ? ('warn' as const) : ('error' as const),
    fault,
    description: `The answer was cut ${place(call)} at ${usage?.completionTokens ?? 'an unknown number of'} output tokens${tokens === null ? '' : ` (the limit was ${tokens})`}.`,
    evidence: {
      stop: cut[0]?.end.raw ?? null,
      completionTokens: usage?.completionTokens ?? null,
      limit: tokens,
      openToolCall: call,
    },
    hint: limitHints[fault],
  }
}

function place(call: string | null): string {
  return call === null ? 'off' : `in the arguments of ${call === '' ? 'a tool call' : `a call of ${call}`}`
}

/** The name of a tool call whose arguments have no end. */
function openCall({ parts }: AnswerChoice): string | null {
  const last = parts.findLast((part) => part.type === 'tool_call')
  if (!last || last.custom || isObject(parsedJson(last.arguments))) return null
  return last.name
}
