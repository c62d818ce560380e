import { type PriceOf, paidCost, usdOf } from '../../core/cost.ts'
import type { Attempt, Exchange } from '../../core/exchange.ts'
import { headerText } from '../../core/printable.ts'
import { overheadNs } from './overhead.ts'

/** The headers that every frontend answer carries (`spec/http-api.md`). */
export function ownHeaders(exchange: Exchange): [string, string][] {
  const headers: [string, string][] = [['x-llmproxy-exchange', exchange.id]]
  if (exchange.session) headers.push(['x-llmproxy-session', headerText(exchange.session.id)])
  const last = exchange.attempts.at(-1)
  if (!last) return headers
  headers.push(
    ['x-llmproxy-backend', last.backend],
    ['x-llmproxy-attempts', String(exchange.attempts.length)],
  )
  if (last.dropped.length > 0) headers.push(['x-llmproxy-dropped', headerText(last.dropped.join(','))])
  // In its own protocol the provider's id stands in its own header.
  const upstreamId = last.protocol === exchange.frontend ? null : last.upstreamRequestId
  if (upstreamId !== null) headers.push(['x-llmproxy-upstream-request-id', headerText(upstreamId)])
  return headers
}

export interface WholeAnswer {
  exchange: Exchange
  attempt: Attempt
  nowNs: number
  priceOf: PriceOf
}

/** What only a whole answer can say, because it is known before the head goes out. */
export function wholeAnswerHeaders({ exchange, attempt, nowNs, priceOf }: WholeAnswer): [string, string][] {
  const { usage } = attempt
  const headers: [string, string][] = []
  const overhead = overheadNs(exchange, attempt, nowNs)
  if (overhead !== null) headers.push(['x-llmproxy-overhead-ms', (overhead / 1e6).toFixed(3)])
  if (usage?.promptTokens !== undefined) headers.push(['x-usage-prompt-tokens', String(usage.promptTokens)])
  if (usage?.completionTokens !== undefined) {
    headers.push(['x-usage-completion-tokens', String(usage.completionTokens)])
  }
  const cost = paidCost(attempt, usage, exchange.openedAtMs, priceOf)
  if (cost !== null) headers.push(['x-usage-cost', String(usdOf(cost.nanoUsd))])
  return headers
}
