import type { Redactor } from '../../../core/secrets/redactor.ts'
import type { Secrets } from '../../../core/secrets/secrets.ts'
import type { BodyRecord, LegNumber } from '../../format/records.ts'
import type { CaptureItem } from '../items.ts'
import { ContentDecoder, type ContentEncoding, encodingOf } from './content-decoding.ts'
import { itemOf, type Stamp } from './stamp.ts'

/** Bytes of an entry, as far as they could be inflated. */
export interface V2Bytes {
  bytes: Uint8Array
  lost: number
}

interface WaitingChunk {
  stamp: Stamp
  record: BodyRecord
}

/**
 * One leg of an exchange of the original, or of one of its attempts: decodes and redacts its chunks, each of which
 * keeps its place and time. A chunk whose end may be the beginning of a secret comes with a later one.
 */
export class V2Leg {
  /** Chunks come; their end is told, or is never known. */
  isStream = false
  hasEnded = false
  hasHead = false
  chunks = 0
  lastStamp: Stamp | null = null
  readonly number: LegNumber
  readonly #place: { x: string; l: LegNumber; a?: number }
  readonly #redactor: Redactor
  #encoding: ContentEncoding | null = null
  #decoder: ContentDecoder | null = null
  #waiting: WaitingChunk[] = []
  #nextNumber = 0
  #bytes = 0

  constructor(exchange: string, number: LegNumber, attempt: number | null, secrets: Secrets) {
    this.number = number
    this.#place = { x: exchange, l: number, ...(attempt === null ? {} : { a: attempt }) }
    this.#redactor = secrets.redactor()
  }

  get place(): { x: string; l: LegNumber; a?: number } {
    return this.#place
  }

  /** `index` where the entry says which chunk it is, from 0. */
  async chunk({ bytes, lost }: V2Bytes, stamp: Stamp, index: number | null): Promise<CaptureItem[]> {
    if (this.#nextNumber === 0 && bytes.length > 0) this.#begin(bytes)
    const decoded = this.#decoder ? await this.#decoder.push(bytes) : bytes
    const omitted = lost + (decoded === null ? bytes.length : 0)
    const n = index ?? this.#nextNumber
    this.#nextNumber = n + 1
    this.chunks++
    this.#bytes += bytes.length + lost
    this.lastStamp = stamp
    const record: BodyRecord = { k: 'b', ...this.#place, n, t: stamp.t, d: [] }
    if (omitted > 0) record.omitted = omitted
    if (decoded === null && this.#encoding) record.enc = this.#encoding
    this.#waiting.push({ stamp, record })
    return this.#released(this.#redactor.push(decoded ?? new Uint8Array(0)))
  }

  /** What was held back; with the leg's end where `at` says when that was. */
  end(at: Stamp | null): CaptureItem[] {
    const items = this.#released(this.#redactor.end())
    this.#decoder?.close()
    if (at === null || this.hasEnded) return items
    this.hasEnded = true
    const bytes = this.#bytes
    items.push(itemOf(at, { k: 'e', ...this.#place, t: at.t, why: 'eof', bytes, n: this.chunks }))
    return items
  }

  #begin(first: Uint8Array): void {
    this.#encoding = encodingOf(first)
    if (this.#encoding) this.#decoder = new ContentDecoder(this.#encoding)
  }

  #released(chunks: readonly Uint8Array[]): CaptureItem[] {
    return this.#waiting.splice(0, chunks.length).map(({ stamp, record }, i) => {
      const bytes = chunks[i]
      return itemOf(stamp, { ...record, d: bytes && bytes.length > 0 ? [bytes] : [] })
    })
  }
}
