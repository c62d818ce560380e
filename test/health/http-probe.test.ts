import { createServer, type Server } from 'node:http'
import { createServer as createTlsServer, type Server as TlsServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import { Agent } from 'undici'
import { afterEach, beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest'
import { createPools, type Pools } from '../../src/backends/pools.ts'
import { type ProbeSettings, startHttpProbe } from '../../src/health/http-probe.ts'
import { selfSigned } from '../e2e/outbound/certificate.ts'
import { FakeClock } from '../support/fake-clock.ts'
import {
  closeWithoutAnswer,
  type FakeProvider,
  head,
  paced,
  raw,
  refusedPort,
  stall,
  startBlackHole,
  startFakeProvider,
} from '../support/fake-provider.ts'

let provider: FakeProvider
let pools: Pools
let clock: FakeClock
beforeEach(async () => {
  provider = await startFakeProvider([head(200)])
  pools = createPools({ env: {} })
  clock = new FakeClock()
})
afterEach(async () => {
  await pools.close()
  await provider.close()
})

function start(url: string, changes: Partial<ProbeSettings> = {}) {
  const settings = {
    method: 'HEAD' as const,
    path: '',
    acceptAnyResponse: true,
    timeoutMs: 10_000,
    ...changes,
  }
  const dispatcherFor = pools.freshConnection
  return startHttpProbe(url, settings, { clock, dispatcherFor, userAgent: 'llmproxy/1.2.3 health' })
}
const probe = (url: string, changes: Partial<ProbeSettings> = {}) => start(url, changes).outcome
const failed = (error: string | RegExp) => ({
  ...{
    kind: 'failure',
    error: typeof error === 'string' ? error : expect.stringMatching(error),
    status: null,
  },
})

describe('a probe', () => {
  it('asks for the head of the API URL, says who it is, and nothing else', async () => {
    await probe(`${provider.url}/v1`)
    expect(provider.requests).toMatchObject([{ method: 'HEAD', url: '/v1' }])
    const names = Object.keys(provider.requests[0]?.headers ?? {}).sort()
    expect(names).toEqual(['accept', 'connection', 'host', 'user-agent'])
    expect(provider.requests[0]?.headers['user-agent']).toBe('llmproxy/1.2.3 health')
  })

  it.each([
    ['', '', '/'],
    ['/v1', '', '/v1'],
    ['/v1', '/models', '/v1/models'],
    ['/v1', 'models', '/v1/models'],
    ['/v1', '?limit=1', '/v1?limit=1'],
    ['', '?limit=1', '/?limit=1'],
    ['', 'health#top', '/health'],
  ])('of "%s" with the path "%s" asks for %s', async (base, path, asked) => {
    await probe(provider.url + base, { path, method: 'GET' })
    expect(provider.requests).toMatchObject([{ method: 'GET', url: asked }])
  })

  it.each([200, 204, 301, 401, 404, 500, 503])('is answered by %i', async (status) => {
    provider.answer([head(status, { location: '/elsewhere', 'set-cookie': 'a=b' })])
    expect(await probe(provider.url)).toEqual({ kind: 'success', latencyMs: expect.any(Number), status })
    expect(provider.requests).toHaveLength(1)
  })

  it.each([
    [200, 'success'],
    [204, 'success'],
    [301, 'failure'],
    [404, 'failure'],
    [503, 'failure'],
  ])('that wants a 2xx takes %i for a %s', async (status, kind) => {
    provider.answer([head(status, { location: '/elsewhere' })])
    const outcome = await probe(provider.url, { acceptAnyResponse: false })
    expect(outcome).toMatchObject({ kind, status })
    if (outcome.kind === 'failure') expect(outcome.error).toBe(`HTTP ${status}`)
    expect(provider.requests).toHaveLength(1)
  })

  it('waits behind an interim answer', async () => {
    provider.answer([
      raw('HTTP/1.1 103 Early Hints\r\n\r\nHTTP/1.1 404 Not Found\r\ncontent-length: 0\r\n\r\n'),
    ])
    expect(await probe(provider.url)).toMatchObject({ kind: 'success', status: 404 })
  })

  it.each(['GET', 'HEAD'] as const)(
    'with %s reads nothing of an endless body and leaves the connection',
    async (method) => {
      const endless = (function* () {
        for (;;) yield 'x'.repeat(65_536)
      })()
      provider.answer([head(200), paced(endless)])
      expect(await probe(provider.url, { method })).toMatchObject({ kind: 'success', status: 200 })
      await vi.waitFor(() => expect(provider.openConnections).toBe(0))
      expect(clock.pending).toBe(0)
    },
  )
})

describe('a probe fails in a few words', () => {
  it('when connections are refused', async () => {
    expect(await probe(`http://127.0.0.1:${await refusedPort()}`)).toEqual(failed('refuses connections'))
  })

  it('when the name is unknown', async () => {
    expect(await probe('http://no-such-host.invalid')).toEqual(
      failed(/^the name (is unknown|cannot be looked up now)$/),
    )
  })

  it('when the connection is closed without an answer', async () => {
    provider.answer([closeWithoutAnswer()])
    expect(await probe(provider.url)).toEqual(failed('closes the connection without an answer'))
  })

  it('when the answer is no HTTP', async () => {
    provider.answer([raw('SSH-2.0-OpenSSH_9.2\r\n')])
    expect(await probe(provider.url)).toEqual(failed(/^answers with something that is not HTTP/))
  })

  it('when TLS meets something else', async () => {
    // Answers what is no HTTP, such as a TLS greeting, with a 400.
    const server = createServer()
    const port = await listening(server)
    expect(await probe(`https://127.0.0.1:${port}`)).toEqual(failed(/^TLS failed \(\w+\)$/))
  })

  it('when nobody vouches for the certificate', async () => {
    const server = createTlsServer(selfSigned(['localhost']), (_request, response) => response.end())
    const port = await listening(server)
    expect(await probe(`https://127.0.0.1:${port}`)).toEqual(failed(/^TLS failed \(\w+\)$/))
  })

  it('when nothing is said within its time, and then gives the connection up', async () => {
    const hole = await startBlackHole()
    try {
      const running = start(hole.url, { timeoutMs: 10_000 })
      clock.advance(9_999)
      expect(await Promise.race([running.outcome, settled('waiting')])).toBe('waiting')
      clock.advance(1)
      expect(await running.outcome).toEqual(failed('no answer within 10 s'))
      expect(clock.pending).toBe(0)
    } finally {
      await hole.close()
    }
  })

  it('when its dispatcher is closed', async () => {
    const agent = new Agent()
    await agent.destroy()
    const parts = { clock, dispatcherFor: () => agent, userAgent: 'x' }
    const settings = { method: 'GET' as const, path: '', acceptAnyResponse: true, timeoutMs: 1_000 }
    const { outcome } = startHttpProbe(provider.url, settings, parts)
    expect(await outcome).toMatchObject({ kind: 'failure' })
    expect(clock.pending).toBe(0)
  })
})

it('a probe that is cancelled ends at once and takes its connection and timer with it', async () => {
  provider.answer([stall()])
  const running = start(provider.url)
  await provider.received()
  running.cancel()
  await running.outcome
  expect(clock.pending).toBe(0)
  await vi.waitFor(() => expect(provider.openConnections).toBe(0))
})

it('a probe that is cancelled before its connection stands leaves none behind', async () => {
  const running = start(provider.url)
  running.cancel()
  await running.outcome
  await vi.waitFor(() => expect(provider.connections).toBe(1))
  await vi.waitFor(() => expect(provider.openConnections).toBe(0))
  expect(provider.requests).toEqual([])
})

function settled(value: string): Promise<string> {
  return new Promise((resolve) => setImmediate(() => resolve(value)))
}

function listening(server: Server | TlsServer): Promise<number> {
  onTestFinished(() => {
    server.close()
    server.closeAllConnections()
  })
  return new Promise((resolve) =>
    server.listen(0, '127.0.0.1', () => resolve((server.address() as AddressInfo).port)),
  )
}
