import { usdOf } from '../../core/cost.ts'
import { type Leg, legs } from '../../core/exchange.ts'
import type { Tally } from './tally.ts'
import type { ValueSummary, Values } from './values.ts'

export interface MsStats {
  count: number
  min_ms: number
  max_ms: number
  avg_ms: number
  p50_ms: number
  p95_ms: number
  p99_ms: number
}

export interface TpsStats {
  count: number
  min_tps: number
  max_tps: number
  avg_tps: number
  p50_tps: number
  p95_tps: number
  p99_tps: number
}

/**
 * Statistics of one set of records (`spec/usage.md`, Statistics). Sums are over what is known and 0 on an empty set;
 * null is a mean or ratio that nothing divides, and measures without values.
 */
export type StatsBody = ReturnType<typeof statsOf>

export function statsOf(tally: Tally, leg: Leg | null) {
  const { sums } = tally
  const prompt = leg === null || leg === 'BTP' || leg === 'PTC' ? sums.PTB : sums[leg]
  const completion = leg === null || leg === 'CTP' || leg === 'PTB' ? sums.BTP : sums[leg]
  const seconds = tally.lastMs > tally.firstMs ? (tally.lastMs - tally.firstMs) / 1000 : 0
  const requests = sums.requests
  const cost = usd(tally.cost.value)
  const priced = requests - sums.unpriced
  const { measures } = tally
  return {
    request_count: requests,
    response_count: sums.responses,
    error_count: sums.errors,
    error_rate: ratio(sums.failedAttempts, sums.attempts),
    rejected_count: sums.rejected,
    disconnect_count: sums.disconnects,
    unique_sessions: tally.sessions.count,
    unique_sessions_method: tally.sessions.isExact ? 'exact' : 'hyperloglog',
    total_turns: sums.turns,
    total_prompt_tokens: prompt,
    total_completion_tokens: completion,
    total_tokens: prompt + completion,
    billed_prompt_tokens: sums.billedPrompt,
    billed_completion_tokens: sums.billedCompletion,
    billed_total_tokens: sums.billedPrompt + sums.billedCompletion,
    estimated_requests: sums.estimated,
    tokens_per_session: ratio(prompt + completion, tally.sessions.count),
    completion_tokens_per_second: ratio(completion, seconds),
    total_tokens_per_second: ratio(prompt + completion, seconds),
    total_tool_calls: sums.toolCalls,
    tool_call_counts: sorted(tally.tools),
    status_code_counts: sorted(tally.statuses),
    outcome_counts: sorted(tally.outcomes),
    total_cost: cost,
    list_cost: usd(tally.listCost.value),
    cost_per_request: ratio(cost, priced),
    cost_by_source: Object.fromEntries(
      [...tally.costBySource].map(([source, sum]) => [source, usd(sum.value)]),
    ),
    unpriced_requests: sums.unpriced,
    backend_reported_prompt_tokens: sums.reportedPrompt,
    backend_reported_completion_tokens: sums.reportedCompletion,
    backend_reported_total_tokens: sums.reportedTotal,
    requests_without_backend_usage: sums.withoutReport,
    reconciliation: {
      requests: sums.reconciledRequests,
      proxy_tokens: sums.reconciledProxyTokens,
      backend_tokens: sums.reconciledBackendTokens,
      difference: sums.reconciledProxyTokens - sums.reconciledBackendTokens,
      ratio: ratio(sums.reconciledProxyTokens, sums.reconciledBackendTokens),
      requests_without_report: sums.withoutReport,
    },
    cached_tokens: sums.cached,
    cache_write_tokens: sums.cacheWrite,
    reasoning_tokens: sums.reasoning,
    cache_hit_ratio: ratio(sums.cached, sums.reportedPrompt),
    cache_savings: usd(tally.cacheSavings.value),
    legs: Object.fromEntries(legs.map((name) => [name, sums[name]])) as Record<Leg, number>,
    percentile_method: Object.values(measures).every((values) => values.isExact) ? 'exact' : 'ddsketch',
    ttft_stats: inMs(measures.ttft),
    backend_wait_stats: inMs(measures.backendWait),
    gap_stats: inMs(measures.gap),
    stream_tps_stats: inTps(measures.streamTps),
    proxy_processing_stats: inMs(measures.proxyProcessing),
    duration_stats: inMs(measures.duration),
    time_window_seconds: seconds,
  }
}

function ratio(part: number, whole: number): number | null {
  return whole === 0 ? null : part / whole
}

/** JSON has no whole nano-dollars: beyond nine million dollars the last digits are rounded. */
function usd(nanoUsd: bigint): number {
  return usdOf(Number(nanoUsd))
}

/** Most frequent first; a name from outside cannot stand for a prototype's. */
function sorted(counts: ReadonlyMap<string, number>): Record<string, number> {
  const entries = [...counts].sort(([a, many], [b, more]) => more - many || (a < b ? -1 : 1))
  return Object.assign(Object.create(null), Object.fromEntries(entries)) as Record<string, number>
}

function inMs(values: Values): MsStats | null {
  return named(values.summary(), 'ms') as MsStats | null
}

function inTps(values: Values): TpsStats | null {
  return named(values.summary(), 'tps') as TpsStats | null
}

function named(summary: ValueSummary | null, unit: string): object | null {
  if (summary === null) return null
  const { count, ...measured } = summary
  return {
    count,
    ...Object.fromEntries(Object.entries(measured).map(([name, value]) => [`${name}_${unit}`, value])),
  }
}
