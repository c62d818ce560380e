import type { Secrets } from '../../../core/secrets/secrets.ts'
import type { HeaderRecord } from '../../format/records.ts'
import { damageGap } from '../gaps.ts'
import type { CapturePiece } from '../items.ts'
import type { FoundDamage, FoundEntry } from '../scanned.ts'
import { dataOf, type V2Header } from './entry.ts'
import { V2Exchanges } from './exchanges.ts'
import { type Ordered, type PlacedEntry, SeqOrder } from './seq-order.ts'
import { itemOf, type Stamp } from './stamp.ts'

/** Makes of the original's entries what a reader of V3 gives; credentials in them are overwritten. */
export class V2Pieces {
  readonly #file: string
  readonly #exchanges: V2Exchanges
  #order = new SeqOrder()
  #sections = 0
  /** Seconds since 1970 at which `t` is 0; null before a header or, without one, the first entry. */
  #createdAt: number | null = null
  #lastNs: number | null = null

  constructor(file: string, secrets: Secrets) {
    this.#file = file
    this.#exchanges = new V2Exchanges(secrets)
  }

  /** In the order of the file; what is too early comes with a later call. */
  async take(found: FoundEntry | FoundDamage): Promise<CapturePiece[]> {
    if (found.kind === 'damage') return [...(await this.idle()), damageGap(this.#file, found, this.#lastNs)]
    const { entry, offset, content } = found
    if (content.kind === 'header') return [...(await this.end()), this.#section(found, content)]
    return this.#pieces(this.#order.push({ entry, offset, content }))
  }

  /** Nothing more is there now: what waits for others is given without them. */
  idle(): Promise<CapturePiece[]> {
    return this.#pieces(this.#order.flush())
  }

  async end(): Promise<CapturePiece[]> {
    return [...(await this.idle()), ...this.#exchanges.end()]
  }

  #section({ entry, offset }: FoundEntry, { createdAt, sessionId }: V2Header): CapturePiece {
    this.#createdAt = createdAt
    this.#order = new SeqOrder()
    const record: HeaderRecord = {
      k: 'hdr',
      v: 2,
      app: 'llm-interactive-proxy',
      appv: '',
      run: sessionId,
      sec: this.#sections++,
      wall_ns: BigInt(Math.round(createdAt * 1e9)),
      pid: 0,
      node: '',
      redact: { policy: 'overwrite', version: 0 },
    }
    return itemOf(this.#stamp(entry, offset, createdAt), record)
  }

  async #pieces(ordered: readonly Ordered[]): Promise<CapturePiece[]> {
    const pieces: CapturePiece[] = []
    for (const { entries, missing } of ordered) {
      if (missing) pieces.push(this.#lossGap(missing))
      for (const placed of entries) pieces.push(...(await this.#entry(placed)))
    }
    return pieces
  }

  async #entry({ entry, offset, content }: PlacedEntry): Promise<CapturePiece[]> {
    const stamp = this.#stamp(entry, offset, content.ts)
    this.#lastNs = stamp.wallNs
    const data = dataOf(content)
    const lost = data === null ? content.stored.length : 0
    const bytes = { bytes: data ?? new Uint8Array(0), lost }
    const items: CapturePiece[] = await this.#exchanges.take(content.dir, bytes, content.meta, stamp)
    if (data !== null) return items
    const damage = { offset, bytes: lost, isTorn: false, why: 'the data of an entry cannot be inflated' }
    return [damageGap(this.#file, damage, stamp.wallNs), ...items]
  }

  #stamp(entry: number, offset: number, seconds: number): Stamp {
    this.#createdAt ??= seconds
    const t = Math.max(0, Math.round((seconds - this.#createdAt) * 1e9))
    return { file: this.#file, entry, offset, wallNs: Math.round(seconds * 1e9), t }
  }

  #lossGap({ from, to }: { from: number; to: number }): CapturePiece {
    const records = to - from + 1
    const which = records === 1 ? `entry ${from} is` : `entries ${from} to ${to} are`
    return {
      file: this.#file,
      kind: 'loss',
      offset: null,
      bytes: 0,
      records,
      atNs: this.#lastNs,
      why: `by their sequence numbers, ${which} not in the file`,
      exchanges: [],
    }
  }
}
