import { describe, expect, it } from 'vitest'
import { ProxyError } from '../../src/core/errors.ts'
import type { Standing } from '../../src/metrics/ports.ts'
import { anAttempt, anExchange } from '../support/an-exchange.ts'
import { answered, aSettled, quiet, someMetrics } from './a-metrics.ts'

describe('what is counted of an exchange', () => {
  it('is one request with its backend, model, frontend and status class', async () => {
    const { pass, scrape } = someMetrics()
    pass()
    const seen = await scrape()
    expect(seen.families.get('llmproxy_requests_total')?.type).toBe('COUNTER')
    const labels = {
      ...{ backend: 'anthropic', model: 'sonnet-4-5' },
      ...{ frontend: 'anthropic-messages', status_class: '2xx' },
    }
    expect(seen.samples('llmproxy_requests_total')).toEqual([{ labels, value: 1 }])
  })

  it('is in flight from its opening to its close', async () => {
    const { metrics, scrape } = someMetrics()
    const exchange = anExchange()
    metrics.monitor.opened?.(exchange)
    expect((await scrape()).value('llmproxy_in_flight_requests')).toBe(1)
    metrics.monitor.closed?.(exchange)
    expect((await scrape()).value('llmproxy_in_flight_requests')).toBe(0)
  })

  it('has its times in seconds, in histograms by backend and model only', async () => {
    const { pass, metrics, scrape } = someMetrics()
    pass({ receivedNs: 10e6, firstContentNs: 410e6, closedNs: 14.2e9 })
    metrics.settled(aSettled({ overheadNs: 600_000 }))
    const seen = await scrape()
    const labels = { backend: 'anthropic', model: 'sonnet-4-5' }
    expect(seen.samples('llmproxy_ttft_seconds_sum')).toEqual([{ labels, value: 0.4 }])
    expect(seen.samples('llmproxy_ttft_seconds_count')).toEqual([{ labels, value: 1 }])
    const upTo = (le: string) => seen.value('llmproxy_ttft_seconds_bucket', { ...labels, le })
    expect([upTo('0.25'), upTo('0.5'), upTo('+Inf')]).toEqual([0, 1, 1])
    expect(seen.samples('llmproxy_request_duration_seconds_sum')).toEqual([{ labels, value: 14.2 }])
    expect(seen.samples('llmproxy_overhead_seconds_sum')).toEqual([{ labels, value: 0.0006 }])
    expect(seen.text).toMatch(/^# TYPE llmproxy_ttft_seconds histogram$/m)
  })

  it('is an error where it failed, but not where its client left or was turned away', async () => {
    const { pass, scrape } = someMetrics()
    const failed = new ProxyError('backend_timeout', 'it took too long')
    pass({ outcome: 'error', status: 504, error: failed })
    pass({ outcome: 'incomplete', incompleteReason: 'truncated' })
    pass({ outcome: 'incomplete', incompleteReason: 'client_disconnect' })
    pass({ outcome: 'rejected', status: 404, attempts: [] })
    const seen = await scrape()
    expect(seen.value('llmproxy_requests_total')).toBe(4)
    expect(seen.value('llmproxy_errors_total')).toBe(2)
    expect(seen.value('llmproxy_errors_total', { status_class: '5xx' })).toBe(1)
    expect(seen.value('llmproxy_requests_total', { backend: 'none', model: 'none' })).toBe(1)
    expect(seen.value('llmproxy_incomplete_requests_total', { reason: 'truncated' })).toBe(1)
    expect(seen.value('llmproxy_incomplete_requests_total', { reason: 'client_disconnect' })).toBe(1)
  })

  it('has each of its attempts at the backend that was tried', async () => {
    const { pass, scrape } = someMetrics()
    const full = new ProxyError('backend_limited', 'too many requests')
    const refused = new ProxyError('connect_failed', 'refused')
    pass({
      attempts: [
        anAttempt({ backend: 'a', status: 429, error: full }),
        anAttempt({ backend: 'b', status: null, error: refused }),
        anAttempt({ backend: 'c' }),
      ],
    })
    const seen = await scrape()
    expect(seen.value('llmproxy_attempts_total', { backend: 'a', status_class: '4xx' })).toBe(1)
    expect(seen.value('llmproxy_attempts_total', { backend: 'b', status_class: 'none' })).toBe(1)
    expect(seen.value('llmproxy_attempts_total', { backend: 'c', status_class: '2xx' })).toBe(1)
    expect(seen.value('llmproxy_failed_attempts_total', { backend: 'a', error: 'backend_limited' })).toBe(1)
    expect(seen.value('llmproxy_failed_attempts_total', { backend: 'b', error: 'connect_failed' })).toBe(1)
    expect(seen.value('llmproxy_failed_attempts_total', { backend: 'c' })).toBeUndefined()
  })

  it('has the decision of random replacement', async () => {
    const { pass, scrape } = someMetrics()
    pass({ replacement: { rule: 'a=b:c', decision: 'lost_roll' } })
    pass()
    expect((await scrape()).samples('llmproxy_replacement_decisions_total')).toEqual([
      { value: 1, labels: { decision: 'lost_roll' } },
    ])
  })

  it('costs what each attempt did, where it was tried, and nothing is 0 that is not known', async () => {
    const { pass, metrics, scrape } = someMetrics()
    pass(answered('m', { backend: 'b' }))
    metrics.settled(
      aSettled({
        ...{ user: null, backend: 'b', model: 'm', cachedTokens: null },
        costs: [
          { backend: 'a', model: 'm', nanoUsd: 1_000_000 },
          { backend: 'b', model: 'm', nanoUsd: 2_500_000 },
        ],
      }),
    )
    const seen = await scrape()
    expect(seen.value('llmproxy_cost_usd_total', { backend: 'a', model: 'm' })).toBe(0.001)
    expect(seen.value('llmproxy_cost_usd_total', { backend: 'b', model: 'm' })).toBe(0.0025)
    expect(seen.value('llmproxy_user_cost_usd_total', { user: 'none' })).toBeCloseTo(0.0035, 12)
    expect(seen.samples('llmproxy_cached_prompt_tokens_total')).toEqual([])
    expect(seen.samples('llmproxy_unpriced_requests_total')).toEqual([])
  })

  it('goes by the reports of providers where there is no ledger', async () => {
    const perToken = { parts: [], source: 'config', priceVersion: null } as const
    const { pass, scrape } = someMetrics(quiet, {
      priceOf: ({ model, usage }) =>
        model === 'dear' ? { nanoUsd: (usage.completionTokens ?? 0) * 1_000_000, ...perToken } : null,
    })
    const usage = { promptTokens: 7, completionTokens: 3, cachedTokens: 2 }
    const ended = { sentNs: 11e6, lastByteNs: 14e9, usage }
    pass({ writtenNs: 14.001e9, attempts: [anAttempt({ model: 'dear', ...ended })] })
    pass({ attempts: [anAttempt({ model: 'new', usage })] })
    pass({ attempts: [anAttempt({ model: 'plan', usage, billing: 'subscription' })] })
    pass({ attempts: [anAttempt({ model: 'dear', usage, billing: 'subscription' })] })
    pass({ attempts: [anAttempt({ model: 'dear', usage })], callPurpose: 'count_tokens' })
    const seen = await scrape()
    expect(seen.value('llmproxy_prompt_tokens_total')).toBe(28)
    expect(seen.value('llmproxy_completion_tokens_total', { model: 'dear' })).toBe(6)
    expect(seen.value('llmproxy_cached_prompt_tokens_total')).toBe(8)
    expect(seen.value('llmproxy_cost_usd_total')).toBe(0.003)
    expect(seen.value('llmproxy_list_cost_usd_total')).toBe(0.003)
    expect(seen.value('llmproxy_unpriced_requests_total', { model: 'new' })).toBe(1)
    expect(seen.samples('llmproxy_overhead_seconds_sum')).toMatchObject([{ value: 0.002 }])
  })
})

describe('how things stand', () => {
  const backend: Standing['backends'][number] = {
    ...{ name: 'openai.eu', state: 'open', isUsable: false, inFlight: 3, queued: 2 },
    consecutiveFailures: 5,
    quota: [{ name: 'requests', remaining: 12, usedRatio: null }],
  }

  it('is shown of each backend and endpoint at each scrape anew', async () => {
    const standing = {
      ...quiet,
      backends: [backend],
      endpoints: [{ url: 'https://api.openai.com/v1', isHealthy: false }],
    }
    const { scrape } = someMetrics(standing)
    const at = { backend: 'openai.eu' }
    const seen = await scrape()
    expect(seen.value('llmproxy_backend_state', { ...at, state: 'open' })).toBe(1)
    expect(seen.value('llmproxy_backend_state', at)).toBe(1)
    expect(seen.value('llmproxy_backend_usable', at)).toBe(0)
    expect(seen.value('llmproxy_backend_in_flight_requests', at)).toBe(3)
    expect(seen.value('llmproxy_backend_queued_requests', at)).toBe(2)
    expect(seen.value('llmproxy_backend_consecutive_failures', at)).toBe(5)
    expect(seen.value('llmproxy_backend_quota_remaining', { ...at, quota: 'requests' })).toBe(12)
    expect(seen.value('llmproxy_backend_quota_used_ratio', at)).toBeUndefined()
    expect(seen.value('llmproxy_endpoint_healthy')).toBe(0)
    standing.backends = []
    expect((await scrape()).value('llmproxy_backend_state', at)).toBeUndefined()
  })

  it('is shown of the ledger only where there is one', async () => {
    const standing = { ...quiet, ledger: { isWritable: false, pendingRecords: 4, droppedRecords: 9 } }
    const seen = await someMetrics(standing).scrape()
    expect(seen.value('llmproxy_ledger_writable')).toBe(0)
    expect(seen.value('llmproxy_ledger_pending_records')).toBe(4)
    expect(seen.value('llmproxy_ledger_dropped_records_total')).toBe(9)
    const without = await someMetrics().scrape()
    expect(without.lines.filter((line) => line.startsWith('llmproxy_ledger'))).toEqual([])
  })

  it('is shown of all that is dropped, doubted and off', async () => {
    const seen = await someMetrics({
      ...quiet,
      ...{ fallbackUsedTotal: 7, capture: { droppedRecords: 11 }, monitorsOff: 1 },
    }).scrape()
    expect(seen.value('llmproxy_fallback_used_total')).toBe(7)
    expect(seen.value('llmproxy_capture_dropped_records_total')).toBe(11)
    expect(seen.value('llmproxy_monitors_off')).toBe(1)
    expect(seen.value('llmproxy_build_info', { version: '1.2.3' })).toBe(1)
  })

  it('tells how many texts were counted, how many not, and how long it took', async () => {
    const seen = await someMetrics({ ...quiet, counting: { taken: 5, refused: 2, busyMs: 1500 } }).scrape()
    expect(seen.value('llmproxy_token_counts_total')).toBe(5)
    expect(seen.value('llmproxy_token_counts_refused_total')).toBe(2)
    expect(seen.value('llmproxy_token_counting_seconds_total')).toBe(1.5)
  })

  it('counts what was turned away by its code, and tells of the process', async () => {
    const { metrics, scrape } = someMetrics()
    metrics.refused('host_refused')
    metrics.refused('host_refused')
    const seen = await scrape()
    expect(seen.value('llmproxy_refused_requests_total', { code: 'host_refused' })).toBe(2)
    expect(seen.value('process_resident_memory_bytes')).toBeGreaterThan(1e6)
    expect(seen.value('process_cpu_seconds_total')).toBeGreaterThan(0)
    metrics.close()
  })
})
