import { type Cost, usdOf } from '../../core/cost.ts'
import type { Attempt } from '../../core/exchange.ts'
import { impersonal } from '../record/impersonal.ts'
import type { AttemptEntry } from '../record/record.ts'
import type { Billed } from './billed.ts'
import { reportedUsage } from './reported-usage.ts'

/** One attempt as the record tells of it; `cost` null: unknown, or a plan's. */
export function attemptEntry(attempt: Attempt, billed: Billed, cost: Cost | null): AttemptEntry {
  const since = (ns: number | null) => (ns === null ? null : msOf(ns - attempt.startedNs))
  return {
    backend_type: attempt.backendType,
    backend_instance_id: attempt.backend,
    model: attempt.model,
    response_model: attempt.responseModel,
    started_ms: msOf(attempt.startedNs),
    ttft_ms: since(attempt.firstContentNs),
    duration_ms: since(attempt.endedNs),
    http_status_code: attempt.status,
    error_type: attempt.error?.code ?? null,
    reason: attempt.reason === null ? null : impersonal(attempt.reason),
    upstream_request_id: attempt.upstreamRequestId,
    backend_reported_usage: billed.report === null ? null : reportedUsage(billed.report),
    cost_usd: cost === null || attempt.billing === 'subscription' ? null : usdOf(cost.nanoUsd),
  }
}

/** To a thousandth of a millisecond. */
export function msOf(ns: number): number {
  return Math.round(ns / 1e3) / 1e3
}
