import type { Leg } from '../../core/exchange.ts'
import type { BodyRecord, HeadRecord, LegEndRecord } from '../format/records.ts'
import type { CaptureItem } from '../reader/items.ts'
import { type LegParts, legView } from './leg.ts'
import type { Chunk, LegView } from './view.ts'

type Item<R> = Omit<CaptureItem, 'record'> & { record: R }

/** One leg while its records come. */
export class LegBuilder {
  bytes = 0
  readonly #parts: LegParts
  readonly #chunks: Chunk[] = []
  /** The number that the next chunk must have for nothing to be lost. */
  #next = 0

  constructor(leg: Leg, attempt: number | null) {
    this.#parts = {
      ...{
        leg,
        attempt,
        method: null,
        url: null,
        status: null,
        headers: [],
        headAtNs: null,
        headEntry: null,
      },
      ...{ chunks: this.#chunks, end: null, missing: 0 },
    }
  }

  head({ entry, wallNs, record }: Item<HeadRecord>): void {
    const parts = this.#parts
    parts.method = record.m ?? null
    parts.url = record.u ?? null
    parts.status = record.st ?? null
    parts.headers = record.hd.map(([name, value]) => [name.toLowerCase(), value])
    parts.headAtNs = wallNs
    parts.headEntry = entry
  }

  body(item: Item<BodyRecord>): void {
    const { record, entry, wallNs: atNs } = item
    const { bytes, missing } = item.body()
    const last = this.#chunks.at(-1)
    this.#parts.missing += missing
    this.bytes += bytes.length
    if (record.more && last && record.n === this.#next - 1) {
      const joined = Buffer.concat([last.bytes, bytes])
      this.#chunks[this.#chunks.length - 1] = { ...last, bytes: joined, missing: last.missing + missing }
      return
    }
    // Each chunk that is not there had a byte at least.
    const lost = Math.max(0, record.n - this.#next)
    this.#parts.missing += lost
    this.#next = record.n + 1
    // Behind a loss nothing can be decoded, whatever its encoding.
    const enc = lost === 0 ? record.enc : undefined
    this.#chunks.push({ atNs, bytes, entry, missing: missing + lost, ...(enc !== undefined && { enc }) })
  }

  end({ record, entry, wallNs: atNs }: Item<LegEndRecord>): void {
    this.#parts.missing += Math.max(0, record.n - this.#next)
    this.#parts.end = { why: record.why, atNs, entry, error: record.err ?? null }
  }

  view(): LegView {
    return legView(this.#parts)
  }
}
