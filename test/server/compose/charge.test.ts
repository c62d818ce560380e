import { expect, it } from 'vitest'
import { chargeOf } from '../../../src/server/compose/charge.ts'
import type { AttemptEntry, UsageRecord } from '../../../src/usage/record/record.ts'
import { anEntry, aRecord } from '../../support/a-record.ts'

type Entry = Partial<AttemptEntry>

function charge(attempts: readonly Entry[], more: Partial<UsageRecord> = {}) {
  return chargeOf(aRecord({ attempt_log: attempts.map((entry) => anEntry({}, entry)), ...more }))
}

it('is the record’s cost, to the nano-dollar, on the day when the exchange was opened', () => {
  const record = aRecord({ cost_usd: 0.123456789, proxy_user: 'ann', timestamp: '2026-11-10T23:59:59.999Z' })
  expect(chargeOf(record)).toEqual({
    ...{ exchangeId: record.id, user: 'ann', nanoUsd: 123_456_789, mayBeMore: false },
    openedAtMs: Date.UTC(2026, 10, 10, 23, 59, 59, 999),
  })
})

it.each<[string, Entry, boolean]>([
  ['a cost', { cost_usd: 1, http_status_code: 200 }, false],
  ['no cost of an answer', { cost_usd: null, http_status_code: 200 }, true],
  [
    'no answer to what was sent',
    { cost_usd: null, http_status_code: null, error_type: 'backend_timeout' },
    true,
  ],
  ['a client that left', { cost_usd: null, http_status_code: null, error_type: 'client_gone' }, true],
  ['no connection', { cost_usd: null, http_status_code: null, error_type: 'connect_failed' }, false],
  ['a refusal', { cost_usd: null, http_status_code: 429, error_type: 'backend_error' }, false],
  [
    'a stream that was only an error',
    { cost_usd: null, http_status_code: 200, error_type: 'backend_error', ttft_ms: null },
    false,
  ],
])('with %s may hide more: %j', (_name, entry, mayBeMore) => {
  expect(charge([entry]).mayBeMore).toBe(mayBeMore)
})

it('hides nothing where a plan pays or tokens were only counted', () => {
  const unknown = { cost_usd: null, http_status_code: 200 }
  expect(charge([unknown], { billing: 'subscription' }).mayBeMore).toBe(false)
  expect(charge([unknown], { call_purpose: 'count_tokens' }).mayBeMore).toBe(false)
})
