import type { CountedRecord } from '../statistics/counted-record.ts'
import type { Fact } from '../statistics/fact.ts'
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
  /** What the last record was added to: the next one mostly is too. */
  #last: Increment | null = null

  add(record: CountedRecord, atMs: number): void {
    this.addFact(keyText(record), factOf(record, atMs))
  }

  /** The same of a record whose key is known. */
  addFact(key: string, fact: Fact): void {
    const beginsMs = beginOf(fact.atMs, 'hour')
    if (this.#last?.beginsMs !== beginsMs || this.#last.key !== key) {
      this.#last = placeIn(this.#hours, beginsMs, key)
    }
    this.#last.tally.add(fact)
  }

  /** What was gathered, by hour. */
  take(): Increment[] {
    const hours = [...this.#hours.values()]
    this.#hours = new Map()
    this.#last = null
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
      placeIn(this.#all, beginOf(beginsMs, this.#unit), key).tally.merge(tally)
    }
  }

  get all(): Increment[] {
    return [...this.#all.values()]
  }
}

function placeIn(increments: Map<string, Increment>, beginsMs: number, key: string): Increment {
  const place = `${beginsMs} ${key}`
  const known = increments.get(place)
  if (known) return known
  const made = { beginsMs, key, tally: new Tally(true) }
  increments.set(place, made)
  return made
}
