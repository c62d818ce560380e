import type { ComparedExchange } from '../../core/compared-exchange.ts'
import { nanoUsdOf } from '../../core/cost.ts'

/** What one session's requests cost, on each side; only those whose cost is known. */
export interface SessionCost {
  replaced: SideCost
  baseline: SideCost
}

export interface SideCost {
  requests: number
  nanoUsd: number
}

/** So many are told apart; beyond it sessions are merged. */
export const mostSessions = 5_000

/**
 * Costs by session. A request without a session is one of its own. More than `mostSessions` sessions are merged into that
 * many places by a hash of their ids (of what was measured, where there is none): still independent of each other, and
 * the same whatever the order in which they came.
 */
export class SessionCosts {
  #costs = new Map<string | number, SessionCost & { hash: number }>()
  #isMerged = false

  add(exchange: ComparedExchange, side: keyof SessionCost): void {
    if (exchange.costUsd === null) return
    const hash = hashOf(exchange.sessionId ?? measured(exchange))
    const key = this.#isMerged ? hash % mostSessions : (exchange.sessionId ?? this.#costs.size)
    const cost = this.#at(key, hash)[side]
    cost.requests++
    cost.nanoUsd += nanoUsdOf(exchange.costUsd)
    if (this.#costs.size > mostSessions) this.#merge()
  }

  all(): SessionCost[] {
    return [...this.#costs.values()]
  }

  #at(key: string | number, hash: number): SessionCost {
    const known = this.#costs.get(key)
    if (known) return known
    const cost = {
      ...{ hash, replaced: { requests: 0, nanoUsd: 0 }, baseline: { requests: 0, nanoUsd: 0 } },
    }
    this.#costs.set(key, cost)
    return cost
  }

  #merge(): void {
    const costs = this.#costs
    this.#costs = new Map()
    this.#isMerged = true
    for (const { hash, replaced, baseline } of costs.values()) {
      const merged = this.#at(hash % mostSessions, hash)
      merged.replaced.requests += replaced.requests
      merged.replaced.nanoUsd += replaced.nanoUsd
      merged.baseline.requests += baseline.requests
      merged.baseline.nanoUsd += baseline.nanoUsd
    }
  }
}

function measured({ decision, ttftMs, durationMs, tokens, costUsd, toolCalls }: ComparedExchange): string {
  return [decision, ttftMs, durationMs, tokens, costUsd, toolCalls].join(' ')
}

/** FNV-1a, mixed once more (MurmurHash3's last step), for its low bits alone are uneven. */
function hashOf(text: string): number {
  let hash = 0x811c9dc5
  for (let at = 0; at < text.length; at++) hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193)
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b)
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35)
  return (hash ^ (hash >>> 16)) >>> 0
}
