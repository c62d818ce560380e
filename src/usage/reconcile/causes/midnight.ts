import type { Measures } from '../cells.ts'
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
  measures: Measures,
): Map<Day, Part> {
  const parts = new Map<Day, Part>()
  days.forEach((day, index) => {
    const [off, night] = [offs[index], nights.get(day)]
    if (!off || !night) return
    const isMore = sizeOf(off, measures) > 0
    const [moved, beside] = [isMore ? night.enters : night.leaves, offs[isMore ? index - 1 : index + 1]]
    if (!beside || !isMoved(off, beside, moved, measures)) return
    const amounts = amountsOf(off, moved, isMore ? 1 : -1, measures)
    parts.set(day, { cause: 'over_midnight', ...amounts, attempts: moved.attempts })
  })
  return parts
}

/** The rest of what is off, in tokens or in money, is there for another reason. */
function amountsOf(off: Amounts, moved: Amounts, sign: 1 | -1, { tokens, cost }: Measures): Amounts {
  const part = (is: keyof Amounts) => (fits(sign * off[is], moved[is]) ? off[is] : sign * moved[is])
  return { tokens: tokens ? part('tokens') : 0, nanoUsd: cost ? part('nanoUsd') : 0 }
}

function sizeOf(amounts: Amounts, { tokens }: Measures): number {
  return tokens ? amounts.tokens : amounts.nanoUsd
}

/** What a day has too much the one beside it has too little, or the other way round, and one of them as much as ran over. */
function isMoved(off: Amounts, beside: Amounts, moved: Amounts, measures: Measures): boolean {
  const [here, there] = [sizeOf(off, measures), sizeOf(beside, measures)]
  const whole = sizeOf(moved, measures)
  return whole !== 0 && here * there < 0 && (fits(Math.abs(here), whole) || fits(Math.abs(there), whole))
}

function fits(amount: number, moved: number): boolean {
  return Math.abs(amount - moved) <= fitsWithin * moved
}
