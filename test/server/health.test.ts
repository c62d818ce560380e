import { describe, expect, it, onTestFinished } from 'vitest'
import { startScenario } from '../proxy/scenario.ts'
import { chatStream, openaiError, startFakeProvider } from '../support/fake-provider.ts'
import { documentedJson } from '../support/openapi.ts'
import { startTestProxy, type TestProxyOptions } from '../support/start-proxy.ts'

interface Report {
  status: string
  uptime_seconds: number
  endpoint_health: {
    enabled: boolean
    summary: { total_endpoints: number; healthy_endpoints: number; unhealthy_endpoints: number }
    endpoints: { api_url: string; is_healthy: boolean; backends_using_url: string[] }[]
    backends: Record<string, unknown>[]
  }
  fallback_used_total: number
  usage: Record<string, unknown>
  config: { file: string | null; last_error: string | null }
}

const reportOf = async (url: string) =>
  (await documentedJson(await fetch(`${url}/internal/health`))) as Report

/** A provider whose probes are answered, at two names, and one that refuses connections. */
async function startChecked(options: TestProxyOptions = {}) {
  const provider = await startFakeProvider()
  const gone = await startFakeProvider()
  await gone.close()
  const backend = (url: string) => ({
    type: 'openai',
    api_url: `${url}/v1`,
    api_key: 'sk-secret-of-ours',
    models: ['m'],
  })
  const proxy = await startTestProxy({
    checks: true,
    ...options,
    config: {
      backends: {
        'openai.one': backend(provider.url),
        'openai.two': backend(provider.url.replace('http:', 'HTTP:')),
        'openai.gone': backend(gone.url),
      },
      health_check: { http: { interval_seconds: 60, failure_threshold: 1 }, ping: { enabled: false } },
      ...(options.config as object),
    },
  })
  onTestFinished(async () => {
    await proxy.stop()
    await provider.close()
  })
  return { proxy, provider }
}

describe('GET /internal/health', () => {
  it('says of each endpoint and backend how it is, one state for two names of one URL', async () => {
    const { proxy, provider } = await startChecked()
    await fetch(`${proxy.url}/internal/health/check`, { method: 'POST' })
    const report = await reportOf(proxy.url)
    expect(report).toMatchObject({ status: 'degraded', fallback_used_total: 0, config: { last_error: null } })
    const { enabled, summary, endpoints, backends } = report.endpoint_health
    expect([enabled, summary]).toEqual([
      true,
      { total_endpoints: 2, healthy_endpoints: 1, unhealthy_endpoints: 1 },
    ])
    expect(endpoints.map(({ is_healthy, backends_using_url }) => [is_healthy, backends_using_url])).toEqual([
      [true, ['openai.one', 'openai.two']],
      [false, ['openai.gone']],
    ])
    expect(
      backends.map(({ name, state, is_endpoint_healthy }) => [name, state, is_endpoint_healthy]),
    ).toEqual([
      ['openai.one', 'ok', true],
      ['openai.two', 'ok', true],
      ['openai.gone', 'excluded', false],
    ])
    expect(backends[2]).toMatchObject({
      reason: expect.stringContaining('refuses connections'),
      ...{ backend_type: 'openai', credentials: 'proxy', in_flight: 0, queued: 0, quota: [] },
    })
    const probes = provider.requests.filter(({ method }) => method === 'HEAD')
    expect(probes.length).toBeGreaterThan(0)
    for (const { headers } of probes) expect(JSON.stringify(headers)).not.toContain('sk-secret-of-ours')
  })

  it('has zeros where the checks are off, and no probe is sent', async () => {
    const { proxy, provider } = await startChecked({ checks: false })
    const { endpoint_health: health } = await reportOf(proxy.url)
    expect([health.enabled, health.summary]).toEqual([
      false,
      { total_endpoints: 0, healthy_endpoints: 0, unhealthy_endpoints: 0 },
    ])
    expect(health.backends).toHaveLength(3)
    expect(provider.requests.filter(({ method }) => method === 'HEAD')).toEqual([])
  })

  it('has the state of the ledger, and why a configuration was not taken', async () => {
    const { proxy } = await startChecked({ checks: false, ledger: true })
    await proxy.rewrite('backends: [')
    await proxy.reload()
    const { usage, config } = await reportOf(proxy.url)
    expect(usage).toMatchObject({
      ...{ store: 'sqlite', writable: true, pending_records: 0, dropped_records: 0, archived_records: 0 },
      ...{ last_error: null, path: expect.stringContaining('usage.db') },
    })
    expect(config).toMatchObject({
      file: proxy.configFile,
      last_error: expect.stringContaining('config.yaml'),
    })
  })

  it('counts what waits and what is under way, and has the limits of the last answer', async () => {
    const scenario = await startScenario({ backend: { max_concurrent: 1 } })
    const quota = { 'x-ratelimit-limit-requests': '100', 'x-ratelimit-remaining-requests': '25' }
    scenario.a.next(chatStream(['fine'], { headers: quota }))
    await (await scenario.chat()).text()
    const { backends } = (await reportOf(scenario.proxy.url)).endpoint_health
    expect(backends[0]).toMatchObject({
      ...{ state: 'ok', in_flight: 0, queued: 0 },
      quota: [{ name: 'requests', limit: 100, remaining: 25, used_ratio: 0.75, resets_at: null }],
    })
  })
})

