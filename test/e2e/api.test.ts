import { afterAll, beforeAll, expect, it } from 'vitest'
import { startFakeProvider } from '../support/fake-provider.ts'
import { type DocumentedOperation, openApi } from '../support/openapi.ts'
import { type SpawnedProxy, spawnProxy } from '../support/spawn-proxy.ts'
import { ApiAnswers, type ApiRequest } from './api-answers.ts'

// The built program's own API: every operation that it documents, with every answer that can be brought about.
const admin = 'lp_admin_0123456789abcdef'
const user = 'lp_user_0123456789abcdef'
const asAdmin = { 'x-llmproxy-key': admin }
const operations = Object.entries(openApi.paths).flatMap(([path, methods]) =>
  Object.entries(methods).map(([method, operation]) => ({ path, method: method.toUpperCase(), operation })),
)
const own = operations.filter(({ operation }) => !operation.tags.includes('frontends'))

let proxy: SpawnedProxy
/** Without backends and without a ledger. */
let bare: SpawnedProxy
let provider: Awaited<ReturnType<typeof startFakeProvider>>
let api: ApiAnswers

beforeAll(async () => {
  provider = await startFakeProvider()
  const keyless = { credentials: 'proxy', api_key: '' }
  const openai = { api_url: `${provider.url}/v1`, api_key: 'sk-0000000000', models: ['m'] }
  const gemini = { api_url: `${provider.url}/v1beta`, api_key: 'AI-0000000000', models: ['g'] }
  ;[proxy, bare] = await Promise.all([
    spawnProxy({
      config: {
        backends: { openai, gemini },
        auth: {
          api_keys: [
            { name: 'admin', key: admin, role: 'admin' },
            { name: 'user', key: user },
          ],
        },
      },
    }),
    spawnProxy({
      config: { backends: { openai: keyless, anthropic: keyless, gemini: keyless, chatgpt: keyless } },
      env: { USAGE_TRACKING_ENABLED: 'false', HEALTH_CHECK_ENABLED: 'false' },
    }),
  ])
  api = new ApiAnswers(portOf(proxy))
})
afterAll(async () => {
  await Promise.all([proxy.stop(), bare.stop()])
  await provider.close()
})

it('documents itself as it was built', async () => {
  const answer = await fetch(`${proxy.url}/openapi.json`, { headers: asAdmin })
  expect(await answer.json()).toEqual(openApi)
})

it.each<[string, ApiRequest, number]>([
  ['a call, for the ledger', post('/v1/chat/completions', said()), 200],
  ['whether it runs', get('/'), 200],
  ['whether it runs, in short', { ...get('/'), method: 'HEAD' }, 200],
  ['whether it is alive', get('/healthz'), 200],
  ['whether it is alive, in short', { ...get('/healthz'), method: 'HEAD' }, 200],
  ['whether it can serve', get('/readyz'), 200],
  ['whether it can serve, in short', { ...get('/readyz'), method: 'HEAD' }, 200],
  ['what is counted', get('/metrics'), 200],
  ['its document', get('/openapi.json'), 200],
  ['what is carried', get('/v1/capabilities'), 200],
  ['what is carried, asked wrongly', get('/v1/capabilities?clinet=gemini'), 400],
  ['what is carried by nobody', get('/v1/capabilities?backend=nobody'), 404],
  ['how all is', get('/internal/health'), 200],
  ['how all is now', post('/internal/health/check'), 200],
  ['a circuit closed', post('/internal/backends/openai/reset'), 200],
  ['a circuit of nobody', post('/internal/backends/nobody/reset'), 404],
  ['what is in flight', get('/internal/live?limit=3'), 200],
  ['what is in flight, asked wrongly', get('/internal/live?limit=0'), 400],
  ['the sums', get('/v1/usage/stats?group_by=model,day'), 200],
  ['sums, asked wrongly', get('/v1/usage/stats?modle=m'), 400],
  ['the last exchanges', get('/v1/usage/recent?limit=1'), 200],
  ['the last exchanges, asked wrongly', get('/v1/usage/recent?limit=0'), 400],
  ['one exchange', get('/v1/usage/records/x_1'), 200],
  ['an exchange without its number', get('/v1/usage/records/nothing'), 404],
  ['all of them', get('/v1/usage/export?start_date=today&end_date=today'), 200],
  ['all of them as lines', get('/v1/usage/export?start_date=today&end_date=today&format=jsonl'), 200],
  ['all of them as a table', get('/v1/usage/export?start_date=today&end_date=today&format=csv'), 200],
  ['all of them, of no time', get('/v1/usage/export'), 400],
  ['what replacement did', get('/v1/replacement/metrics'), 200],
  ['what replacement did, asked wrongly', get('/v1/replacement/metrics?since=soonish'), 400],
  ['counts from zero', post('/v1/replacement/metrics/reset'), 200],
  ['counts from zero, for a user', post('/v1/replacement/metrics/reset', '', user), 403],
  ['an opt-out', post('/v1/replacement/opt-out', '{"session_id":"s1"}'), 200],
  ['an opt-out of nothing', post('/v1/replacement/opt-out', '{}'), 400],
  ['an opt-out that is large', post('/v1/replacement/opt-out', large()), 413],
  ['an opt-out taken back', { ...get('/v1/replacement/opt-out/s1'), method: 'DELETE' }, 200],
  ['one that was not there', { ...get('/v1/replacement/opt-out/s1'), method: 'DELETE' }, 404],
  ['the wire, of late', post('/internal/capture', '{"mode":"recent"}'), 200],
  ['the wire, loud', post('/internal/capture', '{"mode":"loud"}'), 400],
  ['the wire, of a large wish', post('/internal/capture', large()), 413],
  ['nothing written', post('/internal/capture/save', '{"exchange":"x_none"}'), 409],
  ['a call, for the wire', post('/v1/chat/completions', said()), 200],
  ['the wire written', post('/internal/capture/save', '{}'), 200],
  ['the wire written wrongly', post('/internal/capture/save', '{"exchange":7}'), 400],
  ['a large wish to write', post('/internal/capture/save', large()), 413],
  ['the models', get('/v1/models'), 200],
  ['one of them', get('/v1/models/openai:m'), 200],
  ['none of them', get('/v1/models/none'), 404],
  ['the models for Gemini', get('/v1beta/models'), 200],
  ['one of those', get('/v1beta/models/gemini:g'), 200],
  ['none of those', get('/v1beta/models/none'), 404],
])('answers with %s as documented', async (_, request, status) => {
  expect(await api.ask(request)).toBe(status)
})

