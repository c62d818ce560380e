import type { Leg } from '../../core/exchange.ts'
import type { BodyRecord, HeadRecord, LegEndRecord } from '../format/records.ts'
import type { CaptureItem, ResolvedBody } from '../reader/items.ts'
import { BodyChunks } from './body-chunks.ts'
import { HeaderPairs } from './header-pairs.ts'
import { JoinedLeg } from './leg.ts'
import type { LegView } from './view.ts'

type Place = Pick<CaptureItem, 'entry' | 'wallNs'>

/** What a leg and a header take beside their texts, about. */
const legBytes = 1000
const headerBytes = 100

const pairs = new HeaderPairs()

/** One leg while its records come. */
export class LegBuilder {
  readonly #leg: JoinedLeg
  readonly #chunks = new BodyChunks()
  #headBytes = legBytes
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
    leg.headers = record.hd.map(([name, value]) => pairs.pair(leg.leg, name, value))
    leg.headAtNs = wallNs
    leg.headEntry = entry
    for (const [name, value] of record.hd) this.#headBytes += headerBytes + name.length + value.length
  }

  body(record: BodyRecord, item: CaptureItem): void {
    const body = item.body()
    const before = this.#chunks.length
    this.#take(record, item, body)
    const forgotten = this.#chunks.isForgotten ? this.#chunks.length - before : 0
    this.#leg.missing += body.missing + forgotten
  }

  #take(record: BodyRecord, { wallNs, entry }: Place, body: ResolvedBody): void {
    const chunks = this.#chunks
    if (record.more && chunks.count > 0 && record.n === this.#next - 1) {
      chunks.extend(body.bytes)
      chunks.miss(body.missing)
      return
    }
    // Each chunk that is not there had a byte at least.
    const lost = Math.max(0, record.n - this.#next)
    this.#leg.missing += lost
    this.#next = record.n + 1
    if (body.parts && chunks.count === 0) chunks.addParts(body.parts, wallNs, entry)
    else chunks.add(body.bytes, wallNs, entry)
    chunks.miss(body.missing + lost)
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

  /** `like`: another one, which may have the same body. Nothing more comes. */
  view(like: LegBuilder | null = null): LegView {
    this.#chunks.close(like ? like.#chunks : null)
    return this.#leg
  }
}
