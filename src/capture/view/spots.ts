import type { Spot } from './reading.ts'
import type { LegView } from './view.ts'

/** Finds where in a leg an offset of its joined body stands. */
export class Spots {
  readonly #leg: LegView
  /** Where each chunk begins. */
  readonly #starts: number[] = []

  constructor(leg: LegView) {
    this.#leg = leg
    let at = 0
    for (const { bytes } of leg.chunks) {
      this.#starts.push(at)
      at += bytes.length
    }
  }

  /** Of the byte at this offset; past the end, of the last chunk; of a leg without a body, its head. */
  at(offset: number): Spot {
    const chunk = this.#leg.chunks[this.#indexOf(offset)]
    if (chunk) return { offset, entry: chunk.entry, atNs: chunk.atNs }
    const { headAtNs, headEntry, end } = this.#leg
    return { offset: 0, entry: headEntry ?? end?.entry ?? 0, atNs: headAtNs ?? end?.atNs ?? 0 }
  }

  /** The last chunk that begins at or before the offset; empty ones are passed over. */
  #indexOf(offset: number): number {
    let low = 0
    let high = this.#starts.length - 1
    while (low < high) {
      const middle = (low + high + 1) >> 1
      if ((this.#starts[middle] ?? 0) <= offset) low = middle
      else high = middle - 1
    }
    return low
  }
}
