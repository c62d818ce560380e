import { type PriceOf, paidCost, usdOf } from '../../core/cost.ts'
import type { Attempt, Exchange } from '../../core/exchange.ts'
import type { InterpretationRecord, InterpretedAttempt } from '../format/records.ts'

/** What the proxy made of an exchange that has closed. What is not known is left out. */
export function interpretation(exchange: Exchange, priceOf: PriceOf): InterpretationRecord {
  const { session, clientApp, proxyUser, requestedModel, incompleteReason, error, status, replacement } =
    exchange
  return {
    k: 'u',
    x: exchange.id,
    t: exchange.openedNs + (exchange.closedNs ?? 0),
    ...(session && { session: session.id, turn: session.turn }),
    ...(clientApp !== null && { client_app: clientApp }),
    ...(proxyUser !== null && { user: proxyUser }),
    purpose: exchange.callPurpose,
    stream: exchange.stream,
    ...(requestedModel !== null && { requested_model: requestedModel }),
    outcome: exchange.outcome ?? 'error',
    ...(incompleteReason !== null && { incomplete_reason: incompleteReason }),
    ...(error && { error: error.code }),
    ...(status !== null && { status }),
    ...(replacement && { replacement }),
    attempts: exchange.attempts.map((attempt) => interpreted(attempt, exchange.openedAtMs, priceOf)),
  }
}

function interpreted(attempt: Attempt, openedAtMs: number, priceOf: PriceOf): InterpretedAttempt {
  const { number: n, backend, backendType, model, protocol, status, reason, error, dropped, usage } = attempt
  const cost = paidCost(attempt, usage, openedAtMs, priceOf)
  return {
    ...{ n, backend, backend_type: backendType, protocol },
    ...(model !== null && { model }),
    ...(attempt.replaces && { replaces: true }),
    ...(status !== null && { status }),
    ...(reason !== null && { reason }),
    ...(error && { error: error.code }),
    ...(dropped.length > 0 && { dropped }),
    ...(usage?.promptTokens !== undefined && { prompt_tokens: usage.promptTokens }),
    ...(usage?.completionTokens !== undefined && { completion_tokens: usage.completionTokens }),
    ...(cost && { cost_usd: usdOf(cost.nanoUsd) }),
  }
}
