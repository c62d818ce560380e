import { dayMs, hourMs, weekMs } from '../query/local-time.ts'

/** An hour or day of UTC, or seven such days: roll-ups are of one of them. */
export type Unit = 'hour' | 'day' | 'week'

export const unitMs: Readonly<Record<Unit, number>> = { hour: hourMs, day: dayMs, week: weekMs }

/** When the unit that a time is in begins. Weeks are counted from 1970-01-01 on: no question asks for one by its name. */
export function beginOf(atMs: number, unit: Unit): number {
  return Math.floor(atMs / unitMs[unit]) * unitMs[unit]
}

/** When it ends, exclusive. */
export function endOf(atMs: number, unit: Unit): number {
  return beginOf(atMs, unit) + unitMs[unit]
}
