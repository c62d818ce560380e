import { chunkLength } from './body-chunks.ts'
import type { Spot } from './reading.ts'
import type { LegView } from './view.ts'

/** Finds where in a leg an offset of its joined body stands; quickly where offsets are asked for in their order. */
export class Spots {
  readonly #leg: LegView
  /** Of each chunk: where it begins, its entry and its time. Numbers only: chunks themselves may be let go of. */
  readonly #starts: Float64Array
  readonly #entries: Float64Array
  readonly #atNs: Float64Array
  /** The chunk that was found last. */
  #last = 0

  constructor(leg: LegView) {
    this.#leg = leg
    const { chunks } = leg
    this.#starts = new Float64Array(chunks.length)
    this.#entries = new Float64Array(chunks.length)
    this.#atNs = new Float64Array(chunks.length)
    let start = 0
    for (const [number, chunk] of chunks.entries()) {
      this.#starts[number] = start
      this.#entries[number] = chunk.entry
      this.#atNs[number] = chunk.atNs
      start += chunkLength(chunk)
    }
  }

  /** Of the byte at this offset; past the end, of the last chunk; of a leg without a body, its head. */
  at(offset: number): Spot {
    const number = this.#indexOf(offset)
    const entry = this.#entries[number]
    const atNs = this.#atNs[number]
    if (entry !== undefined && atNs !== undefined) return { offset, entry, atNs }
    const { headAtNs, headEntry, end } = this.#leg
    return { offset: 0, entry: headEntry ?? end?.entry ?? 0, atNs: headAtNs ?? end?.atNs ?? 0 }
  }

  /** When the byte at this offset came. */
  atNs(offset: number): number {
    return this.at(offset).atNs
  }

  /** The last chunk that begins at or before the offset; empty ones are passed over. */
  #indexOf(offset: number): number {
    const starts = this.#starts
    let at = (starts[this.#last] ?? 0) <= offset ? this.#last : 0
    for (let steps = 0; (starts[at + 1] ?? Number.POSITIVE_INFINITY) <= offset; at++) {
      if (++steps > 4) return this.#search(offset)
    }
    this.#last = at
    return at
  }

  #search(offset: number): number {
    let low = 0
    let high = this.#starts.length - 1
    while (low < high) {
      const middle = (low + high + 1) >> 1
      if ((this.#starts[middle] ?? 0) <= offset) low = middle
      else high = middle - 1
    }
    this.#last = low
    return low
  }
}
