import { shownUrl } from '../../core/shown-url.ts'
import type { Monitors } from '../../proxy/monitors.ts'
import { canServe } from '../can-serve.ts'
import type { Configured } from '../configured.ts'
import { version } from '../version.ts'
import { type BackendReport, backendReport, isUsable, overallStatus } from './backend-report.ts'
import type { RunningCapture } from './capture.ts'
import type { RunningLedger } from './ledger.ts'
import type { WatchedBackends } from './watch-backends.ts'

/** Of the configuration: when it was taken, and why a later one was not. */
export interface ConfigStanding {
  loadedAtMs: number
  lastError: string | null
}

export interface InternalHealthParts {
  watched: WatchedBackends
  current: () => Configured
  standing: () => ConfigStanding
  ledger: RunningLedger | null
  capture: Pick<RunningCapture, 'state'>
  monitors: Monitors
  redactText: (text: string) => string
  /** Seconds since the start. */
  uptimeSeconds: () => number
}

/** `GET /internal/health` (`spec/http-api.md`), and whether the proxy is ready. */
export function internalHealth(parts: InternalHealthParts): {
  report(): Promise<object>
  isReady(): boolean
  /** Those that are configured, and those of these names. */
  backends(names: ReadonlySet<string>): BackendReport[]
} {
  const { watched, current, ledger, capture, monitors, redactText } = parts
  const redacted = (text: string | null) => (text === null ? null : redactText(text))
  const reportOf = (backend: Configured['backends'][number]): BackendReport | null => {
    const state = watched.availability.stateOf(backend.name)
    if (state === null) return null
    return backendReport({
      ...{ backend, shownUrl: shownUrl(backend.apiUrl) },
      state: {
        ...state,
        reason: redacted(state.reason),
        circuitHistory: state.circuitHistory.map((turn) => ({ ...turn, reason: redacted(turn.reason) })),
      },
      isEndpointHealthy: watched.health.isHealthy(backend),
      quota: watched.quotas.of(backend.name),
    })
  }
  /** Presets that nobody configured or used are no part of it. */
  const reports = (isMeant: (backend: Configured['backends'][number]) => boolean) =>
    current()
      .backends.filter(isMeant)
      .flatMap((backend) => reportOf(backend) ?? [])
  const shownBackends = (names: ReadonlySet<string>) =>
    reports(({ name, configured }) => configured || names.has(name))

  return {
    isReady() {
      const meant = reports((backend) => backend.configured && canServe(backend))
      return (meant.length > 0 ? meant : reports(canServe)).some(({ state }) => isUsable(state))
    },
    backends: shownBackends,
    async report() {
      const { enabled, summary, endpoints } = watched.health.snapshot()
      const checked = new Set(endpoints.flatMap(({ backends_using_url: names }) => names))
      const backends = shownBackends(checked)
      const { loaded } = current()
      const { loadedAtMs, lastError } = parts.standing()
      return {
        status: overallStatus(backends, summary.unhealthy_endpoints),
        version,
        uptime_seconds: parts.uptimeSeconds(),
        endpoint_health: { enabled, summary, endpoints, backends },
        fallback_used_total: watched.fallbackUsedTotal(),
        usage: ledger ? { ...(await ledger.state()), drifting: ledger.drifting() } : usageOff,
        capture: capture.state(),
        config: { file: loaded.file, loaded_at: new Date(loadedAtMs).toISOString(), last_error: lastError },
        monitors_off: monitors.switchedOff(),
      }
    },
  }
}

const usageOff = {
  ...{ store: null, path: null, writable: false, last_write: null, pending_records: 0 },
  ...{ dropped_records: 0, archived_records: 0, last_error: null, drifting: [] },
}
