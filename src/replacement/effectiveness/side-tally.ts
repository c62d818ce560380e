import type { ComparedExchange } from '../../core/compared-exchange.ts'
import { nanoUsdOf, usdOf } from '../../core/cost.ts'
import { Median } from './median.ts'

/** One side of a comparison. What is not known of any of its requests is null. */
export interface SideSummary {
  requests: number
  error_rate: number | null
  ttft_p50_ms: number | null
  duration_p50_ms: number | null
  /** Of the requests whose tokens, or cost, are known. */
  tokens_per_request: number | null
  cost_per_request: number | null
  tool_call_rate: number | null
}

/** From so many sessions on each side a comparison says something. */
const enoughSessions = 30

/** Sums of one side. Money is counted in whole nano-dollars: so a sum is the same in any order. */
export class SideTally {
  readonly #ttft = new Median()
  readonly #duration = new Median()
  readonly #sessions = new Set<string>()
  #withoutSession = 0
  #requests = 0
  #errors = 0
  #answered = 0
  #toolCalls = 0
  #tokens = 0
  #withTokens = 0
  #nanoUsd = 0
  #priced = 0

  /** Requests whose cost is known. */
  get priced(): number {
    return this.#priced
  }

  /** Distinct ones; a request without a session is one of its own. */
  get hasEnoughSessions(): boolean {
    return this.#sessions.size + this.#withoutSession >= enoughSessions
  }

  add({ sessionId, failed, ttftMs, durationMs, tokens, costUsd, toolCalls }: ComparedExchange): void {
    this.#addRequest(sessionId, failed)
    this.#answered++
    this.#toolCalls += toolCalls
    this.#duration.add(durationMs)
    if (ttftMs !== null) this.#ttft.add(ttftMs)
    if (tokens !== null) {
      this.#withTokens++
      this.#tokens += tokens
    }
    if (costUsd !== null) {
      this.#priced++
      this.#nanoUsd += nanoUsdOf(costUsd)
    }
  }

  /** The side's model failed, and another one answered: what else was measured is that one's. */
  addFallback({ sessionId }: ComparedExchange): void {
    this.#addRequest(sessionId, true)
  }

  summary(): SideSummary {
    return {
      requests: this.#requests,
      error_rate: ratio(this.#errors, this.#requests),
      ttft_p50_ms: this.#ttft.value(),
      duration_p50_ms: this.#duration.value(),
      tokens_per_request: ratio(this.#tokens, this.#withTokens),
      cost_per_request: this.#priced === 0 ? null : usdOf(this.#nanoUsd / this.#priced),
      tool_call_rate: ratio(this.#toolCalls, this.#answered),
    }
  }

  #addRequest(sessionId: string | null, failed: boolean): void {
    this.#requests++
    if (failed) this.#errors++
    if (sessionId === null) this.#withoutSession++
    else if (this.#sessions.size < enoughSessions) this.#sessions.add(sessionId)
  }
}

function ratio(sum: number, count: number): number | null {
  return count === 0 ? null : sum / count
}
