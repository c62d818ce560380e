import type { Cursor, PageQuery } from '../store.ts'

export type Order = PageQuery['order']

function compare(a: Cursor, b: Cursor): number {
  if (a.atMs !== b.atMs) return a.atMs - b.atMs
  return a.id < b.id ? -1 : a.id > b.id ? 1 : 0
}

/** Values by their places, which come nearly in order. */
export class Ordered<T> {
  readonly #places: Cursor[]
  readonly #values: T[]

  constructor(placed: Iterable<{ place: Cursor; value: T }> = []) {
    const sorted = [...placed].sort((a, b) => compare(a.place, b.place))
    this.#places = sorted.map(({ place }) => place)
    this.#values = sorted.map(({ value }) => value)
  }

  get size(): number {
    return this.#values.length
  }

  get all(): readonly T[] {
    return this.#values
  }

  add(place: Cursor, value: T): void {
    const at = this.#first(place)
    this.#places.splice(at, 0, place)
    this.#values.splice(at, 0, value)
  }

  /** The oldest of them, taken out. */
  takeOldest(count: number): T[] {
    this.#places.splice(0, count)
    return this.#values.splice(0, count)
  }

  /** Takes out those before. */
  takeBefore(beforeMs: number): T[] {
    return this.takeOldest(this.#first({ atMs: beforeMs, id: '' }))
  }

  has(place: Cursor): boolean {
    const found = this.#places[this.#first(place)]
    return found !== undefined && compare(found, place) === 0
  }

  /** A copy of those behind a place, as they are now; null: of all. */
  behind(place: Cursor | null, order: Order): T[] {
    if (order === 'newest') return this.#values.slice(0, place ? this.#first(place) : undefined).reverse()
    if (place === null) return this.#values.slice()
    return this.#values.slice(this.#first(place) + (this.has(place) ? 1 : 0))
  }

  /** Those whose id begins so, newest first. */
  named(beginning: string): T[] {
    return this.#values.filter((_value, at) => this.#places[at]?.id.startsWith(beginning)).reverse()
  }

  /** Index of the first at or behind a place. */
  #first(place: Cursor): number {
    const last = this.#places.at(-1)
    if (last === undefined || compare(last, place) < 0) return this.size
    let low = 0
    let high = this.size
    while (low < high) {
      const middle = (low + high) >> 1
      if (compare(this.#places[middle] as Cursor, place) < 0) low = middle + 1
      else high = middle
    }
    return low
  }
}

/** Two sequences that are in this order, as one that is. */
export function* merged<T>(
  one: Iterable<T>,
  other: Iterable<T>,
  placeOf: (value: T) => Cursor,
  order: Order,
): Generator<T> {
  const sign = order === 'oldest' ? 1 : -1
  const others = other[Symbol.iterator]()
  try {
    let next = others.next()
    for (const value of one) {
      while (!next.done && sign * compare(placeOf(next.value), placeOf(value)) < 0) {
        yield next.value
        next = others.next()
      }
      yield value
    }
    for (; !next.done; next = others.next()) yield next.value
  } finally {
    others.return?.()
  }
}
