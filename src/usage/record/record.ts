import type { CostKind, CostSource } from '../../core/cost.ts'
import type {
  Billing,
  CallPurpose,
  IncompleteReason,
  Outcome,
  ReplacementDecision,
} from '../../core/exchange.ts'
import type { ProtocolName } from '../../core/protocol-name.ts'

/** Ways to count tokens, from the best to the least. */
export type TokenCountMethod = 'tokenizer' | 'approximate' | 'bytes' | 'none'

export type { ReplacementDecision }

/**
 * What became of one exchange, as it is stored, exported and shown (`spec/usage.md`, The record). Every key is
 * always there; what is not known is null. Never in it: words of prompts and answers, arguments of tools, keys,
 * addresses, account ids.
 */
export interface UsageRecord {
  id: string
  /** ISO 8601 with milliseconds and `Z`: when the exchange opened. */
  timestamp: string
  session_id: string | null
  turn_number: number | null
  frontend_type: ProtocolName
  requested_model: string | null
  /** Of the last attempt. */
  backend_type: string | null
  backend_instance_id: string | null
  model: string | null
  stream: boolean
  call_purpose: CallPurpose
  outcome: Outcome
  incomplete_reason: IncompleteReason | null
  error_type: string | null
  http_status_code: number | null
  attempts: number
  attempt_log: AttemptEntry[]
  replaced: boolean
  replacement: { rule: string; decision: ReplacementDecision } | null
  tags: Record<string, string>
  /** CTP, PTB, BTP, PTC: our own counts. */
  verbatim_prompt_tokens: number | null
  mutated_prompt_tokens: number | null
  verbatim_completion_tokens: number | null
  mutated_completion_tokens: number | null
  /** Our count of what the provider processed: the prompt as sent and the completion as received. */
  total_tokens: number | null
  /** Whose number is billed. */
  tokens_source: 'provider' | 'count' | null
  token_count_method: TokenCountMethod
  counter_version: string
  backend_reported_usage: BackendReportedUsage | null
  cost_usd: number | null
  cost_parts: CostEntry[] | null
  list_cost_usd: number | null
  billing: Billing | null
  cost_basis: 'provider_cost' | 'provider_tokens' | 'own_count' | null
  cost_source: CostSource | null
  price_version: string | null
  tool_call_count: number
  tool_names: string[]
  tool_error_count: number | null
  ttft_ms: number | null
  /** Completion tokens a second, from the first content to the last byte. */
  stream_tps: number | null
  backend_wait_ms: number | null
  queued_ms: number
  longest_gap_ms: number | null
  client_blocked_ms: number
  proxy_processing_ms: number | null
  total_duration_ms: number
  user_agent: string | null
  client_app: string | null
  app_title: string | null
  proxy_user: string | null
}

export interface AttemptEntry {
  backend_type: string
  backend_instance_id: string
  model: string | null
  response_model: string | null
  /** Since the exchange opened. */
  started_ms: number
  /** Since the attempt started. */
  ttft_ms: number | null
  duration_ms: number | null
  http_status_code: number | null
  error_type: string | null
  reason: string | null
  upstream_request_id: string | null
  backend_reported_usage: BackendReportedUsage | null
  cost_usd: number | null
}

/** A provider's report in one convention: prompt tokens include cache reads and writes. Absent parts were not told. */
export interface BackendReportedUsage {
  prompt_tokens?: number
  completion_tokens?: number
  total_tokens?: number
  prompt_tokens_details?: {
    cached_tokens?: number
    cache_write_tokens?: number
    cache_write_1h_tokens?: number
    audio_tokens?: number
  }
  completion_tokens_details?: { reasoning_tokens?: number; audio_tokens?: number }
  service_tier?: string
  cost?: number
}

export interface CostEntry {
  kind: CostKind
  tokens: number
  usd_per_million: number
}
