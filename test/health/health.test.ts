import { describe, expect, it } from 'vitest'
import type { Outcome } from '../../src/health/outcome.ts'
import { aBackend } from '../support/a-backend.ts'
import { FakeClock } from '../support/fake-clock.ts'
import { aHealth, noPing, noPong } from './a-health.ts'

const openai = aBackend('openai', { apiUrl: 'https://openai.test/v1' })
const twin = aBackend('openai.eu', { apiUrl: 'HTTPS://user:pass@OpenAI.test:443/v1/?key=secret' })
const groq = aBackend('groq', { apiUrl: 'https://groq.test/v1' })
const httpOnly = { ping: { enabled: false } }
const pingOnly = { http: { enabled: false } }

describe('checks', () => {
  it('start at once, all endpoints side by side, though some never answer', async () => {
    const world = aHealth()
    world.answers = (origin) => (origin.includes('groq') ? 'silence' : 200)
    world.pongs = () => 'silence'
    world.configure({}, groq, openai)
    expect(world.pinged).toEqual(['groq.test', 'openai.test'])
    expect(world.probed).toEqual(['https://groq.test/v1', 'https://openai.test/v1'])
    await world.clock.advanceSlowly(60_000)
    expect(world.probed.filter((url) => url.includes('openai'))).toHaveLength(2)
    expect(world.endpoint('https://openai.test/v1').last_http_status_code).toBe(200)
  })

  it('mark an endpoint down on the n-th failure in a row and up on one success', async () => {
    const world = aHealth()
    world.answers = () => 'refused'
    world.configure(httpOnly, openai)
    await world.settle()
    expect(world.health.isHealthy(openai)).toBe(true)
    await world.clock.advanceSlowly(60_000)
    expect(world.health.isHealthy(openai)).toBe(false)
    const evidence = '2 HTTP probes in a row failed since 2026-01-05T12:00:00Z: refuses connections'
    expect(world.health.reasonOf(openai)).toBe(evidence)
    const [down] = world.changes
    expect(down).toEqual({
      ...{ apiUrl: 'https://openai.test/v1', backends: ['openai'], healthy: false, evidence },
      atMs: Date.UTC(2026, 0, 5, 12, 1),
    })
    await world.clock.advanceSlowly(120_000)
    world.answers = () => 404
    await world.clock.advanceSlowly(60_000)
    expect(world.changes).toHaveLength(2)
    expect(world.changes[1]).toMatchObject({ healthy: true, evidence: 'an HTTP probe was answered with 404' })
    expect(world.health.reasonOf(openai)).toBeNull()
  })

  it('run now when asked, and share those that already run', async () => {
    const world = aHealth()
    world.configure({}, openai, groq)
    await world.health.checkNow()
    expect(world.probed).toHaveLength(2)
    expect(world.endpoint('https://groq.test/v1')).toMatchObject({ last_ping_latency_ms: 1.5 })
    await world.health.checkNow()
    expect(world.probed).toHaveLength(4)
    expect(world.pinged).toHaveLength(4)
  })

  it('of names on one URL are one, with one state that all of them are told of', async () => {
    const world = aHealth()
    world.answers = () => 'refused'
    world.configure({ ...httpOnly, http: { failure_threshold: 1 } }, openai, twin, groq)
    await world.health.checkNow()
    expect(world.probed).toEqual(['https://openai.test/v1', 'https://groq.test/v1'])
    expect(world.changes.map((change) => change.backends)).toEqual([['openai', 'openai.eu'], ['groq']])
    world.health.answered(twin, 200)
    expect([openai, twin, groq].map(world.health.isHealthy)).toEqual([true, true, false])
  })

  it('that succeed are told only where that is wanted', async () => {
    const world = aHealth()
    world.configure({}, openai)
    await world.health.checkNow()
    expect(world.healthyChecks).toEqual([])
    world.configure({ log_healthy_checks: true }, openai)
    await world.health.checkNow()
    const apiUrl = 'https://openai.test/v1'
    expect(world.healthyChecks).toEqual([
      { apiUrl, kind: 'ping', latencyMs: 1.5, status: null },
      { apiUrl, kind: 'http', latencyMs: 0, status: 200 },
    ])
  })
})

