import { nanoUsdOf } from '../../core/cost.ts'
import type { AttemptEntry, BackendReportedUsage, UsageRecord } from '../record/record.ts'
import { type CountedRecord, countedFields } from './counted-record.ts'
import type { Fact } from './fact.ts'

/** What statistics take of a whole exchange. Written out: millions are made, and spreading parts takes five times as long. */
export function factOf(record: CountedRecord, atMs: number): Fact {
  const usage = record.backend_reported_usage
  return {
    id: record.id,
    atMs,
    attempts: record.attempts,
    failedAttempts: failedIn(record.attempt_log),
    outcome: record.outcome,
    incompleteReason: record.incomplete_reason,
    status: record.http_status_code,
    isTurn: record.session_id !== null && record.call_purpose === 'chat',
    sessionId: record.session_id,
    ctp: record.verbatim_prompt_tokens,
    ptb: record.mutated_prompt_tokens,
    btp: record.verbatim_completion_tokens,
    ptc: record.mutated_completion_tokens,
    tokensSource: record.tokens_source,
    reportedPrompt: usage?.prompt_tokens ?? null,
    reportedCompletion: usage?.completion_tokens ?? null,
    reportedTotal: totalOf(usage),
    cached: usage?.prompt_tokens_details?.cached_tokens ?? null,
    cacheWrite: usage?.prompt_tokens_details?.cache_write_tokens ?? null,
    reasoning: usage?.completion_tokens_details?.reasoning_tokens ?? null,
    costNanoUsd: nano(record.cost_usd),
    listCostNanoUsd: nano(record.list_cost_usd),
    cacheSavingsNanoUsd: cacheSavings(record.cost_parts),
    costSource: record.cost_source,
    toolCalls: record.tool_call_count,
    toolNames: record.tool_names,
    ttftMs: record.ttft_ms,
    backendWaitMs: record.backend_wait_ms,
    gapMs: record.longest_gap_ms,
    streamTps: record.stream_tps,
    proxyProcessingMs: record.proxy_processing_ms,
    durationMs: record.total_duration_ms,
  }
}

/**
 * The same of one of its attempts, for a question about a backend. What only the whole exchange knows (our counts, tool
 * calls, gaps) belongs to the last one, which is the one that answered.
 */
export function attemptFact(record: CountedRecord, atMs: number, entry: AttemptEntry): Fact {
  if (record.attempt_log.length === 1) return factOf(record, atMs)
  const isLast = entry === record.attempt_log.at(-1)
  return isLast ? lastAttempt(record, atMs, entry) : failedAttempt(record, atMs, entry)
}

function lastAttempt(record: CountedRecord, atMs: number, entry: AttemptEntry): Fact {
  return {
    ...factOf(record, atMs),
    attempts: 1,
    failedAttempts: entry.error_type === null ? 0 : 1,
    costNanoUsd: nano(entry.cost_usd),
  }
}

/** Of what only the whole exchange knows it has nothing. */
function failedAttempt(record: CountedRecord, atMs: number, entry: AttemptEntry): Fact {
  const usage = entry.backend_reported_usage
  const itself: { [Name in keyof CountedRecord]?: CountedRecord[Name] | null } = {
    outcome: 'error',
    incomplete_reason: null,
    session_id: record.session_id,
    attempts: 1,
    attempt_log: [entry],
    http_status_code: entry.http_status_code,
    backend_reported_usage: usage,
    tokens_source: usage === null ? null : 'provider',
    cost_usd: entry.cost_usd,
    cost_source: entry.cost_usd === null ? null : record.cost_source,
    ttft_ms: entry.ttft_ms,
    total_duration_ms: entry.duration_ms,
    tool_call_count: 0,
    tool_names: [],
  }
  const fact = factOf({ ...nothing, id: record.id, ...itself } as CountedRecord, atMs)
  return { ...fact, failedAttempts: 1, isTurn: false }
}

const nothing = Object.fromEntries(countedFields.map((name) => [name, null]))

function failedIn(entries: readonly AttemptEntry[]): number {
  let failed = 0
  for (const { error_type } of entries) if (error_type !== null) failed++
  return failed
}

function totalOf(usage: BackendReportedUsage | null): number | null {
  if (usage === null) return null
  const { prompt_tokens: prompt, completion_tokens: completion, total_tokens: total } = usage
  if (total !== undefined) return total
  return prompt === undefined && completion === undefined ? null : (prompt ?? 0) + (completion ?? 0)
}

function nano(usd: number | null): number | null {
  return usd === null ? null : nanoUsdOf(usd)
}

/** Against the model's rate for plain input; null where the costs do not say it. */
function cacheSavings(parts: UsageRecord['cost_parts']): number | null {
  const input = parts?.find(({ kind }) => kind === 'input')
  if (!parts || !input) return null
  const cached = parts.filter(({ kind }) => kind.startsWith('cache_'))
  if (cached.length === 0) return null
  const usd = cached.reduce(
    (sum, { tokens, usd_per_million }) => sum + (tokens * (input.usd_per_million - usd_per_million)) / 1e6,
    0,
  )
  return nanoUsdOf(usd)
}
