/** What the command line reads of `GET /v1/usage/stats`; the JSON that it passes on has more. */
export interface StatsNumbers {
  request_count: number
  error_rate: number | null
  rejected_count: number
  billed_prompt_tokens: number
  billed_completion_tokens: number
  estimated_requests: number
  total_tool_calls: number
  total_cost: number
  list_cost: number
  unpriced_requests: number
  cache_hit_ratio: number | null
  unique_sessions: number
  ttft_stats: { p50_ms: number; p95_ms: number } | null
  duration_stats: { p50_ms: number; p95_ms: number } | null
}

export interface StatsAnswer extends StatsNumbers {
  groups?: (StatsNumbers & Record<string, unknown>)[]
  groups_total?: number
  filters: { start_date?: string; end_date?: string; time_zone?: string }
  filters_without_match: string[]
}
