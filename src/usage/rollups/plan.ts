import type { StatsQuery } from '../query/filter.ts'
import { countsAttempts } from '../statistics/aggregate.ts'
import { grainOf } from './answerable.ts'
import { cover, type Piece } from './cover.ts'
import { keyFits, keyFromText, type RollupKey } from './rollup-key.ts'
import { beginOf, endOf } from './unit.ts'

/** The times of a ledger's first and last records; null: it has none. */
export interface Ends {
  first: number | null
  last: number | null
}

/** What is read to answer a question; `weeksUntilMs` as `cover` has it. */
export function piecesFor(query: StatsQuery, ends: Ends | undefined, weeksUntilMs = 0): Piece[] {
  if (ends === undefined || ends.first === null || ends.last === null) return []
  const { filter } = query
  // Whole days, as far as the question lets: where there are no records a roll-up holds none.
  const [first, end] = [beginOf(ends.first, 'day'), endOf(ends.last, 'day')]
  return cover({
    fromMs: Math.max(filter.fromMs ?? first, first),
    untilMs: Math.min(filter.untilMs ?? end, end),
    filter,
    grain: grainOf(query),
    weeksUntilMs,
  })
}

/** The keys, by their numbers, whose roll-ups a question means. */
export function keysFor(
  query: StatsQuery,
  stored: readonly { id: number; key: string }[],
): Map<number, RollupKey> {
  const byAttempt = countsAttempts(query)
  return new Map(
    stored
      .map(({ id, key }) => [id, keyFromText(key)] as const)
      .filter(([, key]) => keyFits(key, query.filter, byAttempt)),
  )
}
