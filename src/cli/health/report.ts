import {
  arrayAt,
  isObject,
  type Json,
  type JsonObject,
  numberAt,
  objectAt,
  stringAt,
} from '../../core/json.ts'

/** What the command line reads of `GET /internal/health`. What an older proxy does not say is null or empty. */
export interface HealthReport {
  status: string | null
  version: string | null
  uptimeMs: number | null
  /** Whether endpoints are checked at all. */
  checksOn: boolean | null
  endpointCount: number | null
  healthyCount: number | null
  endpoints: readonly EndpointHealth[]
  /** null: not said, which is not the same as none. */
  backends: readonly BackendHealth[] | null
  fallbacksUsed: number
  ledger: KeeperHealth & { path: string | null; isWritable: boolean | null; pending: number }
  capture: KeeperHealth
  config: { file: string | null; lastError: string | null }
}

/** What writes down, and may fail to. */
interface KeeperHealth {
  dropped: number
  lastError: string | null
}

export interface EndpointHealth {
  url: string
  isHealthy: boolean | null
  pingAvailable: boolean | null
  ping: CheckHealth
  http: CheckHealth & { statusCode: number | null }
  usedBy: readonly string[]
}

export interface CheckHealth {
  /** null: not checked so far. */
  isSuccess: boolean | null
  checkedAtMs: number | null
  failures: number
  latencyMs: number | null
  error: string | null
}

export interface BackendHealth {
  name: string
  state: string | null
  reason: string | null
  isEndpointHealthy: boolean | null
  retryAtMs: number | null
  inFlight: number | null
  queued: number | null
  quota: readonly QuotaHealth[]
}

export interface QuotaHealth {
  name: string
  remaining: number | null
  usedRatio: number | null
  resetsAtMs: number | null
}

/** A thousand years. */
const mostSeconds = 3e10

/** null: whatever answered, it was not the health of a proxy of ours. Many programs say `{"status": "ok"}`. */
export function readReport(answer: unknown): HealthReport | null {
  const health = objectAt(answer, 'endpoint_health')
  if (health === undefined) return null
  const summary = objectAt(health, 'summary')
  const usage = objectAt(answer, 'usage')
  const config = objectAt(answer, 'config')
  const uptimeSeconds = numberAt(answer, 'uptime_seconds')
  return {
    status: text(answer, 'status'),
    version: text(answer, 'version'),
    uptimeMs: uptimeSeconds === undefined || uptimeSeconds > mostSeconds ? null : uptimeSeconds * 1_000,
    checksOn: flag(health, 'enabled'),
    endpointCount: numberAt(summary, 'total_endpoints') ?? null,
    healthyCount: numberAt(summary, 'healthy_endpoints') ?? null,
    endpoints: objects(health, 'endpoints').map(endpoint),
    backends: arrayAt(health, 'backends')?.filter(isObject).map(backend) ?? null,
    fallbacksUsed: numberAt(answer, 'fallback_used_total') ?? 0,
    ledger: {
      ...keeper(usage),
      path: text(usage, 'path'),
      isWritable: flag(usage, 'writable'),
      pending: numberAt(usage, 'pending_records') ?? 0,
    },
    capture: keeper(objectAt(answer, 'capture')),
    config: { file: text(config, 'file'), lastError: text(config, 'last_error') },
  }
}

function keeper(of: JsonObject | undefined): KeeperHealth {
  return { dropped: numberAt(of, 'dropped_records') ?? 0, lastError: text(of, 'last_error') }
}

function endpoint(of: JsonObject): EndpointHealth {
  return {
    url: text(of, 'api_url') ?? '',
    isHealthy: flag(of, 'is_healthy'),
    pingAvailable: flag(of, 'ping_available'),
    ping: check(of, 'ping'),
    http: { ...check(of, 'http'), statusCode: numberAt(of, 'last_http_status_code') ?? null },
    usedBy: (arrayAt(of, 'backends_using_url') ?? []).filter((name) => typeof name === 'string'),
  }
}

function check(of: JsonObject, kind: 'ping' | 'http'): CheckHealth {
  const checkedAtMs = time(of[`last_${kind}_check_timestamp`])
  return {
    isSuccess: checkedAtMs === null ? null : flag(of, `${kind}_check_success`),
    checkedAtMs,
    failures: numberAt(of, `consecutive_${kind}_failures`) ?? 0,
    latencyMs: numberAt(of, `last_${kind}_latency_ms`) ?? null,
    error: text(of, `last_${kind}_error`),
  }
}

function backend(of: JsonObject): BackendHealth {
  return {
    name: text(of, 'name') ?? '',
    state: text(of, 'state'),
    reason: text(of, 'reason'),
    isEndpointHealthy: flag(of, 'is_endpoint_healthy'),
    retryAtMs: time(of.retry_at),
    inFlight: numberAt(of, 'in_flight') ?? null,
    queued: numberAt(of, 'queued') ?? null,
    quota: objects(of, 'quota').map((one) => ({
      name: text(one, 'name') ?? '',
      remaining: numberAt(one, 'remaining') ?? null,
      usedRatio: numberAt(one, 'used_ratio') ?? null,
      resetsAtMs: time(one.resets_at),
    })),
  }
}

function objects(of: JsonObject | undefined, key: string): JsonObject[] {
  return (arrayAt(of, key) ?? []).filter(isObject)
}

function text(of: unknown, key: string): string | null {
  return stringAt(of, key)?.trim() || null
}

function flag(of: JsonObject | undefined, key: string): boolean | null {
  const value = of?.[key]
  return typeof value === 'boolean' ? value : null
}

/** ISO 8601, or seconds since 1970. */
function time(value: Json | undefined): number | null {
  if (typeof value === 'number') return value > 0 ? value * 1_000 : null
  const ms = typeof value === 'string' ? Date.parse(value) : Number.NaN
  return Number.isNaN(ms) ? null : ms
}
