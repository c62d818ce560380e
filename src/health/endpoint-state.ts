import type { CheckKind, Outcome } from './outcome.ts'

/** A point in time: `ns` never goes back and decides what is newer, `ms` since 1970 is what is shown. */
export interface Moment {
  ms: number
  ns: number
}

/** What the checks of one kind have shown so far. */
export interface Dimension {
  consecutiveFailures: number
  /** When the first of them was asked for. */
  failingSince: Moment | null
  lastCheckMs: number | null
  lastSuccessMs: number | null
  /** Of the last success. */
  lastLatencyMs: number | null
  /** Of the last failure, while it has not been disproved. */
  lastError: string | null
  /** When the newest question that was answered was asked: answers to older ones come too late. */
  newestNs: number
}

/** All that is known about an endpoint. Never changed, only replaced. */
export interface EndpointState {
  ping: Dimension
  /** Why pings cannot be sent here; null while they can, as far as is known. */
  pingUnavailable: string | null
  http: Dimension
  /** Of the last probe that was answered. */
  lastStatus: number | null
  /** When traffic last had an answer. */
  lastTraffic: Moment | null
  /** When a probe or traffic last had one. */
  lastAliveNs: number | null
}

/** A check that has ended: when it was asked for, and when it was answered. */
export interface Result {
  outcome: Outcome
  began: Moment
  ended: Moment
}

export function freshEndpoint(now: Moment): EndpointState {
  const fresh = freshDimension(now)
  const nothing = { pingUnavailable: null, lastStatus: null, lastTraffic: null, lastAliveNs: null }
  return { ping: fresh, http: fresh, ...nothing }
}

/** Forgets a kind of checks, as when it is switched off; what was asked for before comes too late. */
export function forgotten(state: EndpointState, kind: CheckKind, now: Moment): EndpointState {
  const fresh = freshDimension(now)
  if (kind === 'ping') return { ...state, ping: fresh, pingUnavailable: null }
  return { ...state, http: fresh, lastStatus: null }
}

export function pingEnded(state: EndpointState, { outcome, began, ended }: Result): EndpointState {
  if (began.ns < state.ping.newestNs) return state
  const ping = checked(state.ping, began, ended)
  switch (outcome.kind) {
    case 'success':
      return { ...state, ping: succeeded(ping, outcome.latencyMs, ended), pingUnavailable: null }
    case 'failure':
      return { ...state, ping: failed(ping, outcome.error, began), pingUnavailable: null }
    case 'unavailable':
      // Earlier failures can no longer be disproved, so they must not go on counting.
      return { ...state, ping: { ...ping, ...noFailures }, pingUnavailable: outcome.reason }
  }
}

export function probeEnded(state: EndpointState, { outcome, began, ended }: Result): EndpointState {
  if (began.ns < state.http.newestNs) return state
  const http = checked(state.http, began, ended)
  if (outcome.kind === 'unavailable') return { ...state, http: { ...http, lastError: outcome.reason } }
  const lastStatus = outcome.status ?? state.lastStatus
  if (outcome.kind === 'success') {
    return { ...state, http: succeeded(http, outcome.latencyMs, ended), lastStatus, lastAliveNs: ended.ns }
  }
  // What traffic has proved since the probe began, the probe's failure cannot disprove.
  const disproved = state.lastTraffic !== null && began.ns <= state.lastTraffic.ns
  return { ...state, http: disproved ? http : failed(http, outcome.error, began), lastStatus }
}

/** A call had an answer, whatever its status. */
export function trafficAnswered(state: EndpointState, at: Moment): EndpointState {
  const { ping, pingUnavailable, http, lastStatus } = state
  const hasFailed = http.failingSince !== null || http.lastError !== null || http.consecutiveFailures > 0
  return {
    ping,
    pingUnavailable,
    http: hasFailed ? { ...http, ...noFailures } : http,
    lastStatus,
    lastTraffic: at,
    lastAliveNs: at.ns,
  }
}

const noFailures = { consecutiveFailures: 0, failingSince: null, lastError: null } as const

function freshDimension({ ns }: Moment): Dimension {
  return { ...noFailures, lastCheckMs: null, lastSuccessMs: null, lastLatencyMs: null, newestNs: ns }
}

function checked(dimension: Dimension, began: Moment, ended: Moment): Dimension {
  return { ...dimension, lastCheckMs: ended.ms, newestNs: began.ns }
}

function succeeded(dimension: Dimension, latencyMs: number | null, ended: Moment): Dimension {
  const lastLatencyMs = latencyMs ?? dimension.lastLatencyMs
  return { ...dimension, ...noFailures, lastSuccessMs: ended.ms, lastLatencyMs }
}

function failed(dimension: Dimension, lastError: string, began: Moment): Dimension {
  const consecutiveFailures = dimension.consecutiveFailures + 1
  return { ...dimension, consecutiveFailures, failingSince: dimension.failingSince ?? began, lastError }
}
