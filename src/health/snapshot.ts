import type { Endpoint } from './endpoint.ts'
import { verdictOf } from './verdict.ts'

/** `endpoint_health` of `GET /internal/health`, but for its backends. */
export interface EndpointHealth {
  enabled: boolean
  summary: { total_endpoints: number; healthy_endpoints: number; unhealthy_endpoints: number }
  endpoints: EndpointReport[]
}

/** Times are ISO 8601; null: never. */
export interface EndpointReport {
  api_url: string
  is_healthy: boolean
  /** False from the n-th failure in a row. */
  ping_check_success: boolean
  http_check_success: boolean
  last_ping_check_timestamp: string | null
  last_http_check_timestamp: string | null
  last_successful_ping_timestamp: string | null
  last_successful_http_timestamp: string | null
  consecutive_ping_failures: number
  consecutive_http_failures: number
  last_ping_latency_ms: number | null
  last_http_latency_ms: number | null
  last_http_status_code: number | null
  /** Where `ping_available` is false, why. */
  last_ping_error: string | null
  last_http_error: string | null
  ping_available: boolean
  last_traffic_success_timestamp: string | null
  backends_using_url: readonly string[]
}

export function healthOf(enabled: boolean, endpoints: readonly Endpoint[]): EndpointHealth {
  const reports = endpoints.map(reportOf)
  const healthy = reports.filter((report) => report.is_healthy).length
  const [total, unhealthy] = [reports.length, reports.length - healthy]
  return {
    enabled,
    summary: { total_endpoints: total, healthy_endpoints: healthy, unhealthy_endpoints: unhealthy },
    endpoints: reports,
  }
}

function reportOf({ url, state, thresholds, backends }: Endpoint): EndpointReport {
  const { ping, http } = state
  const verdict = verdictOf(state, thresholds)
  return {
    api_url: url,
    is_healthy: verdict.healthy,
    ping_check_success: !verdict.pingFailed,
    http_check_success: !verdict.httpFailed,
    last_ping_check_timestamp: iso(ping.lastCheckMs),
    last_http_check_timestamp: iso(http.lastCheckMs),
    last_successful_ping_timestamp: iso(ping.lastSuccessMs),
    last_successful_http_timestamp: iso(http.lastSuccessMs),
    consecutive_ping_failures: ping.consecutiveFailures,
    consecutive_http_failures: http.consecutiveFailures,
    last_ping_latency_ms: thousandths(ping.lastLatencyMs),
    last_http_latency_ms: thousandths(http.lastLatencyMs),
    last_http_status_code: state.lastStatus,
    last_ping_error: state.pingUnavailable ?? ping.lastError,
    last_http_error: http.lastError,
    ping_available: state.pingUnavailable === null,
    last_traffic_success_timestamp: iso(state.lastTraffic?.ms ?? null),
    backends_using_url: backends,
  }
}

function iso(ms: number | null): string | null {
  return ms === null ? null : new Date(ms).toISOString()
}

function thousandths(ms: number | null): number | null {
  return ms === null ? null : Math.round(ms * 1000) / 1000
}
