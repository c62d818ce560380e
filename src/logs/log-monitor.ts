import type { Clock, Timer } from '../core/clock.ts'
import { type PriceOf, paidCost, usdOf } from '../core/cost.ts'
import type { Exchange } from '../core/exchange.ts'
import { ExchangeNotes } from '../core/exchange-notes.ts'
import type { Monitor } from '../core/monitor.ts'
import { exchangeLine, type RedactText, type ShortName, ttftMs, waitingLine } from './exchange-line.ts'
import type { Log, LogFields } from './log.ts'

const slowAfterMs = 10_000
const verySlowAfterMs = 30_000

/**
 * Logs each exchange as it closes, and once, with a warning, when it has waited 30 s for its first content
 * (at 10 s for who debugs). Slowness is reported, never cut (`spec/health-and-routing.md`, Attempts).
 */
export function logMonitor(
  log: Log,
  clock: Clock,
  shortName?: ShortName,
  redactText?: RedactText,
  priceOf: PriceOf = () => null,
): Monitor {
  const timers = new ExchangeNotes<Timer>()

  function waits(exchange: Exchange): boolean {
    // While the client still sends, it is not the backend that keeps it waiting.
    if (exchange.receivedNs === null || exchange.outcome !== null) return false
    // What passes untouched shows no content, only that it has begun.
    const isUntouched = exchange.callPurpose === 'other' || exchange.callPurpose === 'embedding'
    return isUntouched
      ? (exchange.attempts.at(-1)?.firstByteNs ?? null) === null
      : exchange.firstContentNs === null
  }

  function report(exchange: Exchange, level: 'debug' | 'warn'): void {
    log[level](waitingFields(exchange, clock.nowMs()), 'exchange.waiting', () =>
      waitingLine(exchange, clock.nowMs(), shortName, redactText),
    )
  }

  function onSlow(exchange: Exchange): void {
    if (!waits(exchange)) return
    report(exchange, 'debug')
    timers.set(
      exchange,
      clock.after(verySlowAfterMs - slowAfterMs, () => {
        if (waits(exchange)) report(exchange, 'warn')
      }),
    )
  }

  return {
    name: 'log',
    opened(exchange) {
      timers.set(
        exchange,
        clock.after(slowAfterMs, () => onSlow(exchange)),
      )
    },
    closed(exchange) {
      timers.get(exchange)?.cancel()
      timers.delete(exchange)
      const cost = costUsd(exchange, priceOf)
      const line = () => exchangeLine(exchange, shortName, redactText, cost)
      log[levelOf(exchange)](closedFields(exchange, cost), 'exchange.closed', line)
    },
  }
}

/** A client that leaves, or is turned away, is no trouble of the operator's. */
function levelOf({ outcome, incompleteReason }: Exchange): 'info' | 'warn' {
  if (outcome === 'error') return 'warn'
  return outcome === 'incomplete' && incompleteReason !== 'client_disconnect' ? 'warn' : 'info'
}

function closedFields(exchange: Exchange, cost: number | null): LogFields {
  const last = exchange.attempts.at(-1)
  // Written out: a spread among so many fields makes V8 build a hash table for each line.
  return {
    id: exchange.id,
    frontend: exchange.frontend,
    client_app: exchange.clientApp,
    requested_model: exchange.requestedModel,
    backend: last?.backend ?? null,
    model: last?.model ?? null,
    backend_protocol: last?.protocol ?? null,
    dropped: last?.dropped ?? [],
    status: exchange.status,
    outcome: exchange.outcome,
    incomplete_reason: exchange.incompleteReason,
    error_code: exchange.error?.code ?? null,
    attempts: exchange.attempts.length,
    prompt_tokens: last?.usage?.promptTokens ?? null,
    completion_tokens: last?.usage?.completionTokens ?? null,
    cost_usd: cost,
    ttft_ms: rounded(ttftMs(exchange)),
    total_ms: rounded(exchange.closedNs === null ? null : exchange.closedNs / 1e6),
    replaced: exchange.attempts.at(-1)?.replaces ?? false,
    session_id: exchange.session?.id ?? null,
    turn: exchange.session?.turn ?? null,
  }
}

/** Of what the providers reported: what must be counted first is in the ledger only. */
function costUsd({ attempts, openedAtMs }: Exchange, priceOf: PriceOf): number | null {
  const costs = attempts.flatMap((attempt) => {
    const cost = paidCost(attempt, attempt.usage, openedAtMs, priceOf)
    return cost === null ? [] : [cost.nanoUsd]
  })
  return costs.length === 0 ? null : usdOf(costs.reduce((sum, cost) => sum + cost, 0))
}

function waitingFields(exchange: Exchange, nowMs: number): LogFields {
  const last = exchange.attempts.at(-1)
  return {
    id: exchange.id,
    frontend: exchange.frontend,
    client_app: exchange.clientApp,
    requested_model: exchange.requestedModel,
    backend: last?.backend ?? null,
    model: last?.model ?? null,
    attempts: exchange.attempts.length,
    waited_ms: nowMs - exchange.openedAtMs,
  }
}

function rounded(ms: number | null): number | null {
  return ms === null ? null : Math.round(ms)
}
