import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { chatAnswer, startFakeProvider } from '../support/fake-provider.ts'
import { startTestProxy, type TestProxy } from '../support/start-proxy.ts'

let proxy: TestProxy
beforeAll(async () => {
  proxy = await startTestProxy({
    config: { auth: { allowed_origins: ['https://app.example'], api_keys: ['lp_0123456789abcdef'] } },
  })
})
afterAll(() => proxy.stop())

const preflight = { 'access-control-request-method': 'POST', 'access-control-request-headers': 'x-a, x-b' }

describe('a page', () => {
  test.each(['https://app.example', 'http://localhost:3000'])('at %s may ask and read', async (origin) => {
    const asked = await fetch(`${proxy.url}/v1/messages`, {
      method: 'OPTIONS',
      headers: { origin, ...preflight },
    })
    expect(asked.status).toBe(204)
    expect(asked.headers.get('access-control-allow-origin')).toBe(origin)
    expect(asked.headers.get('access-control-allow-headers')).toBe('x-a, x-b')
    expect(asked.headers.get('access-control-allow-methods')).toContain('POST')

    const answer = await fetch(`${proxy.url}/v1/chat/completions`, {
      method: 'POST',
      headers: { origin, 'x-llmproxy-key': 'lp_0123456789abcdef' },
      body: JSON.stringify({ model: 'demo:echo', messages: [{ role: 'user', content: 'hi' }] }),
    })
    expect(answer.status).toBe(200)
    expect(answer.headers.get('access-control-allow-origin')).toBe(origin)
    expect(answer.headers.get('vary')).toContain('origin')
  })

  test('also reads why it was refused', async () => {
    const answer = await fetch(`${proxy.url}/v1/models`, { headers: { origin: 'https://app.example' } })
    expect(answer.status).toBe(401)
    expect(answer.headers.get('access-control-allow-origin')).toBe('https://app.example')
  })

  test('of any other origin gets neither', async () => {
    const headers = { origin: 'https://evil.example', ...preflight }
    const asked = await fetch(`${proxy.url}/v1/messages`, { method: 'OPTIONS', headers })
    expect(asked.status).toBe(403)
    expect(asked.headers.get('access-control-allow-origin')).toBeNull()
  })
})

test('what a provider lets pages read does not take the place of what the proxy lets them', async () => {
  const provider = await startFakeProvider(
    chatAnswer({ headers: { 'access-control-allow-origin': '*', 'access-control-expose-headers': 'x-a' } }),
  )
  const other = await startTestProxy({
    config: { backends: { openai: { api_url: `${provider.url}/v1`, api_key: 'sk-proj-of-the-proxy' } } },
  })
  try {
    const body = JSON.stringify({ model: 'm', messages: [] })
    const ask = (headers: Record<string, string>) =>
      fetch(`${other.url}/v1/chat/completions`, { method: 'POST', headers, body })
    const toPage = await ask({ origin: 'http://localhost:3000' })
    expect(toPage.headers.get('access-control-allow-origin')).toBe('http://localhost:3000')
    expect(toPage.headers.get('access-control-expose-headers')).toBe('*')
    expect((await ask({})).headers.get('access-control-expose-headers')).toBe('x-a')
  } finally {
    await other.stop()
    await provider.close()
  }
})

test('a client that is no page gets no such headers', async () => {
  const answer = await fetch(`${proxy.url}/healthz`)
  expect([...answer.headers.keys()].filter((name) => name.startsWith('access-control'))).toEqual([])
})