describe('a backend that merely is there', () => {
  const preset = aBackend('gemini', { configured: false })

  it('is checked only from its first use on', async () => {
    const world = aHealth()
    world.configure({}, preset, openai)
    await world.settle()
    expect(world.pinged).toEqual(['openai.test'])
    expect(world.health.snapshot().summary.total_endpoints).toBe(1)
    world.health.used(preset)
    world.health.used(preset)
    expect(world.pinged).toEqual(['openai.test', 'gemini.test'])
    expect(world.health.snapshot().summary.total_endpoints).toBe(2)
    world.configure({}, preset)
    expect(world.health.snapshot().endpoints.map((endpoint) => endpoint.api_url)).toEqual([
      'https://gemini.test/v1',
    ])
  })

  it('is never checked when it is the demo', () => {
    const world = aHealth()
    const demo = aBackend('demo', { apiUrl: 'http://127.0.0.1:9' })
    world.configure({}, demo)
    world.health.used(demo)
    expect([world.pinged, world.probed, world.clock.pending]).toEqual([[], [], 0])
    expect(world.health.isHealthy(demo)).toBe(true)
  })
})

describe('without ICMP', () => {
  it('nothing is marked down, and one warning says why', async () => {
    const world = aHealth()
    world.pongs = () => noPing
    world.configure({}, openai, groq)
    await world.clock.advanceSlowly(3_600_000)
    expect(world.pinged.length).toBeGreaterThan(200)
    expect(world.changes).toEqual([])
    expect(world.warnings).toEqual(['there is no program named ping'])
    expect(world.endpoint('https://groq.test/v1')).toMatchObject({
      ...{ is_healthy: true, ping_available: false, ping_check_success: true },
      ...{ last_ping_error: 'there is no program named ping', consecutive_ping_failures: 0 },
    })
  })

  it('nor with HTTP probes off', async () => {
    const world = aHealth()
    world.pongs = () => noPing
    world.configure(pingOnly, openai)
    await world.clock.advanceSlowly(600_000)
    expect([world.changes, world.health.isHealthy(openai)]).toEqual([[], true])
  })

  it('in a cloud that blocks it, an endpoint that answers stays healthy', async () => {
    const world = aHealth()
    world.pongs = () => noPong
    world.answers = () => 401
    world.configure({}, openai)
    await world.clock.advanceSlowly(3_600_000)
    expect(world.changes).toEqual([])
    expect(world.endpoint('https://openai.test/v1')).toMatchObject({
      ...{ is_healthy: true, ping_check_success: false, http_check_success: true },
    })
  })

  it('from one moment on, an endpoint is probed at the first failure, before pings could take it down', async () => {
    const world = aHealth()
    world.configure({ http: { interval_seconds: 3600 } }, openai)
    await world.clock.advanceSlowly(100_000)
    world.pongs = () => noPong
    await world.clock.advanceSlowly(600_000)
    expect(world.changes).toEqual([])
    expect(world.probed).toHaveLength(2)
  })
})

