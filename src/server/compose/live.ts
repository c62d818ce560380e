import type { Clock } from '../../core/clock.ts'
import { nanoUsdOf, type PriceOf } from '../../core/cost.ts'
import { Live } from '../../live/live.ts'
import type { BackendStanding, CountedExchange } from '../../live/ports.ts'
import type { UsageRecord } from '../../usage/record/record.ts'
import type { Events } from '../events.ts'
import { version } from '../version.ts'
import type { BackendReport } from './backend-report.ts'
import type { RunningLedger } from './ledger.ts'

export interface LiveSources {
  clock: Clock
  events: Events
  priceOf: PriceOf
  redactText: (text: string) => string
  ledger: Pick<RunningLedger, 'usdToday'> | null
  /** Those that are configured, and those of these names. */
  backends: (names: ReadonlySet<string>) => BackendReport[]
  isDraining: () => boolean
}

/** What is in flight and what the last minutes were like, of a running proxy. */
export function startLive({ ledger, backends, ...ports }: LiveSources): Live {
  return new Live({
    ...ports,
    version,
    backends: (names) => backends(names).map(standingOf),
    usdToday: ledger?.usdToday ?? null,
  })
}

/** What our own count has of an exchange; null where the provider reported all, or nothing is known. */
export function countedOf(record: UsageRecord): CountedExchange | null {
  if (record.tokens_source !== 'count') return null
  return {
    id: record.id,
    promptTokens: record.backend_reported_usage?.prompt_tokens ?? record.mutated_prompt_tokens,
    completionTokens: record.verbatim_completion_tokens,
    nanoUsd: record.cost_usd === null ? null : nanoUsdOf(record.cost_usd),
  }
}

function standingOf(report: BackendReport): BackendStanding {
  const { name, backend_type, state, reason, retry_at, circuit_history, in_flight, queued } = report
  return {
    ...{ name, backend_type, state, reason, retry_at, circuit_history, in_flight, queued },
    quota: scarcest(report.quota),
  }
}

/** Of limits of which nobody knows how much is used, the first. */
function scarcest(quota: BackendReport['quota']): BackendStanding['quota'] {
  const [first, ...others] = quota
  if (first === undefined) return null
  const found = others.reduce((a, b) => ((b.used_ratio ?? -1) > (a.used_ratio ?? -1) ? b : a), first)
  return { name: found.name, used_ratio: found.used_ratio, resets_at: found.resets_at }
}
