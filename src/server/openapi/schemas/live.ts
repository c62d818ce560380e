import * as z from 'zod'
import {
  type LiveBackend,
  type LiveExchange,
  type LiveIssue,
  type LiveRecent,
  type LiveSession,
  type LiveSnapshot,
  liveStates,
} from '../../../core/live-snapshot.ts'
import {
  amount,
  backendState,
  callPurpose,
  circuitHistory,
  count,
  decision,
  incompleteReason,
  maybeAmount,
  maybeCount,
  maybeText,
  maybeTime,
  named,
  outcome,
  protocol,
  text,
  time,
  yes,
} from './words.ts'

const series = named('Series', z.array(maybeAmount).describe('One number a step, the oldest first'))

const percentiles = named(
  'Percentiles',
  z.strictObject({
    ...{ p50: maybeAmount, p95: maybeAmount, p99: maybeAmount, count },
    series: z.strictObject({ p50: series, p95: series }),
  }),
)

const traffic = z.strictObject({
  requests_per_second: amount,
  tokens_in_per_second: amount,
  tokens_out_per_second: amount,
  requests: count,
  errors: count,
  error_ratio: maybeAmount,
  peak_requests_per_second: amount,
  series: z.strictObject({ requests_per_second: series, tokens_per_second: series, error_ratio: series }),
})

const cost = z.strictObject({
  usd_per_hour: maybeAmount,
  usd_today: maybeAmount,
  unpriced: count,
  cache_ratio: maybeAmount,
  cache_saved_usd: maybeAmount,
  series: z.strictObject({ usd: series }),
})

const backend = z.strictObject({
  name: text,
  backend_type: text,
  state: backendState,
  reason: maybeText,
  retry_at: maybeTime,
  circuit_history: circuitHistory,
  in_flight: count,
  queued: count,
  quota: z
    .strictObject({ name: text, used_ratio: maybeAmount, resets_at: maybeTime })
    .nullable()
    .describe('The scarcest limit'),
  requests_per_second: amount,
  requests: count,
  errors: count,
  error_ratio: maybeAmount,
  ttft_ms: z.strictObject({ p50: maybeAmount, p95: maybeAmount }),
  tokens_out_per_second: amount,
  usd_per_hour: maybeAmount,
  last_error: z.strictObject({ at: time, text }).nullable(),
} satisfies Record<keyof LiveBackend, z.ZodType>)

const exchange = z.strictObject({
  id: text,
  age_ms: amount,
  state: z.enum(liveStates),
  state_ms: amount,
  waiting_for: z.enum(['backend', 'client', 'proxy']),
  frontend: protocol,
  client_app: maybeText,
  proxy_user: maybeText,
  session_id: maybeText,
  turn_number: maybeCount,
  requested_model: maybeText,
  backend: maybeText,
  model: maybeText,
  attempt: count,
  attempts: count,
  output_tokens: maybeCount,
  tps: maybeAmount,
  ttft_ms: maybeAmount,
  cost_usd: maybeAmount,
  replaced: yes,
} satisfies Record<keyof LiveExchange, z.ZodType>)

const recent = z.strictObject({
  id: text,
  at: time,
  status: maybeCount,
  outcome,
  incomplete_reason: incompleteReason.nullable(),
  error: maybeText,
  frontend: protocol,
  client_app: maybeText,
  session_id: maybeText,
  turn_number: maybeCount,
  call_purpose: callPurpose,
  requested_model: maybeText,
  backend: maybeText,
  model: maybeText,
  attempts: count,
  prompt_tokens: maybeCount,
  completion_tokens: maybeCount,
  cached_tokens: maybeCount,
  tokens_reported: yes,
  ttft_ms: maybeAmount,
  duration_ms: amount,
  cost_usd: maybeAmount,
  replacement: decision.nullable(),
  issue: maybeText,
} satisfies Record<keyof LiveRecent, z.ZodType>)

const session = z.strictObject({
  id: text,
  client_app: maybeText,
  turns: count,
  tokens: count,
  cost_usd: maybeAmount,
  in_flight: count,
  last_end_ms_ago: maybeAmount,
  last_stop: maybeText,
  client_runs: z.array(text).describe('Tools that its client runs now'),
  issues: count,
} satisfies Record<keyof LiveSession, z.ZodType>)

const issue = z.strictObject({
  code: text,
  severity: z.enum(['info', 'note', 'warn', 'error']),
  fault: z.enum(['client', 'proxy', 'backend', 'network']).nullable(),
  exchange_id: maybeText,
  session_id: maybeText,
  at: maybeTime,
  description: text,
} satisfies Record<keyof LiveIssue, z.ZodType>)

export const liveSnapshot = named(
  'LiveSnapshot',
  z.strictObject({
    version: text,
    at: time,
    uptime_seconds: count,
    draining: yes,
    windows: z.strictObject({
      ...{ rate_seconds: count, window_seconds: count, step_seconds: count, steps: count },
    }),
    traffic,
    latency: z.strictObject({ ttft_ms: percentiles, duration_ms: percentiles, overhead_ms: percentiles }),
    cost,
    backends: z.array(named('LiveBackend', backend)),
    in_flight_total: count,
    in_flight: z.array(named('LiveExchange', exchange)),
    recent: z.array(named('LiveRecent', recent)).describe('The newest first'),
    sessions_total: count,
    sessions: z.array(named('LiveSession', session)),
    issues_total: count,
    issues: z.array(named('LiveIssue', issue)),
  } satisfies Record<keyof LiveSnapshot, z.ZodType>),
)
