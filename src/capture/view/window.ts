import { bodyLength, legView, settle } from './leg.ts'
import type { CaptureView, ExchangeView, LegView } from './view.ts'

export interface WindowSettings {
  /** Of bodies; what is older keeps its heads only. */
  maxBytes?: number
  maxSessions?: number
  endsAtNs?: number
  closedInOrder?: boolean
}

const perSession = 10
const recentKept = 256
const recentGiven = 64

/** A remembered exchange, which may lose its bodies; it stands in its session and among the recent. */
interface Kept {
  view: ExchangeView
  bytes: number
  places: number
}

/** The memory of a reading that goes on for ever: what came before an exchange, in bounded space. */
export class ExchangeWindow {
  readonly around: CaptureView
  readonly #maxBytes: number
  readonly #maxSessions: number
  /** The one that was heard of last at the end. */
  readonly #sessions = new Map<string, Kept[]>()
  #recent: Kept[] = []
  /** Those with bodies, the oldest first. */
  readonly #withBodies = new Set<Kept>()
  #bytes = 0
  #endsAtNs: number
  #closedInOrder: boolean

  constructor(settings: WindowSettings = {}) {
    this.#maxBytes = settings.maxBytes ?? 64 * 1024 * 1024
    this.#endsAtNs = settings.endsAtNs ?? 0
    this.#closedInOrder = settings.closedInOrder ?? false
    this.#maxSessions = settings.maxSessions ?? 1000
    this.around = this.#view()
  }

  /** Bytes of bodies that it holds. */
  get bytes(): number {
    return this.#bytes
  }

  /** Something of this time has been read. */
  reached(atNs: number): void {
    if (atNs > this.#endsAtNs) this.#endsAtNs = atNs
  }

  /** A run is over: what did not close in it, did not until then. */
  endsAt(atNs: number, inOrder: boolean): void {
    this.#endsAtNs = atNs
    this.#closedInOrder = inOrder
  }

  /** An exchange has been looked at, and is from now on one that came before. */
  remember(view: ExchangeView): void {
    this.reached(view.lastAtNs)
    const kept: Kept = { view, bytes: bodyBytes(view), places: 0 }
    this.#bytes += kept.bytes
    this.#withBodies.add(kept)
    for (const leg of legsOf(view)) settle(leg)
    if (view.session !== null) this.#enterSession(view.session, kept)
    this.#enter(this.#recent, kept, recentKept)
    this.#makeRoom()
  }

  #view(): CaptureView {
    const window = this
    return {
      before: (exchange) => window.#sessionBefore(exchange)[0] ?? null,
      sessionBefore: (exchange) => window.#sessionBefore(exchange),
      recent: (exchange, withinMs) => before(window.#recent, exchange, withinMs * 1e6).slice(0, recentGiven),
      get endsAtNs() {
        return window.#endsAtNs
      },
      get closedInOrder() {
        return window.#closedInOrder
      },
    }
  }

  #sessionBefore(exchange: ExchangeView): ExchangeView[] {
    if (exchange.session === null) return []
    return before(this.#sessions.get(exchange.session) ?? [], exchange)
  }

  #enterSession(session: string, kept: Kept): void {
    const list = this.#sessions.get(session) ?? []
    this.#sessions.delete(session)
    this.#sessions.set(session, list)
    this.#enter(list, kept, perSession)
    if (this.#sessions.size <= this.#maxSessions) return
    const [oldest] = this.#sessions
    if (!oldest) return
    this.#sessions.delete(oldest[0])
    for (const left of oldest[1]) this.#leave(left)
  }

  #enter(list: Kept[], kept: Kept, most: number): void {
    list.push(kept)
    kept.places++
    const left = list.length > most ? list.shift() : undefined
    if (left) this.#leave(left)
  }

  #leave(kept: Kept): void {
    kept.places--
    if (kept.places === 0) this.#drop(kept)
  }

  #makeRoom(): void {
    for (const kept of this.#withBodies) {
      if (this.#bytes <= this.#maxBytes) return
      kept.view = headsOnly(kept.view)
      this.#drop(kept)
    }
  }

  #drop(kept: Kept): void {
    if (this.#withBodies.delete(kept)) this.#bytes -= kept.bytes
  }
}

/** Those that had opened before it, not longer ago than so, the newest first. */
function before(
  list: readonly Kept[],
  { id, openedAtNs }: ExchangeView,
  withinNs = Number.POSITIVE_INFINITY,
): ExchangeView[] {
  const found: ExchangeView[] = []
  // Nearly in order already, as they closed: each goes a few places from the end at most.
  for (let at = list.length - 1; at >= 0; at--) {
    const view = list[at]?.view
    const agoNs = view ? openedAtNs - view.openedAtNs : -1
    if (view && agoNs >= 0 && agoNs <= withinNs && view.id !== id) insert(found, view)
  }
  return found
}

function insert(found: ExchangeView[], view: ExchangeView): void {
  let at = found.length
  for (; at > 0; at--) {
    const other = found[at - 1]
    if (!other || other.openedAtNs > view.openedAtNs) break
    found[at] = other
  }
  found[at] = view
}

export function legsOf({ ctp, attempts, ptc }: ExchangeView): LegView[] {
  const legs = [ctp, ...attempts.flatMap(({ ptb, btp }) => [ptb, btp]), ptc]
  return legs.filter((leg) => leg !== null)
}

export function bodyBytes(exchange: ExchangeView): number {
  let bytes = 0
  for (const leg of legsOf(exchange)) bytes += bodyLength(leg)
  return bytes
}

function withoutBody({ body: _, ...parts }: LegView): Omit<LegView, 'body' | 'chunks'> {
  return parts
}

function headsOnly(view: ExchangeView): ExchangeView {
  // Not the body of before: it would keep all chunks.
  const head = (leg: LegView | null) => leg && legView({ ...withoutBody(leg), chunks: [] })
  return {
    ...view,
    forgotten: true,
    ctp: head(view.ctp),
    ptc: head(view.ptc),
    attempts: view.attempts.map((attempt) => ({
      ...attempt,
      ptb: head(attempt.ptb),
      btp: head(attempt.btp),
    })),
  }
}
