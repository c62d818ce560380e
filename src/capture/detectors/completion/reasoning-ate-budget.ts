import type { Detector, Subject } from '../detector.ts'
import { firstSeen, type SeenAnswer } from '../seen-answers.ts'
import { limitHints, outputLimit } from './output-limit.ts'
import { hasThoughts, showsSomething } from './shown.ts'

const leastShare = 0.8

/** Reference §4.2, 42: the limit was reached while it still thought. */
export const reasoningAteBudget: Detector = {
  code: 'reasoning_ate_budget',
  severity: 'error',
  summary: 'All output tokens went into thoughts, and no answer came',
  *find(subject) {
    yield* firstSeen(subject, (seen) => judged(subject, seen))
  },
}

function judged(subject: Subject, seen: SeenAnswer) {
  if (!isEatenByThoughts(seen)) return null
  const { usage } = seen.reading.answer ?? {}
  const { tokens, fault } = outputLimit(subject)
  const spent = usage?.completionTokens ?? null
  return {
    severity: 'error' as const,
    fault,
    description: `The limit was reached before the first word: ${spent ?? 'all'} output tokens went into thoughts.`,
    evidence: { completionTokens: spent, reasoningTokens: usage?.reasoningTokens ?? null, limit: tokens },
    hint: limitHints[fault],
  }
}

/** Cut at the limit with nothing to show, when thoughts are most of what was paid for. */
export function isEatenByThoughts({ reading }: SeenAnswer): boolean {
  const { answer } = reading
  if (!answer?.choices.some(({ end }) => end.reason === 'length') || showsSomething(reading)) return false
  const { completionTokens, reasoningTokens } = answer.usage ?? {}
  if (completionTokens === undefined || reasoningTokens === undefined) return hasThoughts(reading)
  return completionTokens > 0 && reasoningTokens >= leastShare * completionTokens
}
