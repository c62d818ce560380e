import { nanoUsdOf, type PriceOf } from '../../core/cost.ts'
import { Metrics } from '../../metrics/metrics.ts'
import type { SettledExchange, Standing } from '../../metrics/ports.ts'
import type { Monitors } from '../../proxy/monitors.ts'
import type { TokenCounter } from '../../tokens/token-counter.ts'
import type { UsageRecord } from '../../usage/record/record.ts'
import { version } from '../version.ts'
import { type BackendReport, isUsable } from './backend-report.ts'
import type { RunningCapture } from './capture.ts'
import type { RunningLedger } from './ledger.ts'
import type { WatchedBackends } from './watch-backends.ts'

export interface MetricsSources {
  priceOf: PriceOf
  ledger: Pick<RunningLedger, 'counts'> | null
  capture: Pick<RunningCapture, 'state'>
  tokenCounter: Pick<TokenCounter, 'work'>
  watched: () => Pick<WatchedBackends, 'health' | 'fallbackUsedTotal'>
  /** Those that are configured, and those of these names. */
  backends: (names: ReadonlySet<string>) => BackendReport[]
  monitors: () => Pick<Monitors, 'switchedOff'>
}

/** The metrics of a running proxy. */
export function startMetrics({ ledger, priceOf, ...sources }: MetricsSources): Metrics {
  return new Metrics({
    version,
    priceOf: ledger === null ? priceOf : null,
    standing() {
      const watched = sources.watched()
      const { endpoints } = watched.health.snapshot()
      const checked = new Set(endpoints.flatMap(({ backends_using_url: names }) => names))
      const counts = ledger?.counts()
      return {
        backends: sources.backends(checked).map(standingOf),
        endpoints: endpoints.map(({ api_url: url, is_healthy: isHealthy }) => ({ url, isHealthy })),
        fallbackUsedTotal: watched.fallbackUsedTotal(),
        ledger: counts
          ? {
              isWritable: counts.writable,
              pendingRecords: counts.pending_records,
              droppedRecords: counts.dropped_records,
            }
          : null,
        capture: { droppedRecords: sources.capture.state().dropped_records },
        counting: sources.tokenCounter.work,
        monitorsOff: sources.monitors().switchedOff().length,
      }
    },
  })
}

/** What a record says of an exchange, added up as the ledger's statistics do. */
export function settledOf(record: UsageRecord): SettledExchange {
  const { tokens_source: source, backend_reported_usage: report } = record
  const isReported = source === 'provider'
  return {
    frontend: record.frontend_type,
    status: record.http_status_code,
    user: record.proxy_user,
    backend: record.backend_instance_id,
    model: record.model,
    promptTokens: (isReported ? report?.prompt_tokens : record.mutated_prompt_tokens) ?? null,
    completionTokens: (isReported ? report?.completion_tokens : record.verbatim_completion_tokens) ?? null,
    cachedTokens: report?.prompt_tokens_details?.cached_tokens ?? null,
    costs: record.attempt_log.flatMap(({ backend_instance_id: backend, model, cost_usd: usd }) =>
      usd === null ? [] : [{ backend, model, nanoUsd: nanoUsdOf(usd) }],
    ),
    listNanoUsd: record.list_cost_usd === null ? null : nanoUsdOf(record.list_cost_usd),
    isUnpriced: source !== null && record.cost_usd === null && record.list_cost_usd === null,
    overheadNs: record.proxy_processing_ms === null ? null : record.proxy_processing_ms * 1e6,
  }
}

function standingOf(report: BackendReport): Standing['backends'][number] {
  return {
    name: report.name,
    state: report.state,
    isUsable: isUsable(report.state),
    inFlight: report.in_flight,
    queued: report.queued,
    consecutiveFailures: report.consecutive_failures,
    quota: report.quota.map(({ name, remaining, used_ratio: usedRatio }) => ({ name, remaining, usedRatio })),
  }
}
