import { describe, expect, it } from 'vitest'
import { aBackend } from '../support/a-backend.ts'
import { aHealth, noPong } from './a-health.ts'

const openai = aBackend('openai', { apiUrl: 'https://openai.test/v1' })
const groq = aBackend('groq', { apiUrl: 'https://groq.test/v1' })
const strict = { ping: { enabled: false }, http: { failure_threshold: 1 } }

/** openai is down, groq is up. */
async function withOneDown() {
  const world = aHealth()
  world.answers = (origin) => (origin.includes('openai') ? 'refused' : 200)
  world.configure(strict, openai, groq)
  await world.settle()
  expect(world.changes.map(({ backends, healthy }) => [backends, healthy])).toEqual([[['openai'], false]])
  world.changes.length = 0
  world.probed.length = 0
  return world
}

describe('a reload', () => {
  it('keeps what is known of endpoints that stay, and their rhythm', async () => {
    const world = await withOneDown()
    const before = world.endpoint('https://openai.test/v1')
    await world.clock.advanceSlowly(40_000)
    world.configure(strict, aBackend('openai', { apiUrl: 'https://OPENAI.test/v1/' }), groq)
    await world.settle()
    expect(world.endpoint('https://openai.test/v1')).toEqual(before)
    expect([world.changes, world.probed]).toEqual([[], []])
    await world.clock.advanceSlowly(20_000)
    expect(world.probed).toHaveLength(2)
  })

  it('checks new endpoints at once and forgets those without a backend', async () => {
    const world = await withOneDown()
    world.configure(strict, aBackend('mistral'), groq)
    expect(world.probed).toEqual(['https://mistral.test/v1'])
    const urls = world.health.snapshot().endpoints.map((endpoint) => endpoint.api_url)
    expect(urls).toEqual(['https://mistral.test/v1', 'https://groq.test/v1'])
    await world.settle()
    expect(world.clock.pending).toBe(2)
    world.configure(strict, openai)
    expect(world.health.isHealthy(openai)).toBe(true)
    await world.settle()
    expect(world.changes.map(({ backends, healthy }) => [backends, healthy])).toEqual([[['openai'], false]])
  })

  it('tells a backend that moves what its new endpoint is like', async () => {
    const world = await withOneDown()
    const movedAway = { ...openai, apiUrl: groq.apiUrl }
    const movedThere = { ...groq, apiUrl: openai.apiUrl }
    world.configure(strict, movedAway, movedThere, aBackend('other', { apiUrl: openai.apiUrl }))
    await world.settle()
    expect(world.changes).toMatchObject([
      { apiUrl: 'https://groq.test/v1', backends: ['openai'], healthy: true },
      { apiUrl: 'https://openai.test/v1', backends: ['groq', 'other'], healthy: false },
    ])
  })

  it('hears no answer from where a backend was before', async () => {
    const world = await withOneDown()
    const moved = { ...openai, apiUrl: 'https://openai.other.test/v1' }
    world.configure(strict, moved)
    await world.settle()
    expect(world.health.isHealthy(moved)).toBe(false)
    world.health.answered(openai, 200)
    expect(world.health.isHealthy(moved)).toBe(false)
  })

  it('with other settings of a check asks anew, and hears nothing of what was asked before', async () => {
    const world = aHealth()
    world.answers = () => 'silence'
    world.configure(strict, openai)
    await world.clock.advanceSlowly(9_000)
    world.answers = () => 503
    world.configure({ ...strict, http: { ...strict.http, path: '/models' } }, openai)
    expect(world.probed).toEqual(['https://openai.test/v1', 'https://openai.test/v1/models'])
    await world.clock.advanceSlowly(10_000)
    expect(world.changes).toEqual([])
    expect(world.endpoint('https://openai.test/v1').consecutive_http_failures).toBe(0)
  })

  it('with another threshold judges what is known by it', async () => {
    const world = await withOneDown()
    world.configure({ ...strict, http: { failure_threshold: 3 } }, openai, groq)
    expect(world.health.isHealthy(openai)).toBe(true)
    expect(world.changes).toMatchObject([{ healthy: true, evidence: 'the configuration changed' }])
  })
})

describe('switched off', () => {
  it.each([
    ['altogether', { enabled: false }],
    ['each kind', { ping: { enabled: false }, http: { enabled: false } }],
  ])('%s, nothing is checked, all is healthy, and no timer waits', async (_how, settings) => {
    const world = aHealth()
    world.configure(settings, openai)
    await world.clock.advanceSlowly(600_000)
    await world.health.checkNow()
    expect([world.pinged, world.probed, world.clock.pending]).toEqual([[], [], 0])
    expect(world.health.isHealthy(openai)).toBe(true)
  })

  it('by a reload, endpoints that were down are healthy again, and it is told', async () => {
    const world = await withOneDown()
    world.configure({ ...strict, enabled: false }, openai, groq)
    expect(world.changes).toMatchObject([{ backends: ['openai'], healthy: true }])
    expect(world.health.isHealthy(openai)).toBe(true)
    expect(world.clock.pending).toBe(0)
  })

  it('and on again while a check runs, its result comes too late', async () => {
    const world = aHealth()
    world.pongs = () => 'silence'
    const pings = { http: { enabled: false }, ping: { failure_threshold: 1 } }
    world.configure(pings, openai)
    expect(world.pinging).toBe(1)
    world.configure({ ...pings, enabled: false }, openai)
    expect(world.pinging).toBe(0)
    world.pongs = () => ({ kind: 'success', latencyMs: 2, status: null })
    world.configure(pings, openai)
    await world.settle()
    expect(world.changes).toEqual([])
    expect(world.endpoint('https://openai.test/v1')).toMatchObject({
      ...{ consecutive_ping_failures: 0, last_ping_latency_ms: 2 },
    })
  })

  it('one kind, the other goes on by itself', async () => {
    const world = aHealth()
    world.answers = () => 'refused'
    world.configure({ http: { failure_threshold: 1 } }, openai)
    await world.settle()
    expect(world.health.isHealthy(openai)).toBe(false)
    world.pongs = () => noPong
    world.configure({ http: { enabled: false } }, openai)
    expect(world.health.isHealthy(openai)).toBe(true)
    expect(world.endpoint('https://openai.test/v1')).toMatchObject({
      ...{ last_http_error: null, last_http_check_timestamp: null, http_check_success: true },
    })
    await world.clock.advanceSlowly(90_000)
    expect(world.health.isHealthy(openai)).toBe(false)
    expect(world.probed).toHaveLength(1)
  })
})

describe('stop', () => {
  it('ends all that runs and leaves no timer', async () => {
    const world = aHealth()
    world.pongs = () => 'silence'
    world.answers = () => 'silence'
    world.configure({}, openai, groq)
    const asked = world.health.checkNow()
    expect(world.pinging).toBe(2)
    await world.health.stop()
    await asked
    expect([world.pinging, world.clock.pending]).toEqual([0, 0])
    world.configure({}, openai, aBackend('mistral'))
    world.health.answered(openai, 200)
    await world.health.checkNow()
    await world.clock.advanceSlowly(600_000)
    expect([world.pinged.length, world.probed.length, world.changes]).toEqual([2, 2, []])
  })
})
