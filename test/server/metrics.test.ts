import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { chatAnswer, openaiError } from '../support/fake-provider.ts'
import { documentedJson } from '../support/openapi.ts'
import { type Scrape, scrapeOf } from '../support/scrape.ts'
import {
  admin,
  asAdmin,
  ask,
  everyPurpose,
  measuredInTest,
  mixedExchanges,
  settled,
  startMeasured,
  statsOf,
  user,
} from './measured.ts'

describe('GET /metrics after exchanges that ended in every way', () => {
  let measured: Awaited<ReturnType<typeof startMeasured>>
  let seen: Scrape
  let asked: number
  beforeAll(async () => {
    measured = await startMeasured()
    asked = await mixedExchanges(measured)
    await settled(measured.proxy, asked)
    // What is told of an exchange is settled when the ledger has it.
    await vi.waitFor(
      async () => expect((await statsOf(measured.proxy, everyPurpose)).request_count).toBe(asked),
      { timeout: 9_000 },
    )
    seen = await scrapeOf(measured.proxy.url, asAdmin)
  })
  afterAll(() => measured.stop())

  it('has the ledger’s figures', async () => {
    const stats = await statsOf(measured.proxy, everyPurpose)
    const total = (name: string) => seen.value(name) ?? 0
    expect(total('llmproxy_errors_total')).toBe(stats.error_count)
    expect(total('llmproxy_prompt_tokens_total')).toBe(stats.billed_prompt_tokens)
    expect(total('llmproxy_completion_tokens_total')).toBe(stats.billed_completion_tokens)
    expect(total('llmproxy_cached_prompt_tokens_total')).toBe(stats.cached_tokens)
    expect(total('llmproxy_cost_usd_total')).toBeCloseTo(stats.total_cost as number, 9)
    expect(total('llmproxy_list_cost_usd_total')).toBeCloseTo(stats.list_cost as number, 9)
    expect(total('llmproxy_unpriced_requests_total')).toBe(stats.unpriced_requests)
    const left = { reason: 'client_disconnect' }
    expect(seen.value('llmproxy_incomplete_requests_total', left)).toBe(stats.disconnect_count)
    // None of them is equal for want of such an exchange.
    const { error_count, cached_tokens, total_cost, list_cost, unpriced_requests, disconnect_count } = stats
    for (const figure of [
      error_count,
      cached_tokens,
      total_cost,
      list_cost,
      unpriced_requests,
      disconnect_count,
    ]) {
      expect(figure).toBeGreaterThan(0)
    }
  })

  it.each(['uma', 'root'])('has the ledger’s figures of the user %s', async (name) => {
    const stats = await statsOf(measured.proxy, `${everyPurpose}&proxy_user=${name}`)
    const of = (metric: string) => seen.value(metric, { user: name }) ?? 0
    expect(stats.request_count).toBeGreaterThan(0)
    expect(of('llmproxy_user_requests_total')).toBe(stats.request_count)
    expect(of('llmproxy_user_prompt_tokens_total')).toBe(stats.billed_prompt_tokens)
    expect(of('llmproxy_user_completion_tokens_total')).toBe(stats.billed_completion_tokens)
    expect(of('llmproxy_user_cost_usd_total')).toBeCloseTo(stats.total_cost as number, 9)
  })

  it.each(['openai.a', 'openai.b'])('has the ledger’s attempts and cost of %s', async (backend) => {
    const stats = await statsOf(measured.proxy, `${everyPurpose}&backend=${backend}`)
    expect(stats.request_count).toBeGreaterThan(0)
    expect(seen.value('llmproxy_attempts_total', { backend })).toBe(stats.request_count)
    expect(seen.value('llmproxy_cost_usd_total', { backend })).toBeCloseTo(stats.total_cost as number, 9)
  })

  it('names each metric by what it counts, with its unit and one sentence of help', () => {
    expect(seen.families.size).toBeGreaterThan(30)
    for (const [name, { help, type }] of seen.families) {
      expect(name).toMatch(/^(?:llmproxy|process|nodejs)_[a-z0-9_]+$/)
      expect(help).toMatch(/^[A-Z0-9].*\.$/)
      expect(name.endsWith('_total'), name).toBe(type === 'COUNTER')
    }
  })
})

describe('GET /metrics', () => {
  it('goes by the reports of providers without a ledger', async () => {
    const { proxy, a } = await measuredInTest({ ledger: false })
    a.answer(chatAnswer({ usage: { prompt: 30, completion: 10 } }))
    await ask(proxy, { model: 'openai.a:m' })
    const seen = await settled(proxy, 1)
    expect(seen.value('llmproxy_prompt_tokens_total')).toBe(30)
    expect(seen.value('llmproxy_completion_tokens_total')).toBe(10)
    expect(seen.value('llmproxy_cost_usd_total')).toBe(0.05)
    expect(seen.value('llmproxy_overhead_seconds_count')).toBe(1)
    expect(seen.value('llmproxy_ledger_writable')).toBeUndefined()
  })

  it('shows how backends stand, and what was turned away at the door', async () => {
    const { proxy, a } = await measuredInTest({
      config: { resilience: { circuit_breaker: { failure_threshold: 1 } } },
    })
    a.answer(openaiError(500))
    await ask(proxy, { model: 'openai.a:m' })
    expect(await ask(proxy, { model: 'openai.a:m' }, 'lp_wrong_0123456789abcdef')).toBe(401)
    const seen = await scrapeOf(proxy.url, asAdmin)
    const state = (backend: string, state: string) => seen.value('llmproxy_backend_state', { backend, state })
    expect([state('openai.a', 'open'), state('openai.b', 'ok')]).toEqual([1, 1])
    expect(seen.value('llmproxy_backend_usable', { backend: 'openai.a' })).toBe(0)
    expect(seen.value('llmproxy_refused_requests_total', { code: 'access_key_wrong' })).toBe(1)
    expect(seen.value('llmproxy_ledger_writable')).toBe(1)
  })

  it('is text that Prometheus reads, for access keys with role admin only', async () => {
    const { proxy } = await measuredInTest()
    const got = (headers: Record<string, string>) => fetch(`${proxy.url}/metrics`, { headers })
    for (const [headers, status] of [
      [{}, 401],
      [{ 'x-llmproxy-key': user }, 403],
    ] as const) {
      const refused = await got(headers)
      expect(refused.status).toBe(status)
      await documentedJson(refused)
    }
    const answer = await got(asAdmin)
    expect(answer.status).toBe(200)
    expect(answer.headers.get('content-type')).toBe('text/plain; version=0.0.4; charset=utf-8')
    expect(answer.headers.get('cache-control')).toBe('no-store')
    const bearer = await got({ authorization: `Bearer ${admin}` })
    expect(bearer.status).toBe(200)
  })
})
