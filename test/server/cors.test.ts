import { afterAll, beforeAll, describe, expect, test } from 'vitest'
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

test('a client that is no page gets no such headers', async () => {
  const answer = await fetch(`${proxy.url}/healthz`)
  expect([...answer.headers.keys()].filter((name) => name.startsWith('access-control'))).toEqual([])
})
