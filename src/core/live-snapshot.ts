import type { CallPurpose, IncompleteReason, Outcome, ReplacementDecision } from './exchange.ts'
import type { ProtocolName } from './protocol-name.ts'

/** Where an exchange that is in flight stands (`spec/http-api.md`, live). */
export const liveStates = [
  'queued',
  'connecting',
  'sent',
  'thinking',
  'streaming',
  'stalled',
  'client_slow',
  'retrying',
  'draining',
] as const
export type LiveState = (typeof liveStates)[number]

/** For whom everything waits. */
export type WaitingFor = 'backend' | 'client' | 'proxy'

/** One number of each step of the last five minutes, the oldest first; null where nothing was measured in it. */
export type Series = readonly (number | null)[]

/** Milliseconds at percentiles over the last five minutes; null where nothing was measured. */
export interface LivePercentiles {
  p50: number | null
  p95: number | null
  p99: number | null
  count: number
  /** p50 and p95 of each step. */
  series: { p50: Series; p95: Series }
}

/**
 * `GET /internal/live`, what `llmproxy top` draws: rates over 10 s, percentiles and shares over 5 min. No prompt text.
 * `?limit=N` (1 to 1000, 10 if it is not given) bounds the lists; their totals stand beside them.
 */
export interface LiveSnapshot {
  version: string
  /** ISO 8601. */
  at: string
  uptime_seconds: number
  /** It ends: what is in flight is let finish, nothing new is taken. */
  draining: boolean
  windows: { rate_seconds: number; window_seconds: number; step_seconds: number; steps: number }
  traffic: LiveTraffic
  latency: {
    ttft_ms: LivePercentiles
    duration_ms: LivePercentiles
    /** What the proxy itself added. */
    overhead_ms: LivePercentiles
  }
  cost: LiveCost
  backends: LiveBackend[]
  /** Of all in flight; `in_flight` may have fewer, the oldest of them. */
  in_flight_total: number
  in_flight: LiveExchange[]
  /** The newest first. */
  recent: LiveRecent[]
  sessions_total: number
  /** Those heard of last first. */
  sessions: LiveSession[]
  issues_total: number
  /** The newest first. */
  issues: LiveIssue[]
}

export interface LiveTraffic {
  requests_per_second: number
  tokens_in_per_second: number
  tokens_out_per_second: number
  /** Over the five minutes: exchanges that closed, and those of them that were errors. A client that left is none. */
  requests: number
  errors: number
  /** Null without requests. */
  error_ratio: number | null
  peak_requests_per_second: number
  series: { requests_per_second: Series; tokens_per_second: Series; error_ratio: Series }
}

export interface LiveCost {
  /** As the five minutes go on; null where nothing in them had a price. */
  usd_per_hour: number | null
  /** Since midnight of the server's zone, in the ledger; null without one, or while it has not been read. */
  usd_today: number | null
  /** Over the five minutes: exchanges without a price. */
  unpriced: number
  /** Prompt tokens that came from a cache, of all prompt tokens; null where no provider told. */
  cache_ratio: number | null
  /** What they would have cost more without it; null where it is not known. */
  cache_saved_usd: number | null
  series: { usd: Series }
}

/** A backend as in `GET /internal/health`, with what the last five minutes were like. */
export interface LiveBackend {
  name: string
  backend_type: string
  state: 'ok' | 'excluded' | 'open' | 'half_open' | 'cooldown' | 'misconfigured' | 'no_credential' | 'full'
  reason: string | null
  retry_at: string | null
  /** The last changes of its circuit breaker's state, the newest first. */
  circuit_history: { at: string; state: 'closed' | 'open' | 'half_open'; reason: string | null }[]
  in_flight: number
  queued: number
  /** The scarcest limit that the last answer told of. */
  quota: { name: string; used_ratio: number | null; resets_at: string | null } | null
  requests_per_second: number
  /** Attempts over the five minutes, and those of them that failed. */
  requests: number
  errors: number
  error_ratio: number | null
  ttft_ms: { p50: number | null; p95: number | null }
  tokens_out_per_second: number
  usd_per_hour: number | null
  last_error: { at: string; text: string } | null
}

export interface LiveExchange {
  id: string
  age_ms: number
  state: LiveState
  /** How long it has been in that state. */
  state_ms: number
  waiting_for: WaitingFor
  frontend: ProtocolName
  client_app: string | null
  proxy_user: string | null
  session_id: string | null
  turn_number: number | null
  requested_model: string | null
  backend: string | null
  model: string | null
  /** The attempt that runs, and how many targets its plan has as far as it is known. */
  attempt: number
  attempts: number
  /** Counted as they pass: an estimate until the provider reports. Null where the answer is not decoded. */
  output_tokens: number | null
  /** Output tokens a second since the first. */
  tps: number | null
  ttft_ms: number | null
  /** So far, an estimate; null without a price. */
  cost_usd: number | null
  replaced: boolean
}

export interface LiveRecent {
  id: string
  /** When it closed. */
  at: string
  status: number | null
  outcome: Outcome
  incomplete_reason: IncompleteReason | null
  /** The error's stable code. */
  error: string | null
  frontend: ProtocolName
  client_app: string | null
  session_id: string | null
  turn_number: number | null
  call_purpose: CallPurpose
  requested_model: string | null
  backend: string | null
  model: string | null
  attempts: number
  prompt_tokens: number | null
  completion_tokens: number | null
  cached_tokens: number | null
  /** The provider reported them; else they are counted. */
  tokens_reported: boolean
  ttft_ms: number | null
  duration_ms: number
  cost_usd: number | null
  replacement: ReplacementDecision | null
  /** Code of the worst issue that was seen live. */
  issue: string | null
}

export interface LiveSession {
  id: string
  client_app: string | null
  turns: number
  tokens: number
  /** Null where none of its exchanges had a price. */
  cost_usd: number | null
  in_flight: number
  /** Since its last exchange closed; null while none has. */
  last_end_ms_ago: number | null
  last_stop: string | null
  /** After an answer that ended in tool calls: what the client runs meanwhile. */
  client_runs: string[]
  issues: number
}

export interface LiveIssue {
  code: string
  severity: 'info' | 'note' | 'warn' | 'error'
  /** Whose it is; null where that cannot be told from passing traffic. */
  fault: 'client' | 'proxy' | 'backend' | 'network' | null
  exchange_id: string | null
  session_id: string | null
  at: string | null
  description: string
}
