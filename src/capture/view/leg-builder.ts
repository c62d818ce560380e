import type { Leg } from '../../core/exchange.ts'
import type { BodyRecord, HeadRecord, LegEndRecord } from '../format/records.ts'
import type { CaptureItem } from '../reader/items.ts'
import { BodyChunks } from './body-chunks.ts'
import { JoinedLeg } from './leg.ts'
import type { LegView } from './view.ts'

type Place = Pick<CaptureItem, 'entry' | 'wallNs'>

/** What a header takes beside its characters, about. */
const headerBytes = 100

/** What a leg takes beside its head and its body, about. */
const legBytes = 1000

/** One leg while its records come. */
export class LegBuilder {
  #headBytes = legBytes
  readonly #leg: JoinedLeg
  readonly #chunks = new BodyChunks()
  /** The number that the next chunk must have for nothing to be lost. */
  #next = 0

  constructor(leg: Leg, attempt: number | null) {
    this.#leg = new JoinedLeg(leg, attempt, this.#chunks)
  }

  /** Of memory, about. */
  get bytes(): number {
    return this.#headBytes + this.#chunks.size
  }

  head(record: HeadRecord, { entry, wallNs }: Place): void {
    const leg = this.#leg
    leg.method = record.m ?? null
    leg.url = record.u ?? null
    leg.status = record.st ?? null
    leg.headers = record.hd.map(([name, value]) => [name.toLowerCase(), value])
    leg.headAtNs = wallNs
    leg.headEntry = entry
    for (const [name, value] of record.hd) this.#headBytes += headerBytes + name.length + value.length
  }

  body(record: BodyRecord, item: CaptureItem): void {
    const { bytes, missing } = item.body()
    const chunks = this.#chunks
    this.#leg.missing += missing + (chunks.isForgotten ? bytes.length : 0)
    if (record.more && chunks.count > 0 && record.n === this.#next - 1) {
      chunks.extend(bytes)
      chunks.miss(missing)
      return
    }
    // Each chunk that is not there had a byte at least.
    const lost = Math.max(0, record.n - this.#next)
    this.#leg.missing += lost
    this.#next = record.n + 1
    chunks.add(bytes, item.wallNs, item.entry)
    chunks.miss(missing + lost)
    // Behind a loss nothing can be decoded, whatever its encoding.
    if (lost === 0 && record.enc !== undefined) chunks.encoded(record.enc)
  }

  /** The body must make room. What was read of such a leg proves nothing, as of one that the capture lost a part of. */
  forgetBody(): void {
    if (this.#chunks.isForgotten) return
    this.#leg.missing += this.#chunks.length
    this.#chunks.forget()
  }

  end(record: LegEndRecord, { entry, wallNs: atNs }: Place): void {
    this.#leg.missing += Math.max(0, record.n - this.#next)
    this.#leg.end = { why: record.why, atNs, entry, error: record.err ?? null }
  }

  view(): LegView {
    return this.#leg
  }
}
