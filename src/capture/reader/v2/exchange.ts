import type { Secrets } from '../../../core/secrets/secrets.ts'
import type { HeadRecord, LegNumber } from '../../format/records.ts'
import { legNumbers } from '../../format/records.ts'
import type { CaptureItem } from '../items.ts'
import { cleanHeaders } from './clean-head.ts'
import { countOf, textOf, type V2Meta } from './entry.ts'
import { V2Facts } from './facts.ts'
import { type HttpText, httpText } from './http-text.ts'
import { type V2Bytes, V2Leg } from './leg.ts'
import { itemOf, type Stamp } from './stamp.ts'

/** Further ones are told as of the last. */
const maxAttempts = 1000

/** One exchange of the original while its entries come: makes the records of V3 of them. */
export class V2Exchange {
  readonly id: string
  /** Null: nothing in the file names it; its session and the order do. */
  readonly rid: string | null
  lastNs = 0
  readonly #facts: V2Facts
  readonly #secrets: Secrets
  readonly #legs = new Map<string, V2Leg>()
  #attempt = 0
  #last: Stamp | null = null

  constructor(id: string, rid: string | null, secrets: Secrets) {
    this.id = id
    this.rid = rid
    this.#secrets = secrets
    this.#facts = new V2Facts(id)
  }

  get hasRequest(): boolean {
    return this.#legs.has(legKey(legNumbers.CTP, null))
  }

