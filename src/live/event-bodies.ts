import type { Exchange } from '../core/exchange.ts'
import { ttftMs } from './live-exchange.ts'
import { shortName } from './names.ts'

/** What `/internal/events` tells of an exchange, in the words of `LiveExchange`; of a close it tells the `LiveRecent`. */

/** Of the request only the head has been read. */
export function openedBody(exchange: Exchange): object {
  return {
    id: exchange.id,
    at: new Date(exchange.openedAtMs).toISOString(),
    frontend: exchange.frontend,
    proxy_user: exchange.proxyUser,
    call_purpose: exchange.callPurpose,
  }
}

export function firstOutputBody(exchange: Exchange, nowMs: number): object {
  const attempt = exchange.attempts.at(-1)
  return {
    id: exchange.id,
    at: new Date(nowMs).toISOString(),
    client_app: shortName(exchange.clientApp),
    session_id: shortName(exchange.session?.id ?? null),
    turn_number: exchange.session?.turn ?? null,
    requested_model: shortName(exchange.requestedModel),
    backend: attempt?.backend ?? null,
    model: shortName(attempt?.model ?? null),
    attempt: exchange.attempts.length,
    ttft_ms: ttftMs(exchange),
  }
}
