import { usdOf } from '../core/cost.ts'
import type { Exchange } from '../core/exchange.ts'
import type { LiveRecent } from '../core/live-snapshot.ts'
import type { Bill } from './bill.ts'
import { msOf, ttftMs } from './live-exchange.ts'
import { shortName } from './names.ts'

const kept = 200

/** An exchange that is over: what is shown of it is made when somebody looks, for nearly all go unseen. */
export interface ClosedExchange {
  exchange: Exchange
  bill: Bill
  issue: string | null
}

/** The last exchanges that closed. */
export class RecentExchanges {
  /** In the order of their closes, from `#next` on, which is the oldest once all places are taken. */
  readonly #places: ClosedExchange[] = []
  #next = 0

  add(exchange: Exchange, bill: Bill, issue: string | null): ClosedExchange {
    const entry = { exchange, bill, issue }
    this.#places[this.#next] = entry
    this.#next = (this.#next + 1) % kept
    return entry
  }

  /** The newest first. */
  list(limit: number): LiveRecent[] {
    return Array.from({ length: Math.min(limit, this.#places.length) }, (_, back) => recentOf(this.#at(back)))
  }

  /** One of those that are kept. */
  find(id: string): ClosedExchange | null {
    for (let back = 0; back < this.#places.length; back++) {
      const entry = this.#at(back)
      if (entry.exchange.id === id) return entry
    }
    return null
  }

  #at(back: number): ClosedExchange {
    return this.#places[(this.#next - 1 - back + 2 * kept) % kept] as ClosedExchange
  }
}

/** Written out: a spread among so many fields makes V8 build a hash table for each. */
export function recentOf({ exchange, bill, issue }: ClosedExchange): LiveRecent {
  const last = exchange.attempts.at(-1)
  const closedNs = exchange.closedNs ?? 0
  return {
    id: exchange.id,
    at: new Date(exchange.openedAtMs + msOf(closedNs)).toISOString(),
    status: exchange.status,
    outcome: exchange.outcome ?? 'error',
    incomplete_reason: exchange.incompleteReason,
    error: exchange.error?.code ?? null,
    frontend: exchange.frontend,
    client_app: shortName(exchange.clientApp),
    session_id: shortName(exchange.session?.id ?? null),
    turn_number: exchange.session?.turn ?? null,
    call_purpose: exchange.callPurpose,
    requested_model: shortName(exchange.requestedModel),
    backend: last?.backend ?? null,
    model: shortName(last?.model ?? null),
    attempts: exchange.attempts.length,
    prompt_tokens: bill.promptTokens,
    completion_tokens: bill.completionTokens,
    cached_tokens: bill.cachedTokens,
    tokens_reported: bill.isReported,
    ttft_ms: ttftMs(exchange),
    duration_ms: msOf(closedNs),
    cost_usd: bill.nanoUsd === null ? null : usdOf(bill.nanoUsd),
    replacement: exchange.replacement?.decision ?? null,
    issue,
  }
}
