import type { Quota } from '../../backends/quota.ts'
import type { Backend } from '../../core/backend.ts'
import type { BackendState } from '../../routing/availability/backend-state.ts'
import type { CircuitState } from '../../routing/availability/circuit.ts'

/** A backend in `GET /internal/health`; the names are those of `spec/http-api.md`. */
export interface BackendReport {
  name: string
  backend_type: string
  api_url: string
  credentials: string
  state: BackendState['state'] | 'no_credential'
  reason: string | null
  is_endpoint_healthy: boolean
  consecutive_failures: number
  opened_at: string | null
  retry_at: string | null
  circuit_history: { at: string; state: CircuitState; reason: string | null }[]
  in_flight: number
  queued: number
  quota: {
    name: string
    limit: number | null
    remaining: number | null
    used_ratio: number | null
    resets_at: string | null
  }[]
}

export type OverallStatus = 'ok' | 'degraded' | 'down'

/** As a person may see it: a URL of a backend without user, password and query. */
export interface BackendSources {
  backend: Backend
  shownUrl: string
  state: BackendState
  isEndpointHealthy: boolean
  quota: readonly Quota[]
}

export function backendReport(sources: BackendSources): BackendReport {
  const { backend, shownUrl, state, isEndpointHealthy, quota } = sources
  const hasNone = backend.credentials === 'proxy' && backend.apiKey === null
  return {
    name: backend.name,
    backend_type: backend.type,
    api_url: shownUrl,
    credentials: backend.credentials,
    state: hasNone ? 'no_credential' : state.state,
    reason: hasNone ? 'it has no provider key' : state.reason,
    is_endpoint_healthy: isEndpointHealthy,
    consecutive_failures: state.consecutiveFailures,
    opened_at: iso(state.openedAtMs),
    retry_at: iso(state.retryAtMs),
    circuit_history: state.circuitHistory.map((turn) => ({
      ...{ at: new Date(turn.atMs).toISOString(), state: turn.state, reason: turn.reason },
    })),
    in_flight: state.inFlight,
    queued: state.queued,
    quota: quota.map(({ name, limit, remaining, usedRatio, resetsAtMs }) => ({
      ...{ name, limit, remaining, used_ratio: usedRatio, resets_at: iso(resetsAtMs) },
    })),
  }
}

/** Whether an exchange that needs this backend could be served now, be it after a wait in line. */
export function isUsable(state: BackendReport['state']): boolean {
  return state === 'ok' || state === 'half_open' || state === 'full'
}

/** `down`: backends are there and none is usable. */
export function overallStatus(backends: readonly BackendReport[], unhealthyEndpoints: number): OverallStatus {
  const usable = backends.filter(({ state }) => isUsable(state)).length
  if (backends.length > 0 && usable === 0) return 'down'
  return usable < backends.length || unhealthyEndpoints > 0 ? 'degraded' : 'ok'
}

function iso(ms: number | null): string | null {
  return ms === null ? null : new Date(ms).toISOString()
}
