import { isContent } from '../../core/event.ts'
import type { AnswerReading } from '../view/reading.ts'
import type { ExchangeView, LegView } from '../view/view.ts'

/** When an answer came; judged apart from what it says. Null: not known, or not that far. */
export interface AnswerTiming {
  /** From the exchange's opening to the first content. */
  ttftMs: number | null
  totalMs: number | null
  /** Between its chunks. */
  gapsMs: number[]
}

export function timingOf(
  { openedAtNs }: ExchangeView,
  leg: LegView,
  { events }: AnswerReading,
): AnswerTiming {
  const first = events.find(({ event }) => isContent(event))
  const since = (atNs: number | undefined) => (atNs === undefined ? null : (atNs - openedAtNs) / 1e6)
  return {
    ttftMs: since(first?.atNs),
    totalMs: since(leg.end?.atNs ?? leg.chunks.at(-1)?.atNs),
    gapsMs: leg.chunks.slice(1).map(({ atNs }, at) => (atNs - (leg.chunks[at]?.atNs ?? atNs)) / 1e6),
  }
}

/** Of so many numbers, the one that a share of them do not exceed; null of none. */
export function percentile(values: readonly number[], share: number): number | null {
  const sorted = values.toSorted((a, b) => a - b)
  return sorted[Math.min(sorted.length - 1, Math.ceil(sorted.length * share) - 1)] ?? null
}
