import { request } from 'node:http'
import { createServer } from 'node:net'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { type Relay, startRelay } from '../../../src/cli/run/relay.ts'
import {
  type FakeProvider,
  head,
  reset,
  stall,
  startFakeProvider,
  write,
} from '../../support/fake-provider.ts'

let proxy: FakeProvider
let relay: Relay
beforeEach(async () => {
  proxy = await startFakeProvider()
  relay = await startRelay(proxy.url, [
    ['x-llmproxy-key', 'lp_0123456789abcdef'],
    ['x-llmproxy-tags', 'project=web,run=r1'],
  ])
})
afterEach(async () => {
  await relay.close()
  await proxy.close()
})

describe('what passes to the proxy', () => {
  test('is the same but for the headers that are added and the host', async () => {
    const sent = request(`${relay.url}/v1/chat/completions?a=%2Fb`, {
      method: 'POST',
      headers: { Authorization: 'Bearer sk-own', 'X-Twice': ['1', '2'], 'content-length': '4' },
    })
    sent.end('{ }\n')
    await new Promise((resolve) => sent.on('response', resolve))
    const { method, url, body, headers } = await proxy.received()
    expect({ method, url, body: String(body) }).toEqual({
      method: 'POST',
      url: '/v1/chat/completions?a=%2Fb',
      body: '{ }\n',
    })
    expect(headers).toMatchObject({
      ...{ host: new URL(proxy.url).host, authorization: 'Bearer sk-own', 'x-twice': '1, 2' },
      ...{ 'x-llmproxy-key': 'lp_0123456789abcdef', 'x-llmproxy-tags': 'project=web,run=r1' },
    })
  })

  test('has the path as it was written', async () => {
    const { hostname, port, pathname } = new URL(relay.url)
    const path = `${pathname}/v1beta/models/a|b:c%2e/../x//?q='"`
    const sent = request({ hostname, port, path }).end()
    await new Promise((resolve) => sent.on('response', resolve))
    expect((await proxy.received()).url).toBe(path.slice(pathname.length))
  })

  test('keeps tags of the program’s own, and no access key of its own', async () => {
    const headers = { 'X-LLMProxy-Tags': 'job=nightly', 'x-llmproxy-key': 'lp_other' }
    await fetch(`${relay.url}/v1/models`, { headers })
    expect((await proxy.received()).headers).toMatchObject({
      'x-llmproxy-tags': 'project=web,run=r1,job=nightly',
      'x-llmproxy-key': 'lp_0123456789abcdef',
    })
  })
})

describe('what comes back', () => {
  test('has the proxy’s status, headers and body, each piece at once', async () => {
    proxy.answer([head(418, { 'content-type': 'text/event-stream', 'x-own': 'yes' }), write('data: 1\n\n')])
    const answer = await fetch(`${relay.url}/v1/messages`)
    expect([answer.status, answer.headers.get('x-own')]).toEqual([418, 'yes'])
    expect(await answer.text()).toBe('data: 1\n\n')
  })

  test('is cut where the proxy cut it', async () => {
    proxy.answer([head(200, { 'content-type': 'text/event-stream' }), write('data: 1\n\n'), reset()])
    const answer = await fetch(`${relay.url}/v1/messages`)
    await expect(answer.text()).rejects.toThrow()
  })

  test('is the answer of a proxy that did not read everything', async () => {
    // As a proxy refuses a body that is too large: it answers, and closes.
    const early = createServer((socket) => {
      socket.on('error', () => {})
      socket.once('data', () => {
        socket.end('HTTP/1.1 413 Too Large\r\ncontent-length: 2\r\nconnection: close\r\n\r\n{}')
      })
    })
    await new Promise<void>((resolve) => early.listen(0, '127.0.0.1', resolve))
    const address = early.address()
    const port = typeof address === 'object' ? address?.port : 0
    const before = await startRelay(`http://127.0.0.1:${port}`, [])
    const answer = await fetch(`${before.url}/v1/messages`, { method: 'POST', body: 'x'.repeat(20_000) })
    expect([answer.status, await answer.text()]).toEqual([413, '{}'])
    await before.close()
    early.close()
  })

  test('is an error with words where no proxy is', async () => {
    await proxy.close()
    const answer = await fetch(`${relay.url}/v1/models`, { method: 'POST', body: 'x'.repeat(1_000_000) })
    expect([answer.status, await answer.json()]).toEqual([
      502,
      { error: { code: 'proxy_away', message: expect.stringContaining('the proxy does not answer') } },
    ])
  })
})

test('who does not know its secret is not let in', async () => {
  const { origin } = new URL(relay.url)
  for (const path of ['/v1/models', '/', '/0123456789abcdef0123456789abcdef/v1/models']) {
    expect((await fetch(origin + path)).status).toBe(404)
  }
  expect(proxy.requests).toEqual([])
})

test('a client that leaves is gone for the proxy too', async () => {
  proxy.answer([head(200, { 'content-type': 'text/event-stream' }), write('data: 1\n\n'), stall()])
  const leave = new AbortController()
  const answer = await fetch(`${relay.url}/v1/messages`, { signal: leave.signal })
  await answer.body?.getReader().read()
  leave.abort()
  await expect.poll(() => proxy.openConnections).toBe(0)
})
