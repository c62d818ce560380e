import { dayMs, localTime, utcOf } from '../query/local-time.ts'

/** A day as invoices have it: `2026-11-03`. */
export type Day = string

export function dayOf(atMs: number, zone: string): Day {
  const { year, month, day } = localTime(atMs, zone)
  return dayText(year, month, day)
}

function dayText(year: number, month: number, day: number): Day {
  const two = (value: number) => String(value).padStart(2, '0')
  return `${String(year).padStart(4, '0')}-${two(month)}-${two(day)}`
}

/** Null for the 30th of February. */
export function realDay(year: number, month: number, day: number): Day | null {
  const date = new Date(Date.UTC(year, month - 1, day))
  const isReal = date.getUTCFullYear() === year && date.getUTCMonth() + 1 === month
  return isReal && date.getUTCDate() === day ? dayText(year, month, day) : null
}

/** Its first moment, as clocks in the zone show it. */
export function dayBegin(day: Day, zone: string): number {
  return utcOf(Date.parse(`${day}T00:00:00Z`), zone)
}

export function dayAfter(day: Day, days = 1): Day {
  return new Date(Date.parse(`${day}T00:00:00Z`) + days * dayMs).toISOString().slice(0, 10)
}

/** Both ends belong to it. */
export interface Period {
  since: Day
  until: Day
}

export function isWithin(day: Day, { since, until }: Period): boolean {
  return day >= since && day <= until
}
