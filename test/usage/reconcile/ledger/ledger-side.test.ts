import { expect, it } from 'vitest'
import { hourMs } from '../../../../src/usage/query/local-time.ts'
import { LedgerSide } from '../../../../src/usage/reconcile/ledger/ledger-side.ts'
import { aRecord } from '../../../support/a-record.ts'

const fromMs = Date.parse('2026-11-10T00:00:00Z')
const settings = { timeZone: 'UTC', backends: [], sliceMs: hourMs, fromMs, untilMs: fromMs + 24 * hourMs }

it('keeps sums by hour and model, however many exchanges there are', () => {
  const side = new LedgerSide(settings)
  for (let minute = 0; minute < 120; minute++) {
    side.add(aRecord({ timestamp: new Date(fromMs + minute * 60_000).toISOString() }))
  }
  const hours = [...(side.slices.get('gpt-4o') ?? [])]
  expect(hours.map(([slice, { attempts, tokens }]) => [slice * hourMs - fromMs, attempts, tokens])).toEqual([
    [0, 60, 60 * 119],
    [hourMs, 60, 60 * 119],
  ])
})

it('learns what is usual from whole reports only', () => {
  const side = new LedgerSide(settings)
  side.add(aRecord())
  side.add(aRecord({ outcome: 'incomplete', tokens_source: 'count', backend_reported_usage: null }))
  expect(side.habits.get('gpt-4o')).toMatchObject({ reported: 1, promptTokens: 98, completionTokens: 21 })
})

it('counts what went through plans in the period only', () => {
  const side = new LedgerSide(settings)
  const plan = { billing: 'subscription' as const, cost_usd: null }
  for (const timestamp of [
    '2026-11-09T23:59:59.000Z',
    '2026-11-10T00:00:00.000Z',
    '2026-11-11T00:00:00.000Z',
  ]) {
    side.add(aRecord({ ...plan, timestamp }))
  }
  expect(side.planAttempts).toBe(1)
})
