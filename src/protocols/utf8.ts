import { StringDecoder } from 'node:string_decoder'

/** Turns the bytes of one stream into text; characters may be split between chunks, a leading BOM is dropped. */
export class Utf8Reader {
  readonly #decoder = new StringDecoder('utf8')
  #whole = true
  #begun = false

  /** Whether everything read so far is surely whole characters: it ended in an ASCII byte. */
  get whole(): boolean {
    return this.#whole
  }

  read(bytes: Uint8Array): string {
    if (bytes.length === 0) return ''
    const buffer = asBuffer(bytes)
    const endsWhole = (bytes[bytes.length - 1] ?? 0) < 0x80
    // The decoder with memory is only needed while a character may be split.
    const text = this.#whole && endsWhole ? buffer.toString('utf8') : this.#decoder.write(buffer)
    this.#whole = endsWhole
    if (this.#begun || text === '') return text
    this.#begun = true
    return text.charCodeAt(0) === 0xfeff ? text.slice(1) : text
  }
}

function asBuffer(bytes: Uint8Array): Buffer {
  return Buffer.isBuffer(bytes) ? bytes : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
}
