import type { CircuitView } from './circuit.ts'
import type { StandingView } from './credential-standing.ts'

/** Clauses that read on after a target's name and a colon. */

export function openWords(
  { openReason, reason, consecutiveFailures, retryAtMs }: CircuitView,
  nowMs: number,
): string {
  const why =
    openReason === 'endpoint_unhealthy'
      ? `its endpoint failed its checks (${reason ?? 'no answer'})`
      : `${failures(consecutiveFailures)} (${reason ?? 'no reason given'})`
  return `${why}; ${nextWords(retryAtMs, nowMs)}`
}

export function cooldownWords({ reason, retryAtMs }: StandingView, nowMs: number): string {
  return `it asks to wait (${reason ?? 'status 429'}); ${nextWords(retryAtMs, nowMs)}`
}

/** Only of the proxy's own. */
export function refusedWords({ reason }: StandingView): string {
  return `it refuses the proxy's provider key ${reason ?? '(401)'}`
}

export function modelWords(reason: string, forMs: number): string {
  return `it refuses this model (${reason}); not asked again for ${seconds(forMs)}`
}

function failures(inARow: number): string {
  return inARow > 1 ? `${inARow} attempts in a row failed` : 'an attempt failed'
}

function nextWords(retryAtMs: number | null, nowMs: number): string {
  if (retryAtMs === null || retryAtMs <= nowMs) return 'one attempt tries it now'
  return `tried again in ${seconds(retryAtMs - nowMs)}`
}

function seconds(ms: number): string {
  return ms < 10_000 ? `${(ms / 1000).toFixed(1)} s` : `${Math.ceil(ms / 1000)} s`
}