describe('POST /internal/backends/{name}/reset', () => {
  it('closes a circuit, which its history tells as well, and names the backends where there is none of that name', async () => {
    const scenario = await startScenario({ targets: 2 })
    const { a, b, proxy } = scenario
    a.answer(openaiError(500, { message: 'no' }))
    b.answer(chatStream(['fine']))
    for (let n = 0; n < 4; n++) await (await scenario.chat()).text()
    expect(a.requests).toHaveLength(3)
    const reset = (name: string) => fetch(`${proxy.url}/internal/backends/${name}/reset`, { method: 'POST' })
    expect((await reset('openai.a')).status).toBe(200)
    const { backends } = (await reportOf(proxy.url)).endpoint_health
    expect(backends[0]?.circuit_history).toMatchObject([
      { state: 'closed', reason: null },
      { state: 'open', reason: 'status 500: no' },
    ])
    await (await scenario.chat()).text()
    expect(a.requests).toHaveLength(4)
    const unknown = await reset('openai.c')
    expect(unknown.status).toBe(404)
    expect(await unknown.text()).toContain('openai.a')
  })
})

describe('GET /readyz', () => {
  it('is 503 as soon as no configured backend is usable, and 200 when one is again', async () => {
    const scenario = await startScenario()
    const ready = async () => (await fetch(`${scenario.proxy.url}/readyz`)).status
    expect(await ready()).toBe(200)
    scenario.a.answer(openaiError(500))
    for (let n = 0; n < 3; n++) await (await scenario.chat()).text()
    expect(await ready()).toBe(503)
    scenario.a.answer(chatStream(['fine']))
    await (await scenario.chat()).text()
    expect(await ready()).toBe(200)
  })
})

describe('GET /internal/events', () => {
  it('tells of each change of a backend and of an endpoint', async () => {
    const scenario = await startScenario()
    const ending = new AbortController()
    const events = await fetch(`${scenario.proxy.url}/internal/events`, { signal: ending.signal })
    expect(events.headers.get('content-type')).toBe('text/event-stream')
    scenario.a.answer(openaiError(500))
    for (let n = 0; n < 3; n++) await (await scenario.chat()).text()
    let text = ''
    for await (const chunk of events.body ?? []) {
      text += Buffer.from(chunk).toString()
      if (text.includes('backend.state')) break
    }
    ending.abort()
    const data = /event: backend\.state\ndata: (.*)\n\n/.exec(text)?.[1] ?? '{}'
    expect(JSON.parse(data)).toMatchObject({ name: 'openai.a', state: 'open' })
  })
})

describe('two instances of one type', () => {
  it('share the traffic so that it moves when one dies, and comes back when it recovers', async () => {
    const scenario = await startScenario({ targets: 2, config: { failover_routes: {} } })
    const { a, b, clock } = scenario
    let conversations = 0
    const asked = async () => {
      const messages = [{ role: 'user', content: `conversation ${conversations++}` }]
      const before = [a.requests.length, b.requests.length]
      const answer = await scenario.chat({ model: 'openai:m', messages })
      expect([answer.status, await answer.text()]).toEqual([200, expect.stringContaining('fine')])
      return [a.requests.length - (before[0] ?? 0), b.requests.length - (before[1] ?? 0)]
    }
    a.answer(chatStream(['fine']))
    b.answer(chatStream(['fine']))
    expect(await asked()).toEqual([1, 0])
    a.answer(openaiError(503, { message: 'maintenance' }))
    for (let n = 0; n < 3; n++) expect(await asked()).toEqual([1, 1])
    expect(await asked()).toEqual([0, 1])
    a.answer(chatStream(['fine']))
    await clock.advanceSlowly(30_000)
    expect(await asked()).toEqual([1, 0])
    expect(await asked()).toEqual([1, 0])
  })
})

it('a provider that thinks for 150 s before its first token is not cut', async () => {
  const scenario = await startScenario()
  scenario.a.answer(async () => {
    await scenario.clock.advanceSlowly(150_000)
    return chatStream(['fine'])
  })
  const answer = await scenario.chat()
  expect([answer.status, await answer.text()]).toEqual([200, expect.stringContaining('fine')])
})
