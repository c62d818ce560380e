import { attemptCost, type Cost, type PriceOf, usdOf } from '../../core/cost.ts'
import type { Attempt, Exchange } from '../../core/exchange.ts'
import type { UsageRecord } from '../record/record.ts'
import { attemptEntry, msOf } from './attempt-log.ts'
import { type Billed, billedOf, costBasis } from './billed.ts'
import { lesser } from './counted.ts'
import type { Noted } from './noted.ts'
import { timings } from './timings.ts'

interface Settled {
  attempt: Attempt
  billed: Billed
  cost: Cost | null
}

/** The record of an exchange that has closed (`spec/usage.md`, The record). */
export function buildRecord(
  exchange: Exchange,
  noted: Noted,
  { priceOf, counterVersion }: { priceOf: PriceOf; counterVersion: string },
): UsageRecord {
  const settled = exchange.attempts.map((attempt, index): Settled => {
    const isLast = index === exchange.attempts.length - 1
    const billed = billedOf(exchange, attempt, isLast ? noted.counts : null)
    return { attempt, billed, cost: attemptCost(attempt, billed.usage, exchange.openedAtMs, priceOf) }
  })
  const last = settled.at(-1)
  const known = identity(exchange)
  const counted = tokens(noted, last)
  const spent = money(settled)
  const attemptLog = settled.map(({ attempt, billed, cost }) => attemptEntry(attempt, billed, cost))
  const took = timings(exchange, noted, last?.billed.usage?.completionTokens ?? null)
  // Written out: a spread among so many fields makes V8 build a hash table for each record.
  return {
    id: known.id,
    timestamp: known.timestamp,
    session_id: known.session_id,
    turn_number: known.turn_number,
    frontend_type: known.frontend_type,
    requested_model: known.requested_model,
    backend_type: known.backend_type,
    backend_instance_id: known.backend_instance_id,
    model: known.model,
    stream: known.stream,
    call_purpose: known.call_purpose,
    attempts: known.attempts,
    replaced: known.replaced,
    replacement: known.replacement,
    tags: known.tags,
    user_agent: known.user_agent,
    client_app: known.client_app,
    app_title: known.app_title,
    proxy_user: known.proxy_user,
    outcome: exchange.outcome ?? 'error',
    incomplete_reason: exchange.incompleteReason,
    error_type: exchange.error?.code ?? null,
    http_status_code: exchange.status,
    attempt_log: attemptLog,
    verbatim_prompt_tokens: counted.verbatim_prompt_tokens,
    mutated_prompt_tokens: counted.mutated_prompt_tokens,
    verbatim_completion_tokens: counted.verbatim_completion_tokens,
    mutated_completion_tokens: counted.mutated_completion_tokens,
    total_tokens: counted.total_tokens,
    tokens_source: counted.tokens_source,
    token_count_method: counted.token_count_method,
    counter_version: counterVersion,
    // The last attempt's own: stores write what is the same once.
    backend_reported_usage: attemptLog.at(-1)?.backend_reported_usage ?? null,
    cost_usd: spent.cost_usd,
    cost_parts: spent.cost_parts,
    list_cost_usd: spent.list_cost_usd,
    billing: spent.billing,
    cost_basis: spent.cost_basis,
    cost_source: spent.cost_source,
    price_version: spent.price_version,
    tool_call_count: last?.attempt.toolNames.length ?? 0,
    tool_names: [...new Set(last?.attempt.toolNames ?? [])],
    tool_error_count: noted.toolErrors,
    ttft_ms: took.ttft_ms,
    stream_tps: took.stream_tps,
    backend_wait_ms: took.backend_wait_ms,
    queued_ms: took.queued_ms,
    longest_gap_ms: took.longest_gap_ms,
    client_blocked_ms: took.client_blocked_ms,
    proxy_processing_ms: took.proxy_processing_ms,
    total_duration_ms: took.total_duration_ms,
  }
}

