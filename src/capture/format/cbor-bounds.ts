/** Why an item has no bounds: the bytes end before it does, or it is not what is read here. */
export type BoundsFault = 'short' | 'malformed'

const maxDepth = 16
/** Of one item with all that is in it: 64 MiB of empty arrays must not become gigabytes. */
const maxItems = 1 << 20

/**
 * Where one CBOR item (RFC 8949) ends, found by its heads alone, in bytes that nobody vouches for. By hand for two
 * reasons: cbor-x does not tell where an item in a stream ends, and it bounds neither depth nor number of items
 * nor what tags make it do (bignums in quadratic time, its own records, tables and references). Never throws. Indefinite
 * lengths are malformed: no writer of captures makes them.
 */
export class CborBounds {
  fault: BoundsFault | null = null
  /** Behind the item; nothing certain after a fault. */
  end: number
  /** After a fault `short`: so far the bytes must reach at least. */
  neededEnd = 0
  /** Where tags stand in the item: the beginning and the end of each. */
  readonly tags: number[] = []
  readonly #bytes: Buffer
  readonly #limit: number
  #itemsLeft = maxItems

  /** Of the item that begins at `start`; nothing is read from `limit` on. */
  constructor(bytes: Buffer, start: number, limit: number) {
    this.#bytes = bytes
    this.end = start
    this.#limit = limit
    this.#item(0)
  }

  #item(depth: number): void {
    if (--this.#itemsLeft < 0 || depth > maxDepth) return this.#malformed()
    const start = this.end
    if (start >= this.#limit) return this.#short(start + 1)
    const initial = this.#bytes[start] ?? 0
    const major = initial >> 5
    const minor = initial & 31
    const argument = this.#argument(minor)
    if (this.fault !== null || major < 2) return
    if (major < 4) return this.#take(argument)
    if (major === 4) return this.#items(argument, depth)
    if (major === 5) return this.#items(argument * 2, depth)
    if (major === 6) {
      this.tags.push(start, this.end)
      return this.#item(depth + 1)
    }
    // Booleans, null, undefined and floats.
    if (minor < 20 || minor === 24) this.#malformed()
  }

  #items(count: number, depth: number): void {
    if (count > this.#itemsLeft) return this.#malformed()
    // Each has a byte at least.
    if (count > this.#limit - this.end) return this.#short(this.end + count)
    for (let i = 0; i < count && this.fault === null; i++) this.#item(depth + 1)
  }

  /** Passes over the head at `end`; of those with 64 bits, a length beyond 2^53 is about right. */
  #argument(minor: number): number {
    const at = this.end + 1
    if (minor > 27) this.#malformed()
    this.#take(minor < 24 ? 1 : 1 + (1 << (minor - 24)))
    if (this.fault !== null || minor < 24) return minor
    if (minor === 24) return this.#bytes[at] ?? 0
    if (minor === 25) return this.#bytes.readUInt16BE(at)
    const high = this.#bytes.readUInt32BE(at)
    return minor === 26 ? high : high * 2 ** 32 + this.#bytes.readUInt32BE(at + 4)
  }

  #take(length: number): void {
    if (length > this.#limit - this.end) return this.#short(this.end + length)
    this.end += length
  }

  #short(neededEnd: number): void {
    this.neededEnd = neededEnd
    this.fault ??= 'short'
  }

  #malformed(): void {
    this.fault = 'malformed'
  }
}
