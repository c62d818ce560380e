import * as z from 'zod'
import type { EndpointReport } from '../../../health/snapshot.ts'
import type { Drift } from '../../../usage/drift/drift-alarm.ts'
import type { BackendReport } from '../../compose/backend-report.ts'
import {
  amount,
  backendState,
  circuitHistory,
  count,
  maybeAmount,
  maybeCount,
  maybeText,
  maybeTime,
  named,
  text,
  time,
  yes,
} from './words.ts'

const quota = z.strictObject({
  name: z.enum(['requests', 'tokens', 'input_tokens', 'output_tokens', '5h', '7d']),
  limit: maybeAmount,
  remaining: maybeAmount,
  used_ratio: maybeAmount.describe('From 0, nothing used, to 1'),
  resets_at: maybeTime,
})

const endpoint = z.strictObject({
  api_url: text,
  is_healthy: yes,
  ping_check_success: yes,
  http_check_success: yes,
  last_ping_check_timestamp: maybeTime,
  last_http_check_timestamp: maybeTime,
  last_successful_ping_timestamp: maybeTime,
  last_successful_http_timestamp: maybeTime,
  consecutive_ping_failures: count,
  consecutive_http_failures: count,
  last_ping_latency_ms: maybeAmount,
  last_http_latency_ms: maybeAmount,
  last_http_status_code: maybeCount,
  last_ping_error: maybeText,
  last_http_error: maybeText,
  ping_available: yes,
  last_traffic_success_timestamp: maybeTime,
  backends_using_url: z.array(text),
}) satisfies z.ZodType<EndpointReport>

const backend = z.strictObject({
  name: text,
  backend_type: text,
  api_url: text,
  credentials: text,
  state: backendState,
  reason: maybeText.describe('A sentence'),
  is_endpoint_healthy: yes,
  consecutive_failures: count,
  opened_at: maybeTime,
  retry_at: maybeTime,
  circuit_history: circuitHistory,
  in_flight: count,
  queued: count,
  quota: z.array(quota).describe('From the last answer’s rate-limit headers'),
}) satisfies z.ZodType<BackendReport>

const drift = z.strictObject({
  backend: text,
  model: text,
  side: text,
  ratio: amount.describe('Reported by counted tokens'),
  band: z.tuple([amount, amount]),
  exchanges: count,
  since: time,
} satisfies Record<keyof Drift, z.ZodType>)

export const health = named(
  'Health',
  z.strictObject({
    status: z.enum(['ok', 'degraded', 'down']),
    version: text,
    uptime_seconds: count,
    endpoint_health: z.strictObject({
      enabled: yes,
      summary: z.strictObject({
        total_endpoints: count,
        healthy_endpoints: count,
        unhealthy_endpoints: count,
      }),
      endpoints: z.array(named('Endpoint', endpoint)),
      backends: z.array(named('Backend', backend)),
    }),
    fallback_used_total: count,
    usage: z.strictObject({
      store: maybeText,
      path: maybeText,
      writable: yes,
      last_write: maybeTime,
      pending_records: count,
      dropped_records: count,
      archived_records: count,
      last_error: maybeText,
      drifting: z.array(named('Drift', drift)).describe('Models whose reports do not fit our counts'),
    }),
    capture: z.strictObject({
      mode: z.enum(['off', 'recent', 'all']),
      file: maybeText,
      bytes: count,
      dropped_records: count,
      last_error: maybeText,
    }),
    config: z.strictObject({ file: maybeText, loaded_at: time, last_error: maybeText }),
    monitors_off: z.array(z.strictObject({ name: text, reason: text })),
  }),
)

export const backendReset = z.strictObject({ name: text, reset: z.literal(true) })