describe('pings', () => {
  it('that fail have nothing probed anew that was probed since they were sent', async () => {
    const clock = new FakeClock()
    const slow = () => ({
      outcome: new Promise<Outcome>((resolve) => clock.after(5_000, () => resolve(noPong))),
      cancel: () => {},
    })
    const world = aHealth({ clock, ping: slow })
    world.answers = () => 'refused'
    world.configure({}, openai)
    await clock.advanceSlowly(20_000)
    expect(world.endpoint('https://openai.test/v1').consecutive_ping_failures).toBe(1)
    expect(world.probed).toHaveLength(1)
  })

  it('take an endpoint down whose probes have said nothing since', async () => {
    const world = aHealth()
    world.configure({ http: { failure_threshold: 100 } }, openai)
    await world.settle()
    world.pongs = () => noPong
    world.answers = () => 'silence'
    await world.clock.advanceSlowly(89_999)
    expect(world.health.isHealthy(openai)).toBe(true)
    await world.clock.advanceSlowly(1)
    expect(world.health.reasonOf(openai)).toBe(
      '3 pings in a row failed since 2026-01-05T12:00:30Z: no answer within 5 s',
    )
  })

  it('decide alone where HTTP probes are off, until a real answer or a ping says otherwise', async () => {
    const world = aHealth()
    world.pongs = () => noPong
    world.configure(pingOnly, openai, groq)
    await world.clock.advanceSlowly(60_000)
    expect([openai, groq].map(world.health.isHealthy)).toEqual([false, false])
    world.health.answered(openai, 500)
    expect(world.changes.at(-1)).toMatchObject({
      ...{ backends: ['openai'], healthy: true, evidence: 'a call was answered with 500' },
    })
    await world.clock.advanceSlowly(60_000)
    expect(world.health.isHealthy(openai)).toBe(true)
    world.pongs = () => ({ kind: 'success', latencyMs: null, status: null })
    await world.clock.advanceSlowly(60_000)
    expect(world.changes.at(-1)).toMatchObject({ backends: ['groq'], evidence: 'a ping was answered' })
    expect(world.probed).toEqual([])
  })
})

describe('a real answer', () => {
  it('takes an exclusion back at once, and what was asked before it cannot renew that', async () => {
    const world = aHealth()
    world.answers = () => 'silence'
    world.configure({ ...httpOnly, http: { failure_threshold: 1 } }, openai)
    await world.clock.advanceSlowly(10_000)
    expect(world.health.isHealthy(openai)).toBe(false)
    await world.clock.advanceSlowly(51_000)
    world.health.answered(openai, 529)
    expect(world.health.isHealthy(openai)).toBe(true)
    await world.clock.advanceSlowly(20_000)
    expect(world.probed).toHaveLength(2)
    expect(world.health.isHealthy(openai)).toBe(true)
    expect(world.endpoint('https://openai.test/v1')).toMatchObject({
      ...{ http_check_success: true, last_traffic_success_timestamp: '2026-01-05T12:01:01.000Z' },
      last_successful_http_timestamp: null,
    })
    await world.clock.advanceSlowly(50_000)
    expect(world.health.isHealthy(openai)).toBe(false)
  })

  it('of a backend that health knows nothing of changes nothing', () => {
    const world = aHealth()
    world.health.answered(openai, 200)
    world.health.used(openai)
    expect(world.health.isHealthy(openai)).toBe(true)
    expect(world.health.snapshot()).toMatchObject({ enabled: false, endpoints: [] })
  })
})

describe('faults of others', () => {
  const thrown = new Error('the log is full')
  const throwing = () => {
    throw thrown
  }

  it('reach neither the call nor the checks', async () => {
    const faults: unknown[] = []
    const ports = {
      ...{ onChange: throwing, onHealthyCheck: throwing, onPingUnavailable: throwing },
      dispatcherFor: throwing,
      onFault: (error: unknown) => faults.push(error),
    }
    const world = aHealth({ ports })
    world.configure({ log_healthy_checks: true, http: { failure_threshold: 1 } }, openai)
    await world.health.checkNow()
    expect(world.health.isHealthy(openai)).toBe(false)
    world.health.answered(openai, 200)
    expect(world.health.isHealthy(openai)).toBe(true)
    await world.clock.advanceSlowly(60_000)
    expect(world.health.isHealthy(openai)).toBe(false)
    expect(new Set(faults)).toEqual(new Set([thrown]))
  })
})
