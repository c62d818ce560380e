import { dayMs, hourMs } from '../query/local-time.ts'
import { beyond, cellOf, difference, isBeyond, type Limits, type ModelSides, noAmounts } from './cells.ts'
import type { Day } from './days.ts'
import type { Amounts } from './ledger/amounts.ts'

/** An invoice whose days are those of another zone. */
export interface Shift {
  /** Hours before UTC that fit equally well, the likeliest first. */
  offsets: readonly number[]
  dayOfSlice: (slice: number) => Day
}

const offsets = Array.from({ length: 27 }, (_, index) => index - 12)

export interface ShiftQuestion {
  sides: readonly ModelSides[]
  /** In order, without a gap. */
  days: readonly Day[]
  dayOfSlice: (slice: number) => Day
  sliceMs: number
  limits: Limits
  /** What is off for a reason of its own, and proves nothing. */
  isSettled: (sides: ModelSides, day: Day) => boolean
}

interface Verdict {
  offset: number
  /** Days and models that agree only so, less those that agree only as asked. */
  gained: number
  /** Sum of what is still off, as shares of the whole. */
  rest: number
}

/**
 * Looks for the whole hour at which the invoice's days begin, where they do not begin as asked. What is off on a day must
 * come back on its neighbour, and days that agreed must go on to: a single exchange that one side lacks near midnight
 * proves nothing.
 */
export function findShift(question: ShiftQuestion): Shift | null {
  const asked = offsByDay(question, question.dayOfSlice).map((days, model) =>
    days.map((off, index) => {
      const [sides, day] = [question.sides[model], question.days[index]]
      return sides && day && question.isSettled(sides, day) ? { ...off, isBeyond: false } : off
    }),
  )
  const verdicts = offsets.flatMap((offset) => {
    const dayOfSlice = dayAtOffset(offset, question.sliceMs)
    return verdictOf(offset, question, asked, offsByDay(question, dayOfSlice)) ?? []
  })
  const best = verdicts.reduce<Verdict | null>((a, b) => (a === null || isBetter(b, a) ? b : a), null)
  if (best === null) return null
  const likely = verdicts.filter((one) => !isBetter(best, one)).map(({ offset }) => offset)
  likely.sort((a, b) => Math.abs(a) - Math.abs(b) || b - a)
  return { offsets: likely, dayOfSlice: dayAtOffset(likely[0] ?? best.offset, question.sliceMs) }
}

function dayAtOffset(offset: number, sliceMs: number): (slice: number) => Day {
  const known = new Map<number, Day>()
  return (slice) => {
    const day = Math.floor((slice * sliceMs + offset * hourMs) / dayMs)
    const text = known.get(day) ?? new Date(day * dayMs).toISOString().slice(0, 10)
    known.set(day, text)
    return text
  }
}

function isBetter(a: Verdict, b: Verdict): boolean {
  return a.gained !== b.gained ? a.gained > b.gained : a.rest < b.rest * (1 - 1e-9) - 1e-12
}

interface Off {
  off: Amounts
  isBeyond: boolean
}

/** A list a model, an entry a day. */
function offsByDay({ sides, days, limits }: ShiftQuestion, dayOfSlice: (slice: number) => Day): Off[][] {
  return sides.map((one) => {
    const ledger = new Map<Day, Amounts>()
    for (const [slice, { tokens, nanoUsd }] of one.slices) {
      const day = dayOfSlice(slice)
      const known = ledger.get(day) ?? noAmounts
      ledger.set(day, { tokens: known.tokens + tokens, nanoUsd: known.nanoUsd + nanoUsd })
    }
    return days.map((day) => {
      const [theirs, ours] = [cellOf(one, day), ledger.get(day) ?? noAmounts]
      const off = difference(theirs, ours, limits.measures)
      return { off, isBeyond: isBeyond(beyond(off, theirs, ours, limits)) }
    })
  })
}

/** A day and its neighbour, as asked and with another offset. */
interface Pair {
  /** Which of the days. */
  day: number
  before: Off
  after: Off
  next: { before: Off; after: Off } | null
}

function verdictOf(
  offset: number,
  { sides, limits }: ShiftQuestion,
  asked: readonly Off[][],
  shifted: readonly Off[][],
): Verdict | null {
  const pairs = asked.flatMap((days, model) => pairsOf(days, shifted[model] ?? []))
  const count = (isSo: (pair: Pair) => boolean) => pairs.filter(isSo).length
  const size = ({ off }: Off) => (limits.measures.tokens ? off.tokens : off.nanoUsd)
  const vanishes = ({ before, after }: Pick<Pair, 'before' | 'after'>, share: number) =>
    before.isBeyond && Math.abs(size(after)) <= share * Math.abs(size(before))
  const comesBack = (pair: Pair) =>
    pair.next !== null &&
    size(pair.before) * size(pair.next.before) < 0 &&
    vanishes(pair, mostlyGone) &&
    vanishes(pair.next, mostlyGone)
  const gained = count(({ before, after }) => before.isBeyond && !after.isBeyond)
  const lost = count(({ before, after }) => !before.isBeyond && after.isBeyond)
  // Without a neighbour it must vanish to the token: where the invoice has more, or on several days.
  const exact = pairs.filter((pair) => vanishes(pair, whollyGone))
  const isExact =
    exact.some(({ before }) => size(before) > 0) || new Set(exact.map(({ day }) => day)).size > 1
  const isProved = pairs.some(comesBack) || (lost === 0 && isExact)
  if (!isProved || gained <= lost) return null
  return { offset, gained: gained - lost, rest: restOf(sides, shifted, limits) }
}

const mostlyGone = 0.1
const whollyGone = 0.001

function pairsOf(asked: readonly Off[], shifted: readonly Off[]): Pair[] {
  const both = asked.flatMap((before, index) => {
    const after = shifted[index]
    return after ? [{ day: index, before, after }] : []
  })
  return both.map((pair, index) => ({ ...pair, next: both[index + 1] ?? null }))
}

function restOf(sides: readonly ModelSides[], offs: readonly Off[][], { measures }: Limits): number {
  const cells = sides.flatMap(({ invoice }) => [...invoice.values()])
  const whole = (of: (amounts: Amounts) => number) =>
    cells.reduce((sum, cell) => sum + Math.abs(of(cell)), 0) || 1
  const rest = (of: (amounts: Amounts) => number) =>
    offs.flat().reduce((sum, { off }) => sum + Math.abs(of(off)), 0) / whole(of)
  return (measures.tokens ? rest((of) => of.tokens) : 0) + (measures.cost ? rest((of) => of.nanoUsd) : 0)
}
