import { LRUCache } from 'lru-cache'
import type { Secrets } from '../../../core/secrets/secrets.ts'
import { type LegNumber, legNumbers } from '../../format/records.ts'
import type { CaptureItem } from '../items.ts'
import { textOf, type V2Meta } from './entry.ts'
import { V2Exchange } from './exchange.ts'
import type { V2Bytes } from './leg.ts'
import type { Stamp } from './stamp.ts'

/** The original itself forgets an exchange after so long. */
const forgottenAfterNs = 300e9
const maxLive = 1024
const maxSessions = 4096
/** By whose sessions an entry without a request id is told: the backend's side first, which is the closest. */
const sessionFields = ['bsid', 'asid', 'sid'] as const

/**
 * Tells to which exchange an entry of the original belongs: by its request id; without one, by its session and the
 * order (reference §3.1, rule 6). Those that nothing comes of any more are closed.
 */
export class V2Exchanges {
  readonly #secrets: Secrets
  /** In the order in which something came of them last. */
  readonly #live = new Map<string, V2Exchange>()
  readonly #byRid = new Map<string, V2Exchange>()
  readonly #bySession = new LRUCache<string, V2Exchange>({ maxSize: maxSessions, sizeCalculation: () => 1 })
  #latest: V2Exchange | null = null
  #made = 0

  constructor(secrets: Secrets) {
    this.#secrets = secrets
  }

  async take(dir: LegNumber, data: V2Bytes, meta: V2Meta, stamp: Stamp): Promise<CaptureItem[]> {
    const items = this.#closeForgotten(stamp.wallNs)
    const sessions = sessionFields.flatMap((field) => {
      const id = textOf(meta, field)
      return id === undefined ? [] : [`${field}/${id}`]
    })
    const rid = textOf(meta, 'rid') ?? null
    const known = this.#find(rid, sessions)
    const isNext = dir === legNumbers.CTP && meta.event !== 'frame' && known?.hasRequest === true
    if (dir === legNumbers.CTP) items.push(...this.#closeAnswered(sessions))
    const exchange = known && !isNext ? known : this.#open(rid, meta)
    this.#touch(exchange, rid, sessions)
    items.push(...(await exchange.take(dir, data, meta, stamp)))
    return items
  }

  /** The file, or a section of it, ends: what is open stays so. */
  end(): CaptureItem[] {
    const items = [...this.#live.values()].flatMap((exchange) => exchange.close(false))
    this.#live.clear()
    this.#byRid.clear()
    this.#bySession.clear()
    this.#latest = null
    return items
  }

  #find(rid: string | null, sessions: readonly string[]): V2Exchange | null {
    if (rid !== null) return this.#byRid.get(rid) ?? null
    for (const session of sessions) {
      const exchange = this.#bySession.get(session)
      if (exchange && this.#live.has(exchange.id)) return exchange
    }
    return sessions.length === 0 ? this.#latest : null
  }

  #open(rid: string | null, meta: V2Meta): V2Exchange {
    this.#made++
    const name = rid ?? textOf(meta, 'asid') ?? textOf(meta, 'sid') ?? textOf(meta, 'bsid') ?? 'exchange'
    // A request id may come again, and a session's exchanges have no other name.
    const isFree = rid !== null && !this.#live.has(rid)
    return new V2Exchange(isFree ? name : `${name}#${this.#made}`, rid, this.#secrets)
  }

  #touch(exchange: V2Exchange, rid: string | null, sessions: readonly string[]): void {
    this.#live.delete(exchange.id)
    this.#live.set(exchange.id, exchange)
    if (rid !== null) this.#byRid.set(rid, exchange)
    for (const session of sessions) this.#bySession.set(session, exchange)
    this.#latest = exchange
  }

  #closeForgotten(nowNs: number): CaptureItem[] {
    const items: CaptureItem[] = []
    for (const exchange of this.#live.values()) {
      if (nowNs - exchange.lastNs < forgottenAfterNs && this.#live.size < maxLive) break
      items.push(...this.#close(exchange))
    }
    return items
  }

  /** A session's next request: what was answered before is over. */
  #closeAnswered(sessions: readonly string[]): CaptureItem[] {
    return sessions.flatMap((session) => {
      const exchange = this.#bySession.get(session)
      return exchange && this.#live.has(exchange.id) && exchange.isAnswered ? this.#close(exchange) : []
    })
  }

  #close(exchange: V2Exchange): CaptureItem[] {
    this.#live.delete(exchange.id)
    if (exchange.rid !== null && this.#byRid.get(exchange.rid) === exchange) this.#byRid.delete(exchange.rid)
    if (this.#latest === exchange) this.#latest = null
    return exchange.close(true)
  }
}
