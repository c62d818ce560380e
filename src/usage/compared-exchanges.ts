import type { ComparedExchange } from '../core/compared-exchange.ts'
import { everything, type UsageFilter } from './query/filter.ts'
import type { UsageRecord } from './record/record.ts'
import type { Cursor, UsageStore } from './stores/store.ts'

export interface ComparedQuery {
  /** As in `UsageFilter`. */
  fromMs: number | null
  untilMs: number | null
  /** Empty or not given: all. */
  proxyUsers?: readonly string[]
}

const recordsPerPage = 500
const notTheModels: ReadonlySet<UsageRecord['incomplete_reason']> = new Set([
  'client_disconnect',
  'shutdown',
  'crash',
])

/**
 * Exchanges to be compared, oldest first: replaced ones, and those whose roll was lost. One that was never sent anywhere
 * says nothing of either model and is left out, as are counts of tokens. Throws `StoreError`.
 */
export async function* readCompared(
  store: Pick<UsageStore, 'page'>,
  { fromMs, untilMs, proxyUsers = [] }: ComparedQuery,
): AsyncGenerator<ComparedExchange> {
  const replacementDecisions = ['replaced', 'lost_roll'] as const
  const filter: UsageFilter = { ...everything, fromMs, untilMs, proxyUsers, replacementDecisions }
  let after: Cursor | null = null
  do {
    const page = await store.page({ filter, order: 'oldest', after, limit: recordsPerPage })
    for (const line of page.lines) {
      const record = JSON.parse(line) as UsageRecord
      const compared = record.attempts > 0 ? comparedOf(record) : null
      if (compared !== null) yield compared
    }
    after = page.next
  } while (after !== null)
}

function comparedOf(record: UsageRecord): ComparedExchange | null {
  const { rule, decision } = record.replacement ?? {}
  if (rule === undefined || (decision !== 'replaced' && decision !== 'lost_roll')) return null
  return {
    rule,
    sessionId: record.session_id,
    decision,
    replaced: record.replaced,
    failed: hasFailed(record),
    ttftMs: record.ttft_ms,
    durationMs: record.total_duration_ms,
    tokens: billedTokens(record),
    costUsd: record.cost_usd,
    toolCalls: record.tool_call_count,
  }
}

function hasFailed({ outcome, incomplete_reason: reason }: UsageRecord): boolean {
  return outcome === 'error' || (outcome === 'incomplete' && !notTheModels.has(reason))
}

function billedTokens({ tokens_source, backend_reported_usage, total_tokens }: UsageRecord): number | null {
  if (tokens_source !== 'provider') return total_tokens
  const {
    prompt_tokens: prompt,
    completion_tokens: completion,
    total_tokens: total,
  } = backend_reported_usage ?? {}
  if (prompt === undefined && completion === undefined) return total ?? null
  return (prompt ?? 0) + (completion ?? 0)
}
