import { describe, expect, it } from 'vitest'
import { chargesOf } from '../../../../src/usage/reconcile/ledger/charge.ts'
import type { UsageRecord } from '../../../../src/usage/record/record.ts'
import { anEntry, aRecord } from '../../../support/a-record.ts'

const report = { prompt_tokens: 98, completion_tokens: 21, total_tokens: 119 }
const charges = (record: UsageRecord, backends: string[] = []) => chargesOf(record, backends).charges

describe("an exchange's attempts as an invoice has them", () => {
  it('are what the provider reported, when the attempt began, by the name that answered', () => {
    const record = aRecord({ timestamp: '2026-11-10T23:59:59.000Z' })
    record.attempt_log = [anEntry(record, { started_ms: 1_500, response_model: 'gpt-4o-2024-08-06' })]
    expect(charges(record)).toMatchObject([
      {
        ...{ atMs: Date.parse('2026-11-11T00:00:00.500Z'), model: 'gpt-4o-2024-08-06', incident: null },
        ...{ promptTokens: 98, completionTokens: 21, nanoUsd: 455_000 },
      },
    ])
  })

  it('are apart: the failed one has what it was reported, the last one its own cost', () => {
    const record = aRecord({ attempts: 2, cost_usd: 0.003 })
    record.attempt_log = [
      anEntry(record, {
        backend_reported_usage: { prompt_tokens: 98 },
        cost_usd: 0.001,
        http_status_code: 500,
      }),
      anEntry(record, { backend_reported_usage: report, cost_usd: 0.002 }),
    ]
    expect(charges(record)).toMatchObject([
      {
        promptTokens: 98,
        completionTokens: 0,
        nanoUsd: 1_000_000,
        incident: 'retry',
        unbilledPromptTokens: 0,
      },
      { promptTokens: 98, completionTokens: 21, nanoUsd: 2_000_000, incident: null },
    ])
  })

  it('are only those of the backends that are asked for, by name or type', () => {
    const record = aRecord({ attempts: 2 })
    record.attempt_log = [
      anEntry(
        { ...record, backend_type: 'openrouter', backend_instance_id: 'or.1' },
        { http_status_code: null, backend_reported_usage: null, cost_usd: null },
      ),
      anEntry(record),
    ]
    expect(charges(record, ['or.1'])).toMatchObject([{ incident: 'retry' }])
    expect(charges(record, ['openrouter'])).toHaveLength(1)
    expect(charges(record, ['openai'])).toMatchObject([{ incident: null }])
    expect(charges(record, ['anthropic'])).toEqual([])
  })

  it('through a plan are none: a plan bills no tokens', () => {
    const record = aRecord({ billing: 'subscription', cost_usd: null, list_cost_usd: 0.01 })
    expect(chargesOf(record, [])).toEqual({ charges: [], plan: 1 })
  })

  const unreported = { backend_reported_usage: null, tokens_source: 'count' as const, cost_usd: 0.0001 }
  it.each<[string, Partial<UsageRecord>, string | null]>([
    [
      'a client that left',
      { ...unreported, outcome: 'incomplete', incomplete_reason: 'client_disconnect' },
      'disconnect',
    ],
    [
      'a stream that broke off',
      { ...unreported, outcome: 'incomplete', incomplete_reason: 'truncated' },
      'disconnect',
    ],
    ['a provider that reports nothing', unreported, 'missing_report'],
    [
      'a client that left after the whole report',
      { outcome: 'incomplete', incomplete_reason: 'client_disconnect' },
      null,
    ],
  ])('of %s are as sure as their report', (_, changed, incident) => {
    const record = aRecord(changed)
    expect(charges(record)).toMatchObject([
      incident === null
        ? { promptTokens: 98, completionTokens: 21, incident }
        : { promptTokens: 100, completionTokens: 20, incident },
    ])
  })

  it('of a proxy that died: nothing is known of them', () => {
    const record = aRecord({
      ...{ outcome: 'incomplete', incomplete_reason: 'crash', http_status_code: null, tokens_source: null },
      ...{ mutated_prompt_tokens: null, verbatim_completion_tokens: null, backend_reported_usage: null },
      cost_usd: null,
    })
    expect(charges(record)).toMatchObject([
      { promptTokens: 0, completionTokens: 0, nanoUsd: null, incident: 'crash', unbilledPromptTokens: null },
    ])
  })

  it.each([
    [500, 'backend_error', true],
    [503, 'backend_error', true],
    [null, 'backend_timeout', true],
    [null, 'backend_closed', true],
    [null, 'connect_failed', false],
    [401, 'provider_key_refused', false],
    [429, 'backend_limited', false],
  ])('that failed with %s %s may be charged: %s', (status, error, may) => {
    const record = aRecord({
      ...{ outcome: 'error', http_status_code: 502, error_type: error, tokens_source: null },
      ...{ backend_reported_usage: null, cost_usd: null, cost_parts: null },
    })
    record.attempt_log = [anEntry(record, { http_status_code: status, error_type: error })]
    const expected = may ? [{ incident: 'retry', unbilledPromptTokens: 100 }] : []
    expect(charges(record)).toMatchObject(expected)
    expect(charges(record)).toHaveLength(expected.length)
  })
})
