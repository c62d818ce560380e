import { dayMs, hourMs } from '../query/local-time.ts'
import type { CountedRecord } from '../statistics/counted-record.ts'
import { factOf } from '../statistics/facts.ts'
import { Tally } from '../statistics/tally.ts'
import { beginOf } from './cover.ts'
import { keyText } from './rollup-key.ts'

/** `hour` or `day` of UTC. */
export type Unit = 'hour' | 'day'
export const unitMs: Readonly<Record<Unit, number>> = { hour: hourMs, day: dayMs }

/** What records add to one roll-up. */
export interface Increment {
  beginsMs: number
  key: string
  tally: Tally
}

/** Gathers records by hour, apart for each key, until they are taken. */
export class Increments {
  #hours = new Map<string, Increment>()

  add(record: CountedRecord, atMs: number): void {
    const key = keyText(record)
    placeIn(this.#hours, beginOf(atMs, hourMs), key).add(factOf(record, atMs))
  }

  take(): Readonly<Record<Unit, readonly Increment[]>> {
    const hour = this.takeHours()
    const days: Days = new Map()
    addToDays(days, hour)
    return { hour, day: [...days.values()] }
  }

  takeHours(): Increment[] {
    const hours = [...this.#hours.values()]
    this.#hours = new Map()
    return hours
  }
}

/** By day and key. */
export type Days = Map<string, Increment>

/** A day is its hours. */
export function addToDays(days: Days, hours: readonly Increment[]): void {
  for (const { beginsMs, key, tally } of hours) placeIn(days, beginOf(beginsMs, dayMs), key).merge(tally)
}

function placeIn(increments: Map<string, Increment>, beginsMs: number, key: string): Tally {
  const place = `${beginsMs} ${key}`
  const known = increments.get(place)
  if (known) return known.tally
  const tally = new Tally(true)
  increments.set(place, { beginsMs, key, tally })
  return tally
}
