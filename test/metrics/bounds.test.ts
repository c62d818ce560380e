import { describe, expect, it } from 'vitest'
import { anAttempt } from '../support/an-exchange.ts'
import { answered, aSettled, quiet, someMetrics } from './a-metrics.ts'

const mostBytes = 2_000_000
const mostSeries = 5_000

/** One that only makes lines longer: each of its characters is escaped, or takes three bytes. */
const nasty = (number: number) => `${number}"\\\n${'"\\'.repeat(150)}${'☃'.repeat(100)}`

describe('names from outside', () => {
  it('take one of 200 places each, with the first exchange that was answered; the rest is other', async () => {
    const { pass, scrape } = someMetrics()
    pass(answered('invented', { status: 404 }))
    for (let i = 0; i < 10_000; i++) pass({ ...answered(`model-${i}`), proxyUser: `user-${i}` })
    pass(answered('model-7'))
    const seen = await scrape()
    const models = seen.labels('llmproxy_requests_total', 'model')
    expect(models).toContain('other')
    expect([models.has('model-0'), models.has('model-199'), models.has('model-200')]).toEqual([
      ...[true, true, false],
    ])
    expect(models.has('invented')).toBe(false)
    expect(models.size).toBe(201)
    expect(seen.value('llmproxy_requests_total', { model: 'model-7' })).toBe(2)
    const users = seen.labels('llmproxy_user_requests_total', 'user')
    expect(users.size).toBe(202)
    expect([users.has('other'), users.has('none')]).toEqual([true, true])
    expect(seen.value('llmproxy_metrics_refused_total', { what: 'model' })).toBe(9_800)
    expect(seen.value('llmproxy_metrics_refused_total', { what: 'user' })).toBe(9_800)
    expect(seen.value('llmproxy_requests_total')).toBe(10_002)
    expect(seen.value('llmproxy_user_requests_total')).toBe(10_002)
  })

  it('make at most 5,000 series and 2 MB however they look, and no sum loses what finds no room', async () => {
    const { pass, metrics, scrape } = someMetrics({
      ...quiet,
      backends: Array.from({ length: 300 }, (_, i) => ({
        ...{ name: `backend-${i}`, state: 'ok' as const, isUsable: true, inFlight: 0, queued: 0 },
        ...{ consecutiveFailures: 0, quota: [] },
      })),
      endpoints: Array.from({ length: 600 }, (_, i) => ({ url: `https://host-${i}/v1`, isHealthy: true })),
    })
    const many = 10_000
    const frontends = ['openai-chat', 'openai-responses', 'anthropic-messages', 'gemini'] as const
    for (let i = 0; i < many; i++) {
      const [model, backend] = [nasty(i), `backend-${i % 300}`]
      const [status, frontend] = [[200, 201, 302, 404, 500][i % 5] as number, frontends[i % 4] as 'gemini']
      pass({ ...answered(model, { backend, status }), frontend, proxyUser: nasty(i % 500) })
      const costs = [{ backend, model, nanoUsd: 1_000_000 }]
      metrics.settled(aSettled({ frontend, status, user: nasty(i % 500), backend, model, costs }))
    }
    const seen = await scrape()
    expect(seen.lines.length).toBeLessThanOrEqual(mostSeries)
    expect(Buffer.byteLength(seen.text)).toBeLessThan(mostBytes)
    expect(seen.value('llmproxy_requests_total')).toBe(many)
    expect(seen.value('llmproxy_prompt_tokens_total')).toBe(many * 100)
    expect(seen.value('llmproxy_user_requests_total')).toBe(many)
    expect(seen.value('llmproxy_cost_usd_total')).toBeCloseTo(many / 1000, 6)
    expect(seen.value('llmproxy_attempts_total')).toBe(many)
    expect(seen.value('llmproxy_request_duration_seconds_count')).toBe(many)
    expect(seen.value('llmproxy_overhead_seconds_count')).toBe(many)
    expect(seen.value('llmproxy_metrics_refused_total', { what: 'series' })).toBeGreaterThan(0)
  })

  it.each([
    ['quotes', 'a"b"c', 'a"b"c'],
    ['backslashes', 'a\\nb\\', 'a\\nb\\'],
    ['a newline', 'a\nb', 'a␊b'],
    ['a forged line', 'x"} 1\nllmproxy_up 1\n', 'x"} 1␊llmproxy_up 1␊'],
    ['other scripts', 'モデル-ö', 'モデル-ö'],
    ['a terminal sequence', '\u001b[31mred', '␛[31mred'],
  ])('are read again as they were with %s in them', async (_what, model, shown) => {
    const { pass, scrape } = someMetrics()
    pass(answered(model))
    const seen = await scrape()
    expect(seen.labels('llmproxy_requests_total', 'model')).toEqual(new Set([shown]))
    expect(seen.families.has('llmproxy_up')).toBe(false)
  })

  it('are cut to 100 bytes, never within a character, and long ones that begin alike stay two', async () => {
    const { pass, scrape } = someMetrics()
    pass(answered(`${'😀'.repeat(400)}1`))
    pass(answered(`${'😀'.repeat(400)}2`))
    const models = [...(await scrape()).labels('llmproxy_requests_total', 'model')]
    expect(models).toHaveLength(2)
    for (const model of models) {
      expect(Buffer.byteLength(model)).toBeLessThanOrEqual(100)
      expect(model).toMatch(/^(?:😀)+…[0-9a-f]{8}$/u)
    }
  })

  it('give up their model before their backend where there is no room', async () => {
    const { pass, scrape } = someMetrics()
    for (let i = 0; i < 200; i++) pass({ attempts: [anAttempt({ model: `m${i}`, backend: 'a' })] })
    const seen = await scrape()
    const of = (labels: Record<string, string>) => seen.value('llmproxy_ttft_seconds_count', labels)
    expect(of({ backend: 'a' })).toBe(200)
    expect(of({ backend: 'a', model: 'other' })).toBeGreaterThan(0)
    expect(of({ model: 'm0' })).toBe(1)
  })
})
