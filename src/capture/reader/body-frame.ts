import type { BodyPart, BodyRecord, LegNumber } from '../format/records.ts'

/** Of more the general way looks whether they are too many. */
const mostParts = 100_000
const mostBlobBytes = 64 * 1024 * 1024
const mostAttempts = 1_000_000
const blobIdBytes = 16
/** Ids that are longer are read in the general way. */
const mostIdBytes = 23
/** Of ids that were read last; their number is a power of two. */
const knownIds = 64

/**
 * Reads `b` records as this program writes them, which nearly all records of a capture are: each is gone through once and
 * nothing but what it holds is made. What stands there in any other way, valid or not, is not for it.
 */
export class BodyFrames {
  readonly #ids: string[] = new Array(knownIds).fill('')
  #bytes: Buffer = Buffer.alloc(0)
  #at = 0
  #end = 0
  // The members as they come; negative or null: not yet.
  #x: string | null = null
  #l = -1
  #a = -1
  #n = -1
  #t = -1
  #d: BodyPart[] | null = null

  /** The record whose payload stands from `start` to before `end`; null: it is to be read in the general way. */
  read(bytes: Buffer, start: number, end: number): BodyRecord | null {
    const members = (bytes[start] ?? 0) - 0xa0
    if (members < 6 || members > 23 || end - start < 16) return null
    // The first member is `k: 'b'`.
    if (bytes.readUInt32BE(start + 1) !== 0x616b6162) return null
    this.#bytes = bytes
    this.#at = start + 5
    this.#end = end
    this.#x = null
    this.#l = -1
    this.#a = -1
    this.#n = -1
    this.#t = -1
    this.#d = null
    for (let member = 1; member < members; member++) if (!this.#member()) return null
    return this.#record()
  }

  #record(): BodyRecord | null {
    const x = this.#x
    const l = this.#l as LegNumber
    const a = this.#a
    const n = this.#n
    const t = this.#t
    const d = this.#d
    if (this.#at !== this.#end || x === null || d === null || l < 0 || n < 0 || t < 0) return null
    return a < 0 ? { k: 'b', x, l, n, t, d } : { k: 'b', x, l, a, n, t, d }
  }

  /** False where it is none of those that are read here. */
  #member(): boolean {
    const bytes = this.#bytes
    const key = bytes[this.#at] === 0x61 ? bytes[this.#at + 1] : undefined
    this.#at += 2
    switch (key) {
      case 0x78: // x
        this.#x = this.#id()
        return this.#x !== null
      case 0x6c: // l
        this.#l = this.#integer()
        return this.#l >= 0 && this.#l <= 3
      case 0x61: // a
        this.#a = this.#integer()
        return this.#a >= 1 && this.#a <= mostAttempts
      case 0x6e: // n
        this.#n = this.#integer()
        return this.#n >= 0
      case 0x74: // t
        this.#t = this.#integer()
        return this.#t >= 0
      case 0x64: // d
        this.#d = this.#parts()
        return this.#d !== null
      default:
        return false
    }
  }

  /** Not negative; -1 where none stands there. */
  #integer(): number {
    const bytes = this.#bytes
    const at = this.#at
    const head = bytes[at] ?? 0xff
    if (at >= this.#end) return -1
    if (head < 24) {
      this.#at = at + 1
      return head
    }
    const length = head < 0x1c ? 1 << (head - 0x18) : 0
    const end = at + 1 + length
    if (length === 0 || end > this.#end) return -1
    this.#at = end
    if (length === 1) return bytes[at + 1] ?? -1
    if (length === 2) return bytes.readUInt16BE(at + 1)
    const word = bytes.readUInt32BE(at + 1)
    if (length === 4) return word
    const value = word * 2 ** 32 + bytes.readUInt32BE(at + 5)
    return value <= Number.MAX_SAFE_INTEGER ? value : -1
  }

  /** Of ASCII. Nearly every record is of an exchange of which one was just read. */
  #id(): string | null {
    const bytes = this.#bytes
    const start = this.#at + 1
    const length = (bytes[this.#at] ?? 0) - 0x60
    const end = start + length
    if (length < 1 || length > mostIdBytes || end > this.#end) return null
    this.#at = end
    const place = ((bytes[end - 1] ?? 0) + 31 * (bytes[end - 2] ?? 0) + 7 * (bytes[end - 3] ?? 0)) % knownIds
    const known = this.#ids[place] ?? ''
    if (isText(bytes, start, length, known)) return known
    for (let at = start; at < end; at++) if ((bytes[at] ?? 0xff) >= 0x80) return null
    const id = bytes.toString('latin1', start, end)
    this.#ids[place] = id
    return id
  }

  #parts(): BodyPart[] | null {
    const count = this.#length(0x80)
    if (count < 0 || count > mostParts || count > this.#end - this.#at) return null
    const parts: BodyPart[] = []
    for (let i = 0; i < count; i++) {
      const part = this.#bytes[this.#at] === 0xa2 ? this.#reference() : this.#byteString()
      if (part === null) return null
      parts.push(part)
    }
    return parts
  }

  #byteString(): Uint8Array | null {
    const length = this.#length(0x40)
    const start = this.#at
    if (length < 0 || length > this.#end - start) return null
    this.#at = start + length
    return this.#bytes.subarray(start, start + length)
  }

  /** `{ref: id, len}`. */
  #reference(): BodyPart | null {
    const bytes = this.#bytes
    const at = this.#at
    if (this.#end - at < 27 || bytes.readUInt32BE(at + 1) !== 0x63726566) return null
    if (bytes[at + 5] !== 0x40 + blobIdBytes) return null
    const lengthAt = at + 6 + blobIdBytes
    if (bytes.readUInt32BE(lengthAt) !== 0x636c656e) return null
    this.#at = lengthAt + 4
    const len = this.#integer()
    if (len < 0 || len > mostBlobBytes) return null
    return { ref: bytes.subarray(at + 6, lengthAt), len }
  }

  /** Of a list (0x80) or a byte string (0x40); -1 where something else stands there. */
  #length(major: number): number {
    const bytes = this.#bytes
    const head = (bytes[this.#at] ?? 0) - major
    if (head < 0 || head > 0x1a) return -1
    if (head < 24) {
      this.#at++
      return head
    }
    const length = 1 << (head - 24)
    const at = this.#at + 1
    if (at + length > this.#end) return -1
    this.#at = at + length
    return length === 1 ? (bytes[at] ?? -1) : length === 2 ? bytes.readUInt16BE(at) : bytes.readUInt32BE(at)
  }
}

function isText(bytes: Buffer, start: number, length: number, text: string): boolean {
  if (text.length !== length) return false
  for (let i = 0; i < length; i++) if (bytes[start + i] !== text.charCodeAt(i)) return false
  return true
}
