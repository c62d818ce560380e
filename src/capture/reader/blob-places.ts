/** Where in a file a blob's frame stands. */
export interface BlobPlace {
  offset: number
  /** Of the whole frame. */
  bytes: number
}

const firstSlots = 256
/** How full it may be, of 16. */
const maxLoad = 11

/**
 * The places of all blobs of one file by their ids, in 20 bytes a slot: a gigabyte's file may have a million.
 * Keeps half of an id; who reads a blob compares its content with the whole.
 */
export class BlobPlaces {
  #size = 0
  #slots = firstSlots
  /** Nobody can write a file whose ids all fall into one place. */
  readonly #seed = Math.floor(Math.random() * 2 ** 32)
  readonly #factor = Math.floor(Math.random() * 2 ** 32) | 1
  #keys = new Uint32Array(2 * firstSlots)
  /** Of the frame, and 1: 0 is an empty slot. */
  #offsets = new Float64Array(firstSlots)
  #bytes = new Uint32Array(firstSlots)

  /** The last place of a blob that stands in several. */
  set(id: Uint8Array, offset: number, bytes: number): void {
    if (this.#size * 16 >= this.#slots * maxLoad) this.#grow()
    this.#put(word(id, 0), word(id, 4), offset + 1, bytes)
  }

  has(id: Uint8Array): boolean {
    return this.#offsets[this.#slotOf(word(id, 0), word(id, 4))] !== 0
  }

  get(id: Uint8Array): BlobPlace | null {
    const slot = this.#slotOf(word(id, 0), word(id, 4))
    const offset = this.#offsets[slot] ?? 0
    return offset === 0 ? null : { offset: offset - 1, bytes: this.#bytes[slot] ?? 0 }
  }

  /** Where it is, or where it would be put. */
  #slotOf(high: number, low: number): number {
    const mask = this.#slots - 1
    const mixed = Math.imul((high ^ this.#seed) + Math.imul(low, this.#factor), 0x9e3779b1)
    for (let slot = (mixed ^ (mixed >>> 15)) & mask; ; slot = (slot + 1) & mask) {
      if (this.#offsets[slot] === 0) return slot
      if (this.#keys[2 * slot] === high && this.#keys[2 * slot + 1] === low) return slot
    }
  }

  #put(high: number, low: number, offset: number, bytes: number): void {
    const slot = this.#slotOf(high, low)
    if (this.#offsets[slot] === 0) this.#size++
    this.#keys[2 * slot] = high
    this.#keys[2 * slot + 1] = low
    this.#offsets[slot] = offset
    this.#bytes[slot] = bytes
  }

  #grow(): void {
    const [keys, offsets, bytes] = [this.#keys, this.#offsets, this.#bytes]
    this.#slots *= 2
    this.#size = 0
    this.#keys = new Uint32Array(2 * this.#slots)
    this.#offsets = new Float64Array(this.#slots)
    this.#bytes = new Uint32Array(this.#slots)
    for (let slot = 0; slot < offsets.length; slot++) {
      const offset = offsets[slot] ?? 0
      if (offset > 0) this.#put(keys[2 * slot] ?? 0, keys[2 * slot + 1] ?? 0, offset, bytes[slot] ?? 0)
    }
  }
}

function word(id: Uint8Array, at: number): number {
  const high = ((id[at] ?? 0) << 24) | ((id[at + 1] ?? 0) << 16)
  return (high | ((id[at + 2] ?? 0) << 8) | (id[at + 3] ?? 0)) >>> 0
}
