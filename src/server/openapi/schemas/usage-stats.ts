import * as z from 'zod'
import type { StatsBody } from '../../../usage/statistics/stats.ts'
import { amount, count, maybeAmount, named, text } from './words.ts'

const ms = z.strictObject({
  ...{ count, min_ms: amount, max_ms: amount, avg_ms: amount },
  ...{ p50_ms: amount, p95_ms: amount, p99_ms: amount },
})
const tps = z.strictObject({
  ...{ count, min_tps: amount, max_tps: amount, avg_tps: amount },
  ...{ p50_tps: amount, p95_tps: amount, p99_tps: amount },
})
const maybeMs = named('Milliseconds', ms).nullable()
const counts = z.record(z.string(), count)

/** Sums are over what is known; null is a mean or ratio that nothing divides (`spec/usage.md`, Statistics). */
const body = {
  request_count: count,
  response_count: count,
  error_count: count,
  error_rate: maybeAmount,
  rejected_count: count,
  disconnect_count: count,
  unique_sessions: count,
  unique_sessions_method: z.enum(['exact', 'hyperloglog']),
  total_turns: count,
  total_prompt_tokens: count,
  total_completion_tokens: count,
  total_tokens: count,
  billed_prompt_tokens: count,
  billed_completion_tokens: count,
  billed_total_tokens: count,
  estimated_requests: count,
  tokens_per_session: maybeAmount,
  completion_tokens_per_second: maybeAmount,
  total_tokens_per_second: maybeAmount,
  total_tool_calls: count,
  tool_call_counts: counts,
  status_code_counts: counts,
  outcome_counts: counts,
  total_cost: amount.describe('US dollars, of what has a price'),
  list_cost: amount,
  cost_per_request: maybeAmount,
  cost_by_source: z.record(z.string(), amount),
  unpriced_requests: count,
  backend_reported_prompt_tokens: count,
  backend_reported_completion_tokens: count,
  backend_reported_total_tokens: count,
  requests_without_backend_usage: count,
  reconciliation: z.strictObject({
    requests: count,
    proxy_tokens: count,
    backend_tokens: count,
    difference: z.int(),
    ratio: maybeAmount,
    requests_without_report: count,
  }),
  cached_tokens: count,
  cache_write_tokens: count,
  reasoning_tokens: count,
  cache_hit_ratio: maybeAmount,
  cache_savings: amount,
  legs: z.strictObject({ CTP: count, PTB: count, BTP: count, PTC: count }),
  percentile_method: z.enum(['exact', 'ddsketch']),
  ttft_stats: maybeMs,
  backend_wait_stats: maybeMs,
  gap_stats: maybeMs,
  stream_tps_stats: tps.nullable(),
  proxy_processing_stats: maybeMs,
  duration_stats: maybeMs,
  time_window_seconds: amount,
} satisfies Record<keyof StatsBody, z.ZodType>

const groupValue = z.union([z.string(), z.number(), z.null()])

/** With a member for each key that was asked for in `group_by`. */
const group = z
  .object({
    ...body,
    ...Object.fromEntries(groupMembers().map((name) => [name, groupValue.optional()])),
  })
  .catchall(groupValue)

export const stats = named(
  'UsageStats',
  z.strictObject({
    ...body,
    groups: z.array(named('UsageGroup', group)).optional(),
    groups_total: count.optional(),
    filters: z.record(z.string(), z.unknown()).describe('As they were understood'),
    filters_without_match: z.array(text).describe('Values that no record has'),
  }),
)

function groupMembers(): string[] {
  return [
    ...['backend_type', 'backend', 'model', 'frontend_type', 'session_id', 'client_app', 'proxy_user'],
    ...['day', 'week', 'month', 'hour', 'hour_of_day', 'day_of_week', 'status', 'outcome', 'tool'],
  ]
}
