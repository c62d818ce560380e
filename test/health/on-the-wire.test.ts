import { chmodSync, existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { createPools, type Pools } from '../../src/backends/pools.ts'
import { createPing } from '../../src/health/ping.ts'
import { aBackend } from '../support/a-backend.ts'
import { FakeClock } from '../support/fake-clock.ts'
import { type FakeProvider, head, refusedPort, stall, startFakeProvider } from '../support/fake-provider.ts'
import { tempFolder } from '../support/temp-folder.ts'
import { aHealth } from './a-health.ts'

let provider: FakeProvider
let pools: Pools
beforeEach(async () => {
  provider = await startFakeProvider([head(401, { 'set-cookie': 'session=1' })])
  pools = createPools({ env: {} })
})
afterEach(async () => {
  await pools.close()
  await provider.close()
})

/** Health with the real network, and `ping` where the folder has one. */
function realHealth(folder = tempFolder()) {
  const clock = new FakeClock()
  const ports = { dispatcherFor: pools.freshConnection }
  const world = aHealth({
    clock,
    ports: { ...silent, ...ports },
    ping: createPing({ clock, env: { PATH: folder } }),
  })
  return { ...world, clock }
}
const silent = { onChange() {}, onHealthyCheck() {}, onPingUnavailable() {}, onFault() {} }
const httpOnly = { ping: { enabled: false } }

describe('on the wire', () => {
  it.each(['HEAD', 'GET'] as const)(
    'a %s carries no credential, though backend and URL have some',
    async (method) => {
      const world = realHealth()
      const apiUrl = `http://user:password@127.0.0.1:${provider.port}/v1?key=sk-query`
      const backend = aBackend('openai', {
        ...{ apiUrl, apiKey: 'sk-secret', headers: { 'x-extra': 'sk-extra' } },
        defaultHeaders: { 'x-default': 'sk-default' },
      })
      world.configure({ ...httpOnly, http: { method } }, backend)
      await world.health.checkNow()
      await world.health.checkNow()
      expect(provider.requests.map((request) => [request.method, request.url])).toEqual([
        [method, '/v1'],
        [method, '/v1'],
      ])
      const wire = JSON.stringify(provider.requests.map(({ url, rawHeaders }) => [url, rawHeaders]))
      expect(wire).not.toMatch(/authorization|cookie|api-key|sk-|password|dXNlc/i)
      expect(wire).toContain('"llmproxy/1.2.3 health"')
      expect(JSON.stringify(world.health.snapshot())).not.toMatch(/sk-|password|user:/)
    },
  )

  it('the report of an endpoint has these fields', async () => {
    const world = realHealth()
    const backend = aBackend('openai', { apiUrl: `${provider.url}/v1` })
    world.configure({}, backend)
    await world.health.checkNow()
    world.clock.advance(1_500)
    world.health.answered(backend, 200)
    expect(JSON.parse(JSON.stringify(world.health.snapshot()))).toEqual({
      enabled: true,
      summary: { total_endpoints: 1, healthy_endpoints: 1, unhealthy_endpoints: 0 },
      endpoints: [
        {
          api_url: `${provider.url}/v1`,
          is_healthy: true,
          ping_check_success: true,
          http_check_success: true,
          last_ping_check_timestamp: '2026-01-05T12:00:00.000Z',
          last_http_check_timestamp: '2026-01-05T12:00:00.000Z',
          last_successful_ping_timestamp: null,
          last_successful_http_timestamp: '2026-01-05T12:00:00.000Z',
          consecutive_ping_failures: 0,
          consecutive_http_failures: 0,
          last_ping_latency_ms: null,
          last_http_latency_ms: 0,
          last_http_status_code: 401,
          last_ping_error: 'there is no program named ping',
          last_http_error: null,
          ping_available: false,
          last_traffic_success_timestamp: '2026-01-05T12:00:01.500Z',
          backends_using_url: ['openai'],
        },
      ],
    })
  })

  it('a provider that goes and comes back is seen to do so', async () => {
    const world = realHealth()
    const backend = aBackend('gone', { apiUrl: `http://127.0.0.1:${await refusedPort()}` })
    const there = aBackend('there', { apiUrl: provider.url })
    world.configure(httpOnly, backend, there)
    await world.health.checkNow()
    await world.health.checkNow()
    expect([backend, there].map(world.health.isHealthy)).toEqual([false, true])
    expect(world.health.reasonOf(backend)).toMatch(
      /^2 HTTP probes in a row failed since .*: refuses connections$/,
    )
    expect(world.health.snapshot().summary).toEqual({
      ...{ total_endpoints: 2, healthy_endpoints: 1, unhealthy_endpoints: 1 },
    })
  })

  it('stop ends probes that hang and kills the pings that run', async () => {
    const folder = tempFolder()
    const pidFile = join(folder, 'pid')
    writeFileSync(join(folder, 'ping'), `#!/bin/sh\necho $$ > '${pidFile}'\nexec /bin/sleep 600\n`)
    chmodSync(join(folder, 'ping'), 0o755)
    provider.answer([stall()])
    const world = realHealth(folder)
    world.configure({}, aBackend('openai', { apiUrl: provider.url }))
    await provider.received()
    await vi.waitFor(() => expect(existsSync(pidFile) && readFileSync(pidFile, 'utf8')).toMatch(/^\d+\n$/))
    const pid = Number(readFileSync(pidFile, 'utf8'))
    expect(process.kill(pid, 0)).toBe(true)
    await world.health.stop()
    expect(() => process.kill(pid, 0)).toThrow('ESRCH')
    expect(world.clock.pending).toBe(0)
    await vi.waitFor(() => expect(provider.openConnections).toBe(0))
  })
})
