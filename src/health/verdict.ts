import type { Dimension, EndpointState } from './endpoint-state.ts'

/** Consecutive failures that count, for each kind of check; null where it is off. */
export interface Thresholds {
  ping: number | null
  http: number | null
}

export interface Verdict {
  healthy: boolean
  /** Whether enough pings in a row failed, whatever else is known. */
  pingFailed: boolean
  httpFailed: boolean
}

/**
 * Clouds block ICMP: failed pings count only while nothing has answered since the first of them was sent. Where HTTP
 * probes are off only traffic can say so.
 */
export function verdictOf(state: EndpointState, thresholds: Thresholds): Verdict {
  const pingFailed = hasFailed(state.ping, thresholds.ping)
  const httpFailed = hasFailed(state.http, thresholds.http)
  return { healthy: !httpFailed && !(pingFailed && !provedAlive(state)), pingFailed, httpFailed }
}

/** Why an endpoint counts as unhealthy; null when it does not. */
export function reasonOf(state: EndpointState, thresholds: Thresholds): string | null {
  const { healthy, pingFailed, httpFailed } = verdictOf(state, thresholds)
  if (healthy) return null
  const reasons: string[] = []
  if (httpFailed) reasons.push(failuresOf(state.http, 'an HTTP probe'))
  if (pingFailed && !provedAlive(state)) reasons.push(failuresOf(state.ping, 'a ping'))
  return reasons.join('; ')
}

/** Whether anything answered since the first of the failed pings was sent. */
export function provedAlive({ ping, lastAliveNs }: EndpointState): boolean {
  return ping.failingSince !== null && lastAliveNs !== null && lastAliveNs >= ping.failingSince.ns
}

function hasFailed({ consecutiveFailures }: Dimension, threshold: number | null): boolean {
  return threshold !== null && consecutiveFailures >= threshold
}

/** `2 HTTP probes in a row failed since 2026-01-05T12:00:00Z: refuses connections` */
function failuresOf({ consecutiveFailures, failingSince, lastError }: Dimension, one: string): string {
  const kind = one.replace(/^an? /, '')
  const many =
    consecutiveFailures === 1 ? `${one} failed at` : `${consecutiveFailures} ${kind}s in a row failed since`
  const since = new Date(failingSince?.ms ?? 0).toISOString().replace(/\.\d+Z$/, 'Z')
  return `${many} ${since}: ${lastError}`
}