/** What is known of an exchange from its opening on. */
function identity(exchange: Exchange) {
  const last = exchange.attempts.at(-1)
  return {
    id: exchange.id,
    timestamp: new Date(exchange.openedAtMs).toISOString(),
    session_id: exchange.session?.id ?? null,
    turn_number: exchange.session?.turn ?? null,
    frontend_type: exchange.frontend,
    requested_model: exchange.requestedModel,
    backend_type: last?.backendType ?? null,
    backend_instance_id: last?.backend ?? null,
    model: last?.model ?? null,
    stream: exchange.stream,
    call_purpose: exchange.callPurpose,
    attempts: exchange.attempts.length,
    replaced: last?.replaces ?? false,
    replacement: exchange.replacement && { ...exchange.replacement },
    tags: { ...exchange.tags },
    user_agent: exchange.userAgent,
    client_app: exchange.clientApp,
    app_title: exchange.appTitle,
    proxy_user: exchange.proxyUser,
  }
}

function tokens({ counts: { ctp, ptb, btp, ptc } }: Noted, last: Settled | undefined) {
  const used = [ptb, btp].filter((counted) => counted !== null)
  const method = used.map((counted) => counted.method).reduce(lesser, 'tokenizer' as const)
  return {
    verbatim_prompt_tokens: ctp?.tokens ?? null,
    mutated_prompt_tokens: ptb?.tokens ?? null,
    verbatim_completion_tokens: btp?.tokens ?? null,
    mutated_completion_tokens: ptc?.tokens ?? null,
    total_tokens: ptb === null && btp === null ? null : (ptb?.tokens ?? 0) + (btp?.tokens ?? 0),
    tokens_source: last?.billed.source ?? null,
    token_count_method: used.length === 0 ? ('none' as const) : method,
  }
}

/** The cost is the sum of the attempts whose cost is known; the arithmetic is the last one's. */
function money(settled: readonly Settled[]) {
  const sumOf = (billing: Attempt['billing']) => {
    const costs = settled.flatMap(({ attempt, cost }) =>
      attempt.billing === billing && cost ? [cost.nanoUsd] : [],
    )
    return costs.length === 0 ? null : usdOf(costs.reduce((sum, cost) => sum + cost, 0))
  }
  const last = settled.at(-1)
  const cost = last?.cost ?? null
  return {
    cost_usd: sumOf('api'),
    cost_parts:
      cost === null
        ? null
        : cost.parts.map(({ kind, tokens: count, usdPerMillion }) => ({
            ...{ kind, tokens: count, usd_per_million: usdPerMillion },
          })),
    list_cost_usd: sumOf('subscription'),
    billing: last?.attempt.billing ?? null,
    cost_basis: last ? costBasis(last.billed, cost) : null,
    cost_source: cost?.source ?? null,
    price_version: cost?.priceVersion ?? null,
  }
}

/** The record of an exchange whose proxy died: nothing of its answer is known. */
export function crashRecord(exchange: Exchange, counterVersion: string): UsageRecord {
  return {
    ...identity(exchange),
    outcome: 'incomplete',
    incomplete_reason: 'crash',
    error_type: null,
    http_status_code: null,
    attempt_log: exchange.attempts.map((attempt) =>
      attemptEntry(attempt, { report: null, usage: null, source: null }, null),
    ),
    verbatim_prompt_tokens: null,
    mutated_prompt_tokens: null,
    verbatim_completion_tokens: null,
    mutated_completion_tokens: null,
    total_tokens: null,
    tokens_source: null,
    token_count_method: 'none',
    counter_version: counterVersion,
    backend_reported_usage: null,
    ...money([]),
    billing: exchange.attempts.at(-1)?.billing ?? null,
    tool_call_count: 0,
    tool_names: [],
    tool_error_count: null,
    ttft_ms: null,
    stream_tps: null,
    backend_wait_ms: null,
    queued_ms: msOf(exchange.queuedNs),
    longest_gap_ms: null,
    client_blocked_ms: 0,
    proxy_processing_ms: null,
    total_duration_ms: msOf(0),
  }
}
