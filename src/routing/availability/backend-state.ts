import type { CircuitTurn } from './circuit-history.ts'

/** What everybody is told about a backend (`spec/http-api.md`, Health); of credentials only the proxy's own. */
export interface BackendState {
  state: 'ok' | 'excluded' | 'open' | 'half_open' | 'cooldown' | 'misconfigured' | 'full'
  /** A clause; null where there is nothing to say. */
  reason: string | null
  consecutiveFailures: number
  openedAtMs: number | null
  retryAtMs: number | null
  /** The last changes of its circuit's state, the newest first. */
  circuitHistory: readonly CircuitTurn[]
  inFlight: number
  queued: number
}
