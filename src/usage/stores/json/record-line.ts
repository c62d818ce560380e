import type { UsageRecord } from '../../record/record.ts'
import type { Cursor } from '../store.ts'

/** Where a record stands in the order of all. */
export function placeOf(record: UsageRecord): Cursor {
  return { atMs: Date.parse(record.timestamp), id: record.id }
}

export function compare(a: Cursor, b: Cursor): number {
  if (a.atMs !== b.atMs) return a.atMs - b.atMs
  return a.id < b.id ? -1 : a.id > b.id ? 1 : 0
}

/** Records in the order of their opening, which is nearly that of their closing. */
export class OrderedRecords {
  readonly #records: UsageRecord[] = []
  readonly #places: Cursor[] = []

  get all(): readonly UsageRecord[] {
    return this.#records
  }

  add(record: UsageRecord): void {
    const place = placeOf(record)
    let at = this.#places.length
    while (at > 0 && compare(this.#places[at - 1] as Cursor, place) > 0) at--
    this.#records.splice(at, 0, record)
    this.#places.splice(at, 0, place)
  }

  /** The oldest of them, taken out. */
  takeOldest(count: number): UsageRecord[] {
    this.#places.splice(0, count)
    return this.#records.splice(0, count)
  }

  /** Takes out those that opened before. */
  takeBefore(beforeMs: number): UsageRecord[] {
    return this.takeOldest(this.#first({ atMs: beforeMs, id: '' }))
  }

  /** Index of the first record at or behind a place. */
  #first(place: Cursor): number {
    let low = 0
    let high = this.#places.length
    while (low < high) {
      const middle = (low + high) >> 1
      if (compare(this.#places[middle] as Cursor, place) < 0) low = middle + 1
      else high = middle
    }
    return low
  }

  *from(place: Cursor | null, order: 'newest' | 'oldest'): Generator<UsageRecord> {
    if (order === 'oldest') {
      for (let at = place ? this.#first(place) : 0; at < this.#records.length; at++)
        yield this.#records[at] as UsageRecord
      return
    }
    const start = place ? this.#first(place) : this.#records.length - 1
    for (let at = Math.min(start, this.#records.length - 1); at >= 0; at--)
      yield this.#records[at] as UsageRecord
  }
}
