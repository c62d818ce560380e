import type { CountedRecord } from '../statistics/counted-record.ts'
import { factOf } from '../statistics/facts.ts'
import { Tally } from '../statistics/tally.ts'
import { keyText } from './rollup-key.ts'
import { beginOf, type Unit } from './unit.ts'

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
    placeIn(this.#hours, beginOf(atMs, 'hour'), key).add(factOf(record, atMs))
  }

  /** What was gathered, by hour. */
  take(): Increment[] {
    const hours = [...this.#hours.values()]
    this.#hours = new Map()
    return hours
  }
}

/** Increments of a unit, apart for each of its stretches and each key. */
export class UnitIncrements {
  readonly #unit: Unit
  readonly #all = new Map<string, Increment>()

  constructor(unit: Unit) {
    this.#unit = unit
  }

  /** A day is its hours, a week its days. */
  add(finer: readonly Increment[]): void {
    for (const { beginsMs, key, tally } of finer) {
      placeIn(this.#all, beginOf(beginsMs, this.#unit), key).merge(tally)
    }
  }

  get all(): Increment[] {
    return [...this.#all.values()]
  }
}

function placeIn(increments: Map<string, Increment>, beginsMs: number, key: string): Tally {
  const place = `${beginsMs} ${key}`
  const known = increments.get(place)
  if (known) return known.tally
  const tally = new Tally(true)
  increments.set(place, { beginsMs, key, tally })
  return tally
}
