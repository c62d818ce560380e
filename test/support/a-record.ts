import type { AttemptEntry, UsageRecord } from '../../src/usage/record/record.ts'

let made = 0

/** An id as exchanges have it; each call gives a greater one. */
function anId(): string {
  made++
  return `x_${made.toString(32).padStart(20, '0')}`
}

/** The record of an exchange that went well, with a report of its provider. */
export function aRecord(changed: Partial<UsageRecord> = {}): UsageRecord {
  const record: UsageRecord = {
    id: changed.id ?? anId(),
    timestamp: '2026-11-10T12:00:00.000Z',
    session_id: 's_1',
    turn_number: 1,
    frontend_type: 'openai-chat',
    requested_model: 'gpt-4o',
    backend_type: 'openai',
    backend_instance_id: 'openai',
    model: 'gpt-4o',
    stream: true,
    call_purpose: 'chat',
    outcome: 'complete',
    incomplete_reason: null,
    error_type: null,
    http_status_code: 200,
    attempts: 1,
    attempt_log: [],
    replaced: false,
    replacement: null,
    tags: {},
    verbatim_prompt_tokens: 100,
    mutated_prompt_tokens: 100,
    verbatim_completion_tokens: 20,
    mutated_completion_tokens: 20,
    total_tokens: 120,
    tokens_source: 'provider',
    token_count_method: 'tokenizer',
    counter_version: 'o200k-2026-11',
    backend_reported_usage: { prompt_tokens: 98, completion_tokens: 21, total_tokens: 119 },
    cost_usd: 0.000455,
    cost_parts: [
      { kind: 'input', tokens: 98, usd_per_million: 2.5 },
      { kind: 'output', tokens: 21, usd_per_million: 10 },
    ],
    list_cost_usd: null,
    billing: 'api',
    cost_basis: 'provider_tokens',
    cost_source: 'catalog',
    price_version: 'genai-prices@0.1.8',
    tool_call_count: 0,
    tool_names: [],
    tool_error_count: 0,
    ttft_ms: 410.5,
    stream_tps: 42.1,
    backend_wait_ms: 300.25,
    queued_ms: 0,
    longest_gap_ms: 80.125,
    client_blocked_ms: 0,
    proxy_processing_ms: 0.75,
    total_duration_ms: 910.5,
    user_agent: 'test/1.0',
    client_app: 'claude-code',
    app_title: null,
    proxy_user: null,
    ...changed,
  }
  if (record.attempts === 1 && record.attempt_log.length === 0) record.attempt_log = [anEntry(record)]
  return record
}

/** One attempt, as the record says of the last one. */
export function anEntry(
  record: Partial<UsageRecord> = {},
  changed: Partial<AttemptEntry> = {},
): AttemptEntry {
  return {
    backend_type: record.backend_type ?? 'openai',
    backend_instance_id: record.backend_instance_id ?? 'openai',
    model: record.model ?? 'gpt-4o',
    response_model: null,
    started_ms: 1.5,
    ttft_ms: 400,
    duration_ms: 900,
    http_status_code: record.http_status_code ?? 200,
    error_type: record.error_type ?? null,
    reason: null,
    upstream_request_id: null,
    backend_reported_usage: record.backend_reported_usage ?? null,
    cost_usd: record.cost_usd ?? null,
    ...changed,
  }
}
