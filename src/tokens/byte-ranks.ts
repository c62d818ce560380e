import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'

/** A power of two: some two and a half places for each token. */
const places = 1 << 19
const endOfLine = 0x0a
const space = 0x20
const padding = 0x3d
const bytesInBase64 = 4 / 3

/**
 * The tokens of an encoding as bytes, in the order of their ranks. All of them lie in four typed arrays: 200,000
 * strings in a map take ten times the memory, and every look-up would have to make one more.
 */
export class ByteRanks {
  readonly #bytes: Uint8Array
  /** Where each token's bytes begin; one more at the end. */
  readonly #starts: Uint32Array
  /** By hash: a rank and 1, 0 for none. */
  readonly #byHash = new Int32Array(places)
  /** The same of pairs, by their two bytes, for they are asked for most. */
  readonly #pairs = new Int32Array(1 << 16)
  #longest = 0

  /** `lines`: tokens in base64 with their ranks, sorted, as OpenAI publishes them. */
  constructor(lines: Uint8Array) {
    const tokens = tokensIn(lines)
    this.#starts = new Uint32Array(tokens + 1)
    const bytes = new Uint8Array(Math.ceil(lines.length / bytesInBase64))
    this.#bytes = bytes.slice(0, this.#read(lines, bytes))
    for (let rank = 0; rank < tokens; rank++) this.#enter(rank)
  }

  /** Which bytes are merged first: those of the lowest rank. Negative: they are no token. */
  rankOf(bytes: Uint8Array, from: number, to: number): number {
    const length = to - from
    if (length === 2)
      return (this.#pairs[((bytes[from] as number) << 8) | (bytes[from + 1] as number)] as number) - 1
    if (length > this.#longest) return -1
    let place = hashOf(bytes, from, to)
    for (let entry = this.#byHash[place] as number; entry !== 0; entry = this.#byHash[place] as number) {
      if (this.#isToken(entry - 1, bytes, from, length)) return entry - 1
      place = (place + 1) & (places - 1)
    }
    return -1
  }

  #isToken(rank: number, bytes: Uint8Array, from: number, length: number): boolean {
    const start = this.#starts[rank] as number
    if ((this.#starts[rank + 1] as number) - start !== length) return false
    for (let i = 0; i < length; i++) if (this.#bytes[start + i] !== bytes[from + i]) return false
    return true
  }

  /** Decodes each line's token to `bytes` and gives how many those are. */
  #read(lines: Uint8Array, bytes: Uint8Array): number {
    let [rank, end, bits, held, isToken] = [0, 0, 0, 0, true]
    for (const byte of lines) {
      if (byte === endOfLine) {
        this.#starts[++rank] = end
        bits = held = 0
        isToken = true
      } else if (byte === space) isToken = false
      else if (isToken && byte !== padding) {
        held = (held << 6) | sextet(byte)
        bits += 6
        if (bits < 8) continue
        bits -= 8
        bytes[end++] = held >> bits
        held &= (1 << bits) - 1
      }
    }
    this.#starts.fill(end, rank + 1)
    return end
  }

  #enter(rank: number): void {
    const from = this.#starts[rank] as number
    const to = this.#starts[rank + 1] as number
    if (from === to) return
    this.#longest = Math.max(this.#longest, to - from)
    if (to - from === 2)
      this.#pairs[((this.#bytes[from] as number) << 8) | (this.#bytes[from + 1] as number)] = rank + 1
    let place = hashOf(this.#bytes, from, to)
    while (this.#byHash[place] !== 0) place = (place + 1) & (places - 1)
    this.#byHash[place] = rank + 1
  }
}

/** OpenAI's o200k encoding. Takes a tenth of a second. */
export function o200kRanks(): ByteRanks {
  const file = createRequire(import.meta.url).resolve('gpt-tokenizer/data/o200k_base.tiktoken')
  return new ByteRanks(readFileSync(file))
}

/** FNV-1a, whose lower bits are stirred once more. */
function hashOf(bytes: Uint8Array, from: number, to: number): number {
  let hash = 0x811c9dc5
  for (let i = from; i < to; i++) hash = Math.imul(hash ^ (bytes[i] as number), 0x01000193)
  return (hash ^ (hash >>> 15)) & (places - 1)
}

function sextet(byte: number): number {
  if (byte >= 0x61) return byte - 0x61 + 26
  if (byte >= 0x41) return byte - 0x41
  if (byte >= 0x30) return byte - 0x30 + 52
  return byte === 0x2b ? 62 : 63
}

function tokensIn(lines: Uint8Array): number {
  let tokens = 1
  for (const byte of lines) if (byte === endOfLine) tokens++
  return tokens
}