  /** Both the backend's answer and the client's are all there, as far as the original says. */
  get isAnswered(): boolean {
    const ptc = this.#legs.get(legKey(legNumbers.PTC, null))
    const btp = this.#legs.get(legKey(legNumbers.BTP, this.#attempt))
    return ptc !== undefined && ptc.chunks > 0 && (this.#attempt === 0 || btp?.hasEnded === true)
  }

  async take(dir: LegNumber, data: V2Bytes, meta: V2Meta, stamp: Stamp): Promise<CaptureItem[]> {
    const items: CaptureItem[] = []
    if (this.#last === null) items.push(itemOf(stamp, { k: 'xo', x: this.id, t: stamp.t, ep: '' }))
    this.#last = stamp
    this.lastNs = stamp.wallNs
    const http = dir === legNumbers.PTB || dir === legNumbers.BTP ? httpText(data.bytes) : null
    const status = http?.status ?? statusOf(meta)
    const leg = this.#legOf(dir, meta)
    this.#facts.note(dir, data.bytes, meta, status)
    if (leg.place.a !== undefined) this.#facts.noteAttempt(leg.place.a, meta, status)
    const session = this.#facts.session(stamp.t)
    if (session) items.push(itemOf(stamp, session))
    items.push(...this.#head(leg, http, meta, stamp))
    items.push(...(await this.#bytes(leg, http ? { ...data, bytes: http.body } : data, meta, stamp)))
    if (meta.se === true || this.#isWhole(leg, data, meta)) items.push(...leg.end(stamp))
    return items
  }

  /** Nothing more comes of it: by the end of the file, or because it is `over` by what came after it. */
  close(isOver: boolean): CaptureItem[] {
    const last = this.#last
    if (last === null) return []
    const isAnswered = this.isAnswered
    const items: CaptureItem[] = []
    for (const leg of this.#legs.values()) {
      // The original does not tell when the client had all of a stream; its last chunk then was it.
      const isDone = isAnswered && leg.number === legNumbers.PTC
      items.push(...leg.end(isDone && !leg.hasEnded ? leg.lastStamp : null))
    }
    if (isAnswered || isOver) items.push(itemOf(last, this.#facts.interpretation(last.t, isAnswered)))
    return items
  }

  #head(leg: V2Leg, http: HttpText | null, meta: V2Meta, stamp: Stamp): CaptureItem[] {
    const status = http?.status ?? statusOf(meta)
    if (leg.hasHead) return []
    const isRequest = leg.number === legNumbers.CTP || leg.number === legNumbers.PTB
    const head: HeadRecord = { k: 'h', ...leg.place, t: stamp.t, hd: [] }
    if (isRequest) this.#requestHead(head, http, meta)
    else if (status !== undefined) head.st = status
    const version = http?.version ?? textOf(meta, 'http_version')
    if (version !== undefined) head.ver = version
    if (http) head.hd = cleanHeaders(this.#secrets, http.headers)
    const saysSomething =
      head.m !== undefined || head.u !== undefined || head.st !== undefined || head.be !== undefined
    if (!saysSomething) return []
    leg.hasHead = true
    return [itemOf(stamp, head)]
  }

  #requestHead(head: HeadRecord, http: HttpText | null, meta: V2Meta): void {
    const method = http?.method ?? textOf(meta, 'http_method')
    const url = http?.target ?? textOf(meta, 'url')
    if (method !== undefined) head.m = method
    if (url !== undefined) head.u = this.#secrets.redactUrl(url)
    const userAgent = textOf(meta, 'ua')
    if (userAgent !== undefined) head.hd = cleanHeaders(this.#secrets, [['user-agent', userAgent]])
    if (head.l !== legNumbers.PTB) return
    const backend = textOf(meta, 'be')
    const model = textOf(meta, 'mod')
    if (backend !== undefined) head.be = backend
    if (model !== undefined) head.mod = model
  }

  #bytes(leg: V2Leg, data: V2Bytes, meta: V2Meta, stamp: Stamp): Promise<CaptureItem[]> | CaptureItem[] {
    if (meta.ss === true) leg.isStream = true
    if (data.bytes.length === 0 && data.lost === 0) return []
    const index = countOf(meta, 'ci')
    if (index !== undefined) leg.isStream = true
    return leg.chunk(data, stamp, index !== undefined && index > 0 ? index - 1 : null)
  }

  /** Whether the leg is all there with this entry: it is no stream's, and no marker of one. */
  #isWhole(leg: V2Leg, data: V2Bytes, meta: V2Meta): boolean {
    if (leg.isStream || leg.hasEnded || meta.event === 'frame') return false
    if (leg.number === legNumbers.PTC && this.#facts.isStream) return false
    const isRequest = leg.number === legNumbers.CTP || leg.number === legNumbers.PTB
    return isRequest || data.bytes.length > 0 || data.lost > 0
  }

  /** Each request to a backend begins an attempt; what is said about one belongs to the latest otherwise. */
  #legOf(dir: LegNumber, meta: V2Meta): V2Leg {
    if (dir === legNumbers.CTP || dir === legNumbers.PTC) return this.#leg(dir, null)
    const told = countOf(meta, 'rat')
    if (dir === legNumbers.PTB) {
      const isFrame = meta.event === 'frame' && this.#attempt > 0
      const next = Math.max(this.#attempt + 1, told === undefined ? 1 : told + 1)
      if (!isFrame) this.#attempt = Math.min(next, maxAttempts)
      return this.#leg(dir, this.#attempt)
    }
    this.#attempt = Math.max(1, this.#attempt)
    const attempt = told === undefined ? this.#attempt : Math.min(told + 1, this.#attempt)
    return this.#leg(dir, attempt)
  }

  #leg(dir: LegNumber, attempt: number | null): V2Leg {
    const key = legKey(dir, attempt)
    let leg = this.#legs.get(key)
    if (!leg) {
      leg = new V2Leg(this.id, dir, attempt, this.#secrets)
      this.#legs.set(key, leg)
      if (attempt !== null) this.#facts.begin(attempt)
    }
    return leg
  }
}

function legKey(leg: LegNumber, attempt: number | null): string {
  return `${leg}/${attempt ?? 0}`
}

function statusOf(meta: V2Meta): number | undefined {
  return countOf(meta, 'http_status') ?? countOf(meta, 'sc')
}
