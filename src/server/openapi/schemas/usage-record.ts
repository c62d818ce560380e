import * as z from 'zod'
import type { UsageRecord } from '../../../usage/record/record.ts'
import {
  amount,
  callPurpose,
  count,
  decision,
  incompleteReason,
  maybeAmount,
  maybeCount,
  maybeText,
  named,
  outcome,
  protocol,
  text,
  time,
  yes,
} from './words.ts'

const reported = named(
  'ReportedUsage',
  z
    .strictObject({
      prompt_tokens: count.optional(),
      completion_tokens: count.optional(),
      total_tokens: count.optional(),
      prompt_tokens_details: z
        .strictObject({
          cached_tokens: count.optional(),
          cache_write_tokens: count.optional(),
          cache_write_1h_tokens: count.optional(),
          audio_tokens: count.optional(),
        })
        .optional(),
      completion_tokens_details: z
        .strictObject({ reasoning_tokens: count.optional(), audio_tokens: count.optional() })
        .optional(),
      service_tier: text.optional(),
      cost: amount.optional(),
    })
    .describe(
      'A provider’s report: prompt tokens include cache reads and writes; absent parts were not told',
    ),
)

const attempt = z.strictObject({
  backend_type: text,
  backend_instance_id: text,
  model: maybeText,
  response_model: maybeText,
  started_ms: amount,
  ttft_ms: maybeAmount,
  duration_ms: maybeAmount,
  http_status_code: maybeCount,
  error_type: maybeText,
  reason: maybeText,
  upstream_request_id: maybeText,
  backend_reported_usage: reported.nullable(),
  cost_usd: maybeAmount,
})

const cost = z.strictObject({
  kind: z.enum([
    ...(['input', 'cache_read', 'cache_write', 'cache_write_1h', 'output', 'input_audio'] as const),
    ...(['output_audio', 'request'] as const),
  ]),
  tokens: amount,
  usd_per_million: amount,
})

/** Every key is always there; null is unknown (`spec/usage.md`, The record). */
export const usageRecord = named(
  'UsageRecord',
  z.strictObject({
    id: text,
    timestamp: time,
    session_id: maybeText,
    turn_number: maybeCount,
    frontend_type: protocol,
    requested_model: maybeText,
    backend_type: maybeText,
    backend_instance_id: maybeText,
    model: maybeText,
    stream: yes,
    call_purpose: callPurpose,
    outcome,
    incomplete_reason: incompleteReason.nullable(),
    error_type: maybeText,
    http_status_code: maybeCount,
    attempts: count,
    attempt_log: z.array(named('UsageAttempt', attempt)),
    replaced: yes,
    replacement: z.strictObject({ rule: text, decision }).nullable(),
    tags: z.record(z.string(), text),
    verbatim_prompt_tokens: maybeCount.describe('Our count of the prompt as the client sent it'),
    mutated_prompt_tokens: maybeCount.describe('Our count of the prompt as the backend got it'),
    verbatim_completion_tokens: maybeCount.describe('Our count of the answer as the backend sent it'),
    mutated_completion_tokens: maybeCount.describe('Our count of the answer as the client got it'),
    total_tokens: maybeCount,
    tokens_source: z.enum(['provider', 'count']).nullable().describe('Whose number is billed'),
    token_count_method: z.enum(['tokenizer', 'approximate', 'bytes', 'none']),
    counter_version: text,
    backend_reported_usage: reported.nullable(),
    cost_usd: maybeAmount,
    cost_parts: z.array(cost).nullable(),
    list_cost_usd: maybeAmount.describe('What a plan’s tokens would have cost'),
    billing: z.enum(['api', 'subscription']).nullable(),
    cost_basis: z.enum(['provider_cost', 'provider_tokens', 'own_count']).nullable(),
    cost_source: z.enum(['provider', 'config', 'catalog']).nullable(),
    price_version: maybeText,
    tool_call_count: count,
    tool_names: z.array(text),
    tool_error_count: maybeCount,
    ttft_ms: maybeAmount,
    stream_tps: maybeAmount,
    backend_wait_ms: maybeAmount,
    queued_ms: amount,
    longest_gap_ms: maybeAmount,
    client_blocked_ms: amount,
    proxy_processing_ms: maybeAmount,
    total_duration_ms: amount,
    user_agent: maybeText,
    client_app: maybeText,
    app_title: maybeText,
    proxy_user: maybeText,
  } satisfies Record<keyof UsageRecord, z.ZodType>),
)

export const recentRecords = named(
  'UsageRecords',
  z.strictObject({
    records: z.array(usageRecord).describe('Newest first'),
    total: maybeCount.describe('Exact up to 10,000; null beyond'),
    limit: count,
    next_cursor: maybeText,
    has_more: yes,
  }),
)

export const exportedRecords = named(
  'UsageExport',
  z.strictObject({
    version: z.literal(1),
    exported_at: time,
    filters: z.record(z.string(), z.unknown()),
    records: z.array(usageRecord).describe('Oldest first'),
    record_count: count,
  }),
)
