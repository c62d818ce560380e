import { type PriceOf, paidCost } from '../../core/cost.ts'
import type { Attempt, Exchange } from '../../core/exchange.ts'

/** What the attempts cost as far as providers have reported, in nano-dollars. */
export function reportedCost({ attempts, openedAtMs }: Exchange, priceOf: PriceOf): number {
  const costs = attempts.map((attempt) => paidCost(attempt, attempt.usage, openedAtMs, priceOf))
  return costs.reduce((sum, cost) => sum + (cost?.nanoUsd ?? 0), 0)
}

/** What an exchange that has closed cost, where that is certain at once; null: its record will know. */
export function certainCost(exchange: Exchange, priceOf: PriceOf): number | null {
  if (exchange.incompleteReason !== null) return null
  const isCertain = exchange.attempts.every((attempt) => isRefused(attempt) || isReported(attempt))
  return isCertain ? reportedCost(exchange, priceOf) : null
}

/** No provider bills what it refused. */
function isRefused({ status, error, usage }: Attempt): boolean {
  return usage === null && (status === null ? error?.code === 'connect_failed' : status >= 300)
}

function isReported({ usage, error }: Attempt): boolean {
  return error === null && usage?.promptTokens !== undefined && usage.completionTokens !== undefined
}
