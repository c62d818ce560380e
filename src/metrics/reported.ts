import { attemptCost, type Cost, type PriceOf } from '../core/cost.ts'
import type { Attempt, Exchange } from '../core/exchange.ts'
import type { SettledExchange } from './ports.ts'

/** What an exchange used and cost by its providers' reports alone: there is no ledger, and nobody counts. */
export function reportedOf(exchange: Exchange, priceOf: PriceOf): SettledExchange {
  const { attempts, openedAtMs } = exchange
  // Nobody bills for a count.
  const isFree = exchange.callPurpose === 'count_tokens'
  const priced = attempts.map((attempt) => ({
    attempt,
    cost: isFree ? null : attemptCost(attempt, attempt.usage, openedAtMs, priceOf),
  }))
  const last = attempts.at(-1)
  const usage = isFree ? null : (last?.usage ?? null)
  const paid = priced.filter(isPaid).map(({ attempt, cost }) => ({
    ...{ backend: attempt.backend, model: attempt.model, nanoUsd: cost.nanoUsd },
  }))
  const planned = priced.flatMap(({ attempt, cost }) =>
    attempt.billing === 'subscription' && cost !== null ? [cost.nanoUsd] : [],
  )
  return {
    frontend: exchange.frontend,
    status: exchange.status,
    user: exchange.proxyUser,
    backend: last?.backend ?? null,
    model: last?.model ?? null,
    promptTokens: usage?.promptTokens ?? null,
    completionTokens: usage?.completionTokens ?? null,
    cachedTokens: usage?.cachedTokens ?? null,
    costs: paid,
    listNanoUsd: planned.length === 0 ? null : planned.reduce((sum, nanoUsd) => sum + nanoUsd, 0),
    isUnpriced: usage !== null && paid.length === 0 && planned.length === 0,
    overheadNs: overheadOf(exchange),
  }
}

function isPaid(priced: { attempt: Attempt; cost: Cost | null }): priced is { attempt: Attempt; cost: Cost } {
  return priced.cost !== null && priced.attempt.billing === 'api'
}

/**
 * From the request's last byte to its sending, lines not counted, and from the answer's last byte to its last word to the
 * client.
 */
function overheadOf({ attempts, receivedNs, queuedNs, writtenNs }: Exchange): number | null {
  const [first, last] = [attempts[0], attempts.at(-1)]
  if (!first || !last || first.sentNs === null || last.lastByteNs === null) return null
  if (receivedNs === null || writtenNs === null) return null
  return Math.max(0, first.sentNs - receivedNs - queuedNs) + Math.max(0, writtenNs - last.lastByteNs)
}
