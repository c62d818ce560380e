import type { UsageRecord } from '../record/record.ts'

export const sides = ['prompt', 'completion'] as const
export type Side = (typeof sides)[number]

/** What an honest provider may count of one side of an exchange, by our count; in its own tokens. */
interface Bounds {
  /** Text that every provider counts. */
  least: number
  /** With everything that a provider may put around it. */
  most: number
  method: 'tokenizer' | 'approximate'
}
export type SeenPrompt = Bounds
export interface SeenCompletion extends Bounds {
  hasThoughts: boolean
}

/** What of an exchange both sides can see; null where there is more that only one of them sees. */
export interface Seen {
  prompt: SeenPrompt | null
  completion: SeenCompletion | null
  /** The request asks for thoughts. */
  wantsThoughts: boolean
}

export interface Compared extends Bounds {
  reported: number
}

const purposes = new Set<UsageRecord['call_purpose']>(['chat', 'title'])

/** There are thoughts, and the report does not say how many of its tokens they are. */
export function hasUntoldThoughts({ backend_reported_usage: report }: UsageRecord, seen: Seen): boolean {
  const told = report?.completion_tokens_details?.reasoning_tokens
  return seen.completion?.hasThoughts === true && !told
}

/**
 * What of an exchange can be compared: where it came to its end and its provider reported. Thoughts are taken out of the
 * completion where the report tells how many; where it does not and there may be some, the completion is left out, for
 * what is shown of them may be a summary.
 */
export function comparedSides(
  record: UsageRecord,
  seen: Seen,
  thinksUntold: boolean,
): Record<Side, Compared | null> {
  const report = record.backend_reported_usage
  if (record.outcome !== 'complete' || report === null || !purposes.has(record.call_purpose)) {
    return { prompt: null, completion: null }
  }
  const mayThink = thinksUntold || seen.wantsThoughts
  const thoughts = report.completion_tokens_details?.reasoning_tokens
  const isUntold = hasUntoldThoughts(record, seen) || (thoughts === undefined && mayThink)
  const completion = isUntold ? 0 : (report.completion_tokens ?? 0) - (thoughts ?? 0)
  return {
    prompt: compared(seen.prompt, report.prompt_tokens ?? 0),
    completion: compared(seen.completion, completion),
  }
}

function compared(bounds: Bounds | null, reported: number): Compared | null {
  // Nothing has no tokens: mocks report it, and some providers of what they did not count.
  if (bounds === null || reported <= 0 || bounds.least <= 0) return null
  const { least, most, method } = bounds
  return { reported, least, most, method }
}
