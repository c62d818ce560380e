import { afterAll, beforeAll, expect, it } from 'vitest'
import {
  type FakeProvider,
  head,
  openaiError,
  startFakeProvider,
  whole,
  write,
} from '../../support/fake-provider.ts'
import { startTestProxy, type TestProxy } from '../../support/start-proxy.ts'

let provider: FakeProvider
let proxy: TestProxy
beforeAll(async () => {
  provider = await startFakeProvider()
  proxy = await startTestProxy({
    config: {
      backends: {
        openai: { api_url: `${provider.origin}/v1`, api_key: 'sk-ours-0123456789', models: ['gpt'] },
      },
    },
  })
})
afterAll(async () => {
  await proxy.stop()
  await provider.close()
})

function ask(headers: Record<string, string> = {}): Promise<Response> {
  const body = JSON.stringify({ model: 'gpt', messages: [{ role: 'user', content: 'hi' }] })
  return fetch(`${proxy.url}/v1/chat/completions`, { method: 'POST', body, headers })
}

it('passes a provider’s refusal with its status, its headers and every byte', async () => {
  const text =
    '{ "error" : {"message":"no such thing","type":"invalid_request_error","param":null,"code":null}}\n'
  provider.next(
    whole(400, text, { headers: { 'x-request-id': 'req_1', 'content-type': 'application/json' } }),
  )
  const answer = await ask()
  expect(answer.status).toBe(400)
  expect(answer.headers.get('x-request-id')).toBe('req_1')
  expect(await answer.text()).toBe(text)
})

it('decodes a refusal that is encoded in a way that the client does not take', async () => {
  const text = '{"error":{"message":"sorry"}}'
  provider.next(whole(404, text, { encoding: 'br' }))
  const answer = await ask({ 'accept-encoding': 'identity' })
  expect(answer.headers.get('content-encoding')).toBeNull()
  expect(await answer.text()).toBe(text)
})

it('answers in its own words when a refusal is too large to be kept', async () => {
  const megabyte = Buffer.alloc(1 << 20, 'x')
  provider.next([
    head(500, { 'content-type': 'text/plain' }),
    ...Array.from({ length: 12 }, () => write(megabyte)),
  ])
  const answer = await ask()
  expect(answer.status).toBe(500)
  expect(await answer.json()).toMatchObject({ error: { message: expect.stringContaining('status 500') } })
})

it('says that a provider key of ours was refused, not the client’s', async () => {
  provider.next(openaiError(401, { message: 'Incorrect API key provided', code: 'invalid_api_key' }))
  const answer = await ask()
  expect(answer.status).toBe(502)
  expect(answer.headers.get('x-should-retry')).toBe('false')
  expect(await answer.json()).toMatchObject({
    error: { code: 'provider_key_refused', message: expect.stringContaining('provider key') },
  })
})
