/** Writes whole numbers in as few bytes as they need (LEB128), growing as it goes. */
export class ByteWriter {
  #bytes = new Uint8Array(256)
  #length = 0

  /** From 0 to 2^53 − 1. */
  whole(value: number): void {
    let rest = value
    while (rest > 127) {
      this.#byte((rest % 128) + 128)
      rest = Math.floor(rest / 128)
    }
    this.#byte(rest)
  }

  signed(value: number): void {
    this.whole(value < 0 ? -2 * value - 1 : 2 * value)
  }

  bytes(some: Uint8Array): void {
    this.#need(some.length)
    this.#bytes.set(some, this.#length)
    this.#length += some.length
  }

  result(): Uint8Array {
    return this.#bytes.slice(0, this.#length)
  }

  #byte(value: number): void {
    this.#need(1)
    this.#bytes[this.#length++] = value
  }

  #need(more: number): void {
    if (this.#length + more <= this.#bytes.length) return
    const grown = new Uint8Array(Math.max(this.#bytes.length * 2, this.#length + more))
    grown.set(this.#bytes)
    this.#bytes = grown
  }
}

/** Reads what `ByteWriter` wrote. Throws RangeError where the bytes end too early. */
export class ByteReader {
  readonly #bytes: Uint8Array
  #at = 0

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes
  }

  whole(): number {
    let value = 0
    let factor = 1
    for (;;) {
      const byte = this.#bytes[this.#at++]
      if (byte === undefined) throw new RangeError('the bytes of a roll-up are cut')
      if (byte < 128) return value + byte * factor
      value += (byte - 128) * factor
      factor *= 128
    }
  }

  signed(): number {
    const value = this.whole()
    return value % 2 === 0 ? value / 2 : -(value + 1) / 2
  }

  bytes(length: number): Uint8Array {
    const end = this.#at + length
    if (end > this.#bytes.length) throw new RangeError('the bytes of a roll-up are cut')
    const some = this.#bytes.subarray(this.#at, end)
    this.#at = end
    return some
  }
}
