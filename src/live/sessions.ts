import { LRUCache } from 'lru-cache'
import { usdOf } from '../core/cost.ts'
import type { Exchange } from '../core/exchange.ts'
import type { LiveSession } from '../core/live-snapshot.ts'
import { printable } from '../core/printable.ts'
import type { Bill } from './bill.ts'
import { shortName } from './names.ts'

const mostSessions = 1_000
const mostTools = 16
const longestTool = 64

interface Session {
  clientApp: string | null
  turns: number
  tokens: number
  nanoUsd: number | null
  endedNs: number | null
  lastStop: string | null
  clientRuns: readonly string[]
  issues: number
}

/** The conversations that were heard of last. Times are nanoseconds of the clock. */
export class LiveSessions {
  /** By id. A Map from which the oldest is taken again and again is slow: it walks over what was taken before. */
  readonly #known = new LRUCache<string, Session>({ max: mostSessions })

  /** An exchange of it is there. */
  heard(exchange: Exchange): Session | null {
    if (exchange.session === null) return null
    const session = this.#touch(exchange.session.id)
    session.clientApp = exchange.clientApp ?? session.clientApp
    session.turns = Math.max(session.turns, exchange.session.turn)
    return session
  }

  closed(exchange: Exchange, bill: Bill, closedNs: number): void {
    const session = this.heard(exchange)
    if (session === null) return
    add(session, bill, 1)
    session.endedNs = Math.max(session.endedNs ?? 0, closedNs)
    if (exchange.callPurpose !== 'chat') return
    const last = exchange.attempts.at(-1)
    session.lastStop = last?.stop ?? null
    session.clientRuns = last?.stop === 'tool' ? toolsOf(last.toolNames) : noTools
  }

  rebilled(id: string, before: Bill, after: Bill): void {
    const session = this.#known.peek(id)
    if (!session) return
    add(session, before, -1)
    add(session, after, 1)
  }

  issueFound(id: string): void {
    const session = this.#known.peek(id)
    if (session) session.issues++
  }

  get count(): number {
    return this.#known.size
  }

  /** Those heard of last first. `inFlight`: exchanges that are open, and those of them that are turns, by session. */
  list(
    limit: number,
    inFlight: ReadonlyMap<string, { open: number; turns: number }>,
    nowNs: number,
  ): LiveSession[] {
    const last = [...take(this.#known.entries(), limit)]
    return last.map(([id, session]) => {
      const { open, turns } = inFlight.get(id) ?? { open: 0, turns: 0 }
      return {
        id: shortName(id),
        client_app: shortName(session.clientApp),
        turns: session.turns,
        tokens: Math.round(session.tokens),
        cost_usd: session.nanoUsd === null ? null : usdOf(session.nanoUsd),
        in_flight: open,
        last_end_ms_ago: session.endedNs === null ? null : Math.round((nowNs - session.endedNs) / 1e6),
        last_stop: session.lastStop,
        // The next turn brings what the tools said.
        client_runs: turns > 0 ? [] : [...session.clientRuns],
        issues: session.issues,
      }
    })
  }

  #touch(id: string): Session {
    const known = this.#known.get(id)
    if (known !== undefined) return known
    const session = newSession()
    this.#known.set(id, session)
    return session
  }
}

function* take<Item>(items: Iterable<Item>, count: number): Generator<Item> {
  let left = count
  for (const item of items) {
    if (left-- <= 0) return
    yield item
  }
}

function add(session: Session, { promptTokens, completionTokens, nanoUsd }: Bill, times: 1 | -1): void {
  session.tokens += times * ((promptTokens ?? 0) + (completionTokens ?? 0))
  if (nanoUsd !== null) session.nanoUsd = (session.nanoUsd ?? 0) + times * nanoUsd
}

function newSession(): Session {
  return {
    clientApp: null,
    turns: 0,
    tokens: 0,
    nanoUsd: null,
    endedNs: null,
    lastStop: null,
    clientRuns: noTools,
    issues: 0,
  }
}

const noTools: readonly string[] = []

/** Each name once. */
function toolsOf(names: readonly string[]): string[] {
  return [...new Set(names)].slice(0, mostTools).map((name) => printable(name, longestTool))
}
