import type { AnswerChoice } from '../../../core/answer.ts'
import type { Detector, Subject } from '../detector.ts'
import { isGeneration } from '../generation.ts'
import { firstSeen, type SeenAnswer } from '../seen-answers.ts'
import { hasThoughts, showsSomething } from './shown.ts'

/** Reference §4.2, 41: a normal end, and nothing to show or to run. */
export const emptyCompletion: Detector = {
  code: 'empty_completion',
  severity: 'error',
  summary: 'The answer ended normally with no text, no tool call and no refusal',
  *find(subject) {
    if (isGeneration(subject.exchange)) yield* firstSeen(subject, (seen) => judged(subject, seen))
  },
}

function judged(subject: Subject, { reading, fault }: SeenAnswer) {
  const { answer } = reading
  if (!answer || !reading.isTerminated || !answer.choices.every(isNormalEnd) || showsSomething(reading))
    return null
  const tokens = answer.usage?.completionTokens ?? null
  const thought = hasThoughts(reading)
  // Models do end their turn silently behind a tool's result: they have nothing to add.
  const afterTool =
    subject
      .ctp()
      ?.call?.messages.at(-1)
      ?.parts.some(({ type }) => type === 'tool_result') === true
  // Nor is all told where the provider's own tools have worked: what they found may be the answer.
  const ranTools = reading.events.some(({ event }) => event.type === 'server_tool')
  return {
    severity: ranTools ? ('note' as const) : afterTool ? ('warn' as const) : ('error' as const),
    fault,
    description: `The answer ended with "${answer.choices[0]?.end.raw}" and nothing in it${thought ? ' but thoughts' : ''}${tokens === null ? '' : `; ${tokens} output tokens were reported`}.`,
    evidence: {
      stop: answer.choices[0]?.end.raw ?? null,
      completionTokens: tokens,
      thoughts: thought,
      afterToolResult: afterTool,
    },
    hint:
      fault === 'proxy'
        ? 'Compare BTP and PTC of this exchange: what the backend said was lost on its way through the proxy.'
        : 'Ask again; where it happens often, another model or a lower reasoning effort answers more reliably.',
  }
}

function isNormalEnd({ end }: AnswerChoice): boolean {
  // A stop sequence that came first is what the client asked for.
  return (
    (end.reason === 'stop' || end.reason === 'tool') &&
    end.stopSequence === undefined &&
    end.raw !== 'stop_sequence'
  )
}
