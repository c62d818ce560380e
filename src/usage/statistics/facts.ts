import { nanoUsdOf } from '../record/fields.ts'
import type { AttemptEntry, BackendReportedUsage, UsageRecord } from '../record/record.ts'
import type { Fact } from './fact.ts'

/** What statistics take of a whole exchange. */
export function factOf(record: UsageRecord): Fact {
  const failed = record.attempt_log.filter(({ error_type }) => error_type !== null).length
  return {
    ...common(record),
    attempts: record.attempts,
    failedAttempts: failed,
    status: record.http_status_code,
    ...ownCounts(record),
    tokensSource: record.tokens_source,
    ...reported(record.backend_reported_usage),
    costNanoUsd: nano(record.cost_usd),
    listCostNanoUsd: nano(record.list_cost_usd),
    cacheSavingsNanoUsd: cacheSavings(record),
    costSource: record.cost_source,
    toolCalls: record.tool_call_count,
    toolNames: record.tool_names,
    ...timing(record),
  }
}

/**
 * The same of one of its attempts, for a question about a backend. What only the whole exchange knows (our counts, tool
 * calls, gaps) belongs to the last one, which is the one that answered.
 */
export function attemptFact(record: UsageRecord, entry: AttemptEntry): Fact {
  if (record.attempt_log.length === 1) return factOf(record)
  return entry === record.attempt_log.at(-1) ? lastAttempt(record, entry) : failedAttempt(record, entry)
}

function lastAttempt(record: UsageRecord, entry: AttemptEntry): Fact {
  return {
    ...factOf(record),
    attempts: 1,
    failedAttempts: entry.error_type === null ? 0 : 1,
    costNanoUsd: nano(entry.cost_usd),
  }
}

function failedAttempt(record: UsageRecord, entry: AttemptEntry): Fact {
  const hasReport = entry.backend_reported_usage !== null
  return {
    ...common(record),
    outcome: 'error',
    incompleteReason: null,
    isTurn: false,
    attempts: 1,
    failedAttempts: 1,
    status: entry.http_status_code,
    ...{ ctp: null, ptb: null, btp: null, ptc: null },
    tokensSource: hasReport ? 'provider' : null,
    ...reported(entry.backend_reported_usage),
    costNanoUsd: nano(entry.cost_usd),
    ...{ listCostNanoUsd: null, cacheSavingsNanoUsd: null },
    costSource: entry.cost_usd === null ? null : record.cost_source,
    ...{ toolCalls: 0, toolNames: [] },
    ttftMs: entry.ttft_ms,
    ...{ backendWaitMs: null, gapMs: null, streamTps: null, proxyProcessingMs: null },
    durationMs: entry.duration_ms,
  }
}

function common(record: UsageRecord) {
  return {
    id: record.id,
    atMs: Date.parse(record.timestamp),
    outcome: record.outcome,
    incompleteReason: record.incomplete_reason,
    isTurn: record.session_id !== null && record.call_purpose === 'chat',
    sessionId: record.session_id,
  }
}

function ownCounts(record: UsageRecord) {
  return {
    ctp: record.verbatim_prompt_tokens,
    ptb: record.mutated_prompt_tokens,
    btp: record.verbatim_completion_tokens,
    ptc: record.mutated_completion_tokens,
  }
}

function reported(usage: BackendReportedUsage | null) {
  const prompt = usage?.prompt_tokens ?? null
  const completion = usage?.completion_tokens ?? null
  const total =
    usage?.total_tokens ?? (prompt === null && completion === null ? null : (prompt ?? 0) + (completion ?? 0))
  return {
    reportedPrompt: prompt,
    reportedCompletion: completion,
    reportedTotal: total,
    cached: usage?.prompt_tokens_details?.cached_tokens ?? null,
    cacheWrite: usage?.prompt_tokens_details?.cache_write_tokens ?? null,
    reasoning: usage?.completion_tokens_details?.reasoning_tokens ?? null,
  }
}

function timing(record: UsageRecord) {
  return {
    ttftMs: record.ttft_ms,
    backendWaitMs: record.backend_wait_ms,
    gapMs: record.longest_gap_ms,
    streamTps: record.stream_tps,
    proxyProcessingMs: record.proxy_processing_ms,
    durationMs: record.total_duration_ms,
  }
}

function nano(usd: number | null): number | null {
  return usd === null ? null : nanoUsdOf(usd)
}

/** Against the model's rate for plain input; null where the costs do not say it. */
function cacheSavings({ cost_parts: parts }: UsageRecord): number | null {
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
