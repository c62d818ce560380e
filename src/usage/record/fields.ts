import type { UsageRecord } from './record.ts'

/** How a field is kept where there are columns. `usd`: whole nano-dollars; `time`: milliseconds since 1970. */
export type FieldKind = 'text' | 'integer' | 'real' | 'boolean' | 'json' | 'usd' | 'time'

/** All fields of a record, in the order in which they are shown and exported. */
export const fieldKinds = {
  id: 'text',
  timestamp: 'time',
  session_id: 'text',
  turn_number: 'integer',
  frontend_type: 'text',
  requested_model: 'text',
  backend_type: 'text',
  backend_instance_id: 'text',
  model: 'text',
  stream: 'boolean',
  call_purpose: 'text',
  outcome: 'text',
  incomplete_reason: 'text',
  error_type: 'text',
  http_status_code: 'integer',
  attempts: 'integer',
  attempt_log: 'json',
  replaced: 'boolean',
  replacement: 'json',
  tags: 'json',
  verbatim_prompt_tokens: 'integer',
  mutated_prompt_tokens: 'integer',
  verbatim_completion_tokens: 'integer',
  mutated_completion_tokens: 'integer',
  total_tokens: 'integer',
  tokens_source: 'text',
  token_count_method: 'text',
  counter_version: 'text',
  backend_reported_usage: 'json',
  cost_usd: 'usd',
  cost_parts: 'json',
  list_cost_usd: 'usd',
  billing: 'text',
  cost_basis: 'text',
  cost_source: 'text',
  price_version: 'text',
  tool_call_count: 'integer',
  tool_names: 'json',
  tool_error_count: 'integer',
  ttft_ms: 'real',
  stream_tps: 'real',
  backend_wait_ms: 'real',
  queued_ms: 'real',
  longest_gap_ms: 'real',
  client_blocked_ms: 'real',
  proxy_processing_ms: 'real',
  total_duration_ms: 'real',
  user_agent: 'text',
  client_app: 'text',
  app_title: 'text',
  proxy_user: 'text',
} as const satisfies Record<keyof UsageRecord, FieldKind>

export const fieldNames = Object.keys(fieldKinds) as (keyof UsageRecord)[]

const nanoPerUsd = 1e9

/** Exact for every sum below nine million dollars. */
export function nanoUsdOf(usd: number): number {
  return Math.round(usd * nanoPerUsd)
}
