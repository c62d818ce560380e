import type { ByteRanks } from './byte-ranks.ts'
import { WordMemo } from './word-memo.ts'

const noRank = 0x7fffffff

/** Counts the tokens of words; what it works on is kept from one to the next. */
export class BytePairMerge {
  readonly #ranks: ByteRanks
  readonly #memo = new WordMemo()
  /** Where each part of the word begins, and where the word ends. */
  #starts = new Int32Array(0)
  /** Of each part together with the one behind it. */
  #pairRanks = new Int32Array(0)

  constructor(ranks: ByteRanks) {
    this.#ranks = ranks
  }

  /** Tokens of the word in `bytes`. */
  count(bytes: Uint8Array, from: number, to: number): number {
    if (to - from === 1 || this.#ranks.rankOf(bytes, from, to) >= 0) return 1
    const place = this.#memo.placeOf(bytes, from, to)
    const known = this.#memo.get(place, bytes, from, to)
    if (known > 0) return known
    const count = this.#merged(bytes, from, to)
    this.#memo.set(place, bytes, from, to, count)
    return count
  }

  /** Parts of the lowest rank are merged until no two together are a token. */
  #merged(bytes: Uint8Array, from: number, to: number): number {
    let parts = this.#split(from, to)
    for (let i = 0; i < parts; i++) this.#rank(bytes, i, parts)
    while (parts > 1) {
      const lowest = this.#lowest(parts)
      if (lowest < 0) break
      this.#starts.copyWithin(lowest + 1, lowest + 2, parts + 1)
      this.#pairRanks.copyWithin(lowest + 1, lowest + 2, parts)
      parts--
      this.#rank(bytes, lowest, parts)
      if (lowest > 0) this.#rank(bytes, lowest - 1, parts)
    }
    return parts
  }

  #split(from: number, to: number): number {
    const length = to - from
    if (this.#starts.length <= length) {
      this.#starts = new Int32Array(2 * length + 2)
      this.#pairRanks = new Int32Array(2 * length + 2)
    }
    for (let i = 0; i <= length; i++) this.#starts[i] = from + i
    return length
  }

  #rank(bytes: Uint8Array, part: number, parts: number): void {
    const start = this.#starts[part] as number
    const rank = part + 1 < parts ? this.#ranks.rankOf(bytes, start, this.#starts[part + 2] as number) : -1
    this.#pairRanks[part] = rank < 0 ? noRank : rank
  }

  /** Which part to merge with the next, the first of equals. */
  #lowest(parts: number): number {
    let least = noRank
    let lowest = -1
    for (let i = 0; i < parts; i++) {
      const rank = this.#pairRanks[i] as number
      if (rank >= least) continue
      least = rank
      lowest = i
    }
    return lowest
  }
}
