import type { UsageRecord } from '../record/record.ts'

/** The fields of a record that statistics look at, beside its time. */
export const countedFields = [
  ...['id', 'session_id', 'frontend_type', 'backend_type', 'backend_instance_id', 'model'],
  ...['call_purpose', 'outcome', 'incomplete_reason', 'http_status_code', 'attempts', 'attempt_log'],
  ...['replaced', 'tags', 'verbatim_prompt_tokens', 'mutated_prompt_tokens', 'verbatim_completion_tokens'],
  ...['mutated_completion_tokens', 'tokens_source', 'backend_reported_usage', 'cost_usd', 'cost_parts'],
  ...['list_cost_usd', 'cost_source', 'tool_call_count', 'tool_names', 'ttft_ms', 'stream_tps'],
  ...['backend_wait_ms', 'longest_gap_ms', 'proxy_processing_ms', 'total_duration_ms', 'client_app'],
  'proxy_user',
] as const satisfies readonly (keyof UsageRecord)[]

export type CountedRecord = Pick<UsageRecord, (typeof countedFields)[number]>
