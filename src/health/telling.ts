import type { Clock } from '../core/clock.ts'
import type { Endpoint } from './endpoint.ts'
import type { HealthPorts } from './ports.ts'
import { reasonOf, verdictOf } from './verdict.ts'

/** Tells of changes: each backend is told once of each, however often the checks repeat it. */
export interface Telling {
  /** Looks at an endpoint about which something was learnt; `evidence` says what, where it speaks for health. */
  lookAt(endpoint: Endpoint, evidence: string): void
  /** Backends that a reload took away. */
  keepOnly(backends: ReadonlySet<string>): void
}

export function createTelling(clock: Clock, ports: Pick<HealthPorts, 'onChange' | 'onFault'>): Telling {
  /** Those that were last told that their endpoint is unhealthy. */
  const unhealthy = new Set<string>()

  return {
    lookAt(endpoint, evidence) {
      const { url: apiUrl, state, thresholds } = endpoint
      const { healthy } = verdictOf(state, thresholds)
      if (healthy && unhealthy.size === 0) return
      const backends = endpoint.backends.filter((name) => unhealthy.has(name) === healthy)
      if (backends.length === 0) return
      for (const name of backends) {
        if (healthy) unhealthy.delete(name)
        else unhealthy.add(name)
      }
      const why = reasonOf(state, thresholds) ?? evidence
      try {
        ports.onChange({ apiUrl, backends, healthy, evidence: why, atMs: clock.nowMs() })
      } catch (error) {
        // This may be in the way of a call.
        ports.onFault(error)
      }
    },
    keepOnly(backends) {
      for (const name of unhealthy) if (!backends.has(name)) unhealthy.delete(name)
    },
  }
}
