/** A power of two. With `longest`: 140 kB, whatever the texts are. */
const places = 4096
/** In bytes; nearly all words that come again are shorter. */
const longest = 32

/** Counts of words seen lately, each in a place that its bytes decide: the one before it there is forgotten. */
export class WordMemo {
  readonly #bytes = new Uint8Array(places * longest)
  readonly #lengths = new Uint8Array(places)
  /** Never more than a word's bytes. */
  readonly #counts = new Uint8Array(places)

  /** 0: not known. */
  get(place: number, bytes: Uint8Array, from: number, to: number): number {
    const length = to - from
    if (this.#lengths[place] !== length) return 0
    const start = place * longest
    for (let i = 0; i < length; i++) if (this.#bytes[start + i] !== bytes[from + i]) return 0
    return this.#counts[place] as number
  }

  set(place: number, bytes: Uint8Array, from: number, to: number, count: number): void {
    const length = to - from
    if (length > longest) return
    for (let i = 0; i < length; i++) this.#bytes[place * longest + i] = bytes[from + i] as number
    this.#lengths[place] = length
    this.#counts[place] = count
  }

  placeOf(bytes: Uint8Array, from: number, to: number): number {
    let hash = 0x811c9dc5
    for (let i = from; i < to; i++) hash = Math.imul(hash ^ (bytes[i] as number), 0x01000193)
    return (hash ^ (hash >>> 15)) & (places - 1)
  }
}
