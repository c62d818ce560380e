/** Writes whole numbers in as few bytes as they need (LEB128), and other values between them. */
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

  /** Any number; short where it is whole, as nearly all sums are. */
  number(value: number): void {
    if (Number.isInteger(value) && value >= 0 && value < mostShort) return this.whole(value * 2)
    this.whole(1)
    this.real(value)
  }

  real(value: number): void {
    doubles.setFloat64(0, value)
    this.bytes(doubleBytes)
  }

  text(value: string): void {
    const bytes = Buffer.from(value)
    this.whole(bytes.length)
    this.bytes(bytes)
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
  readonly #bytes: Buffer
  #at = 0

  constructor(bytes: Uint8Array) {
    this.#bytes = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  }

  /** Nearly all have one byte or two: these are read apart from longer ones. */
  whole(): number {
    const bytes = this.#bytes
    const first = bytes[this.#at++]
    if (first === undefined) throw cut()
    if (first < 128) return first
    const second = bytes[this.#at++]
    if (second === undefined) throw cut()
    if (second < 128) return first - 128 + second * 128
    return first - 128 + (second - 128) * 128 + this.#longer()
  }

  signed(): number {
    const value = this.whole()
    return value % 2 === 0 ? value / 2 : -(value + 1) / 2
  }

  number(): number {
    const value = this.whole()
    return value === 1 ? this.real() : value / 2
  }

  real(): number {
    return this.#bytes.readDoubleBE(this.#skip(8))
  }

  text(): string {
    const length = this.whole()
    const at = this.#skip(length)
    return this.#bytes.toString('utf8', at, at + length)
  }

  bytes(length: number): Uint8Array {
    const at = this.#skip(length)
    return this.#bytes.subarray(at, at + length)
  }

  /** Where the next bytes begin, which are then behind. */
  #skip(length: number): number {
    const at = this.#at
    if (at + length > this.#bytes.length) throw cut()
    this.#at = at + length
    return at
  }

  #longer(): number {
    let value = 0
    for (let factor = 16_384; ; factor *= 128) {
      const byte = this.#bytes[this.#at++]
      if (byte === undefined) throw cut()
      if (byte < 128) return value + byte * factor
      value += (byte - 128) * factor
    }
  }
}

/** Doubled it must stay whole. */
const mostShort = 2 ** 52
const doubleBytes = new Uint8Array(8)
const doubles = new DataView(doubleBytes.buffer)

function cut(): RangeError {
  return new RangeError('the bytes of a roll-up are cut')
}
