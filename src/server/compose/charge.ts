import { nanoUsdOf } from '../../core/cost.ts'
import type { AttemptEntry, UsageRecord } from '../../usage/record/record.ts'
import type { Charge } from '../access/day-accounts.ts'

/** What an exchange has taken of its access key's day. */
export function chargeOf(record: UsageRecord): Charge {
  const isFree = record.billing === 'subscription' || record.call_purpose === 'count_tokens'
  return {
    exchangeId: record.id,
    user: record.proxy_user,
    openedAtMs: Date.parse(record.timestamp),
    nanoUsd: nanoUsdOf(record.cost_usd ?? 0),
    mayBeMore: !isFree && record.attempt_log.some(mayBeBilled),
  }
}

/** The provider took the request, or may have, and nobody knows what it cost. */
function mayBeBilled({ cost_usd, http_status_code: status, error_type, ttft_ms }: AttemptEntry): boolean {
  if (cost_usd !== null) return false
  if (status === null) return error_type !== 'connect_failed'
  // No provider bills what it refused, nor an answer that was only an error.
  return status < 300 && !(error_type === 'backend_error' && ttft_ms === null)
}
