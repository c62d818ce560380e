import type { Dispatcher } from 'undici'
import type { Backend } from '../core/backend.ts'
import type { CheckKind } from './outcome.ts'

/** What health needs to know of a backend; any `Backend` is one. */
export type CheckedBackend = Pick<Backend, 'name' | 'type' | 'apiUrl' | 'configured'>

/** A backend as an exchange knows it: after a reload still with the URL that it was really sent to. */
export type BackendRef = Pick<Backend, 'name' | 'apiUrl'>

export interface HealthChange {
  /** Normalised: without user, password and query. */
  apiUrl: string
  /** Whom the change concerns: all backends of the endpoint, or those that a reload has just put there. */
  backends: readonly string[]
  healthy: boolean
  /** A sentence's end that says what was seen: `2 HTTP probes in a row failed since …: refuses connections`. */
  evidence: string
  atMs: number
}

export interface HealthyCheck {
  apiUrl: string
  kind: CheckKind
  latencyMs: number | null
  /** Null for pings. */
  status: number | null
}

export interface HealthPorts {
  /**
   * A connection for a probe to an origin (`https://host:port`), made as the traffic's: outbound proxy, CA. Best one
   * that nothing used before: that an idle connection was closed says nothing about the endpoint.
   */
  dispatcherFor(origin: string): Dispatcher
  /** An endpoint was shown to be unhealthy, or healthy again. Called once for each change and backend. */
  onChange(change: HealthChange): void
  /** Each successful check, where `log_healthy_checks` asks for it. */
  onHealthyCheck(check: HealthyCheck): void
  /** `ping` is missing or not permitted. Called once at most. */
  onPingUnavailable(reason: string): void
  /** Something here or in a port threw: the checks go on. */
  onFault(error: unknown): void
}
