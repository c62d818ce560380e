import type { Day } from '../days.ts'
import type { Amounts } from '../ledger/amounts.ts'
import type { Overnight } from '../ledger/ledger-side.ts'
import type { Part } from './cause.ts'

/** How near a difference must come to what ran over midnight. */
const fitsWithin = 0.02

/**
 * Exchanges over midnight that the provider puts on the other day: what one day lacks the next has, and it is just as
 * much as ran over. `offs`: invoice less ledger, in the order of the days.
 */
export function midnightParts(
  days: readonly Day[],
  offs: readonly Amounts[],
  nights: ReadonlyMap<Day, Overnight>,
  byTokens: boolean,
): Map<Day, Part> {
  const size = (amounts: Amounts | undefined) => (byTokens ? amounts?.tokens : amounts?.nanoUsd) ?? 0
  const parts = new Map<Day, Part>()
  days.forEach((day, index) => {
    const off = offs[index]
    const night = nights.get(day)
    if (!off || !night || size(off) === 0) return
    const isMore = size(off) > 0
    const moved = isMore ? night.enters : night.leaves
    const beside = offs[isMore ? index - 1 : index + 1]
    const fits = (amount: number) => Math.abs(Math.abs(amount) - size(moved)) <= fitsWithin * size(moved)
    const isOpposite = size(off) * size(beside) < 0
    if (size(moved) === 0 || !isOpposite || !(fits(size(off)) || fits(size(beside)))) return
    const sign = isMore ? 1 : -1
    const amounts = fits(size(off)) ? off : { tokens: sign * moved.tokens, nanoUsd: sign * moved.nanoUsd }
    parts.set(day, { cause: 'over_midnight', ...amounts, attempts: moved.attempts })
  })
  return parts
}