it('answers with what happens, for as long as one listens', async () => {
  const leaving = new AbortController()
  const events = await fetch(`${proxy.url}/internal/events`, { headers: asAdmin, signal: leaving.signal })
  expect([events.status, events.headers.get('content-type')]).toEqual([200, 'text/event-stream'])
  api.had.add('GET /internal/events 200')
  leaving.abort()
})

it('is as documented where no backend can be used and nothing is kept', async () => {
  const without = new ApiAnswers(portOf(bare))
  for (const method of ['GET', 'HEAD']) expect(await without.ask({ method, path: '/readyz' })).toBe(503)
  for (const path of ['stats', 'recent', 'records/x_1', 'export?start_date=today&end_date=today'])
    expect(await without.ask({ method: 'GET', path: `/v1/usage/${path}` })).toBe(404)
  for (const path of ['/internal/health', '/internal/live', '/v1/replacement/metrics', '/v1/models'])
    expect(await without.ask({ method: 'GET', path })).toBe(200)
  for (const had of without.had) api.had.add(had)
})

it.each(own.map((one) => [`${one.method} ${one.path}`, one] as const))(
  '%s turns away at the door as documented, whatever client it takes one for',
  async (_, { method, path, operation }) => {
    const request = { method, path: filledIn(path) }
    expect(await api.ask({ ...request, headers: { host: 'not a host', ...asAdmin } })).toBe(400)
    expect(await api.ask({ ...request, headers: { host: 'evil.example', ...asAdmin } })).toBe(403)
    const passed = { 'x-llmproxy-hop': 'a,b,c,d,e' }
    expect(await api.ask({ ...request, headers: { ...passed, ...asAdmin } })).toBe(508)
    if (isOpen(operation)) return
    expect(await api.ask(request)).toBe(401)
    for (const headers of [{ 'anthropic-version': '2023-06-01' }, { 'x-goog-api-key': '' }])
      expect(await api.ask({ ...request, headers })).toBe(401)
    if (operation.responses['403']?.description.includes('role_refused'))
      expect(await api.ask({ ...request, headers: { 'x-llmproxy-key': user } })).toBe(403)
  },
)

it('has no documented answer that was not had', () => {
  const wanted = own.flatMap(({ method, path, operation }) =>
    Object.entries(operation.responses)
      .filter(([status, { description }]) => !isBeyondTests(status, description))
      .map(([status]) => `${method} ${path} ${status}`),
  )
  expect(wanted.filter((one) => !api.had.has(one))).toEqual([])
})

/** What takes a fault of ours, a ledger that breaks, or minutes of wrong keys. */
function isBeyondTests(status: string, description: string): boolean {
  return status === '500' || status === '429' || description === 'ledger_failed'
}

function isOpen({ security }: DocumentedOperation): boolean {
  return security?.length === 0
}

function get(path: string): ApiRequest {
  return { method: 'GET', path, headers: asAdmin }
}

function post(path: string, body = '', key = admin): ApiRequest {
  return { method: 'POST', path, body, headers: { 'x-llmproxy-key': key } }
}

function said(): string {
  return JSON.stringify({ model: 'demo:echo', messages: [{ role: 'user', content: '=1+1' }] })
}

function large(): string {
  return JSON.stringify({ mode: 'x'.repeat(70_000) })
}

function filledIn(path: string): string {
  return path.replaceAll(/\{\w+\}/g, 'x1')
}

function portOf({ url }: SpawnedProxy): number {
  return Number(new URL(url).port)
}
