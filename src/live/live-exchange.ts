import { type PriceOf, usdOf } from '../core/cost.ts'
import type { Attempt, Exchange } from '../core/exchange.ts'
import type { LiveExchange } from '../core/live-snapshot.ts'
import { costSoFar } from './bill.ts'
import { standingOf } from './live-state.ts'
import { shortName } from './names.ts'
import type { OpenExchange } from './open-exchange.ts'
import { threeDigits } from './rounding.ts'

/** A rate over less than this says nothing. */
const leastRateNs = 0.2e9

/** One exchange in flight, as it is at a moment of the clock. */
export function liveExchange(open: OpenExchange, clockNs: number, priceOf: PriceOf): LiveExchange {
  const { exchange } = open
  const nowNs = clockNs - exchange.openedNs
  const attempt = exchange.attempts.at(-1)
  const { state, sinceNs, waitingFor } = standingOf(open, nowNs)
  const nanoUsd = costSoFar(open, priceOf)
  return {
    id: exchange.id,
    age_ms: msOf(nowNs),
    state,
    state_ms: msOf(Math.max(0, nowNs - sinceNs)),
    waiting_for: waitingFor,
    frontend: exchange.frontend,
    client_app: shortName(exchange.clientApp),
    proxy_user: exchange.proxyUser,
    session_id: shortName(exchange.session?.id ?? null),
    turn_number: exchange.session?.turn ?? null,
    requested_model: shortName(exchange.requestedModel),
    backend: backendOf(exchange, attempt),
    model: shortName(attempt?.model ?? null),
    attempt: exchange.attempts.length,
    attempts: Math.max(exchange.plannedAttempts, exchange.attempts.length),
    output_tokens: open.outputTokens,
    tps: tokensPerSecond(open, nowNs),
    ttft_ms: ttftMs(exchange),
    cost_usd: nanoUsd === null ? null : usdOf(nanoUsd),
    replaced: attempt?.replaces ?? false,
  }
}

/** From the whole request to the first content, to the millisecond (`ttft_ms` of a usage record). */
export function ttftMs({ receivedNs, firstContentNs }: Exchange): number | null {
  return receivedNs === null || firstContentNs === null
    ? null
    : msOf(Math.max(0, firstContentNs - receivedNs))
}

export function msOf(ns: number): number {
  return Math.round(ns / 1e6)
}

/** Who is being asked; before that, the one for whose place it waits, where it waits for no other. */
function backendOf({ inLine }: Exchange, attempt: Attempt | undefined): string | null {
  if (inLine === null) return attempt?.backend ?? null
  const [only, ...others] = new Set(inLine.backends)
  return others.length === 0 ? (only ?? null) : null
}

function tokensPerSecond(open: OpenExchange, nowNs: number): number | null {
  const { outputTokens: tokens, exchange } = open
  const sinceNs = exchange.attempts.at(-1)?.firstContentNs ?? null
  if (!tokens || sinceNs === null || nowNs - sinceNs < leastRateNs) return null
  return threeDigits(tokens / ((nowNs - sinceNs) / 1e9))
}
