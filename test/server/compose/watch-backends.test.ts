import { describe, expect, it, onTestFinished } from 'vitest'
import { configSchema } from '../../../src/config/schema.ts'
import type { Backend } from '../../../src/core/backend.ts'
import type { Log } from '../../../src/logs/log.ts'
import { ours } from '../../../src/routing/availability/availability.ts'
import { watchBackends } from '../../../src/server/compose/watch-backends.ts'
import { Events, type ProxyEvent } from '../../../src/server/events.ts'
import { aBackend } from '../../support/a-backend.ts'
import { FakeClock } from '../../support/fake-clock.ts'

const checks = { ping: { enabled: false }, http: { failure_threshold: 1 } }
const configOf = (health_check: object = checks) => configSchema.parse({ health_check })
const quotaHeaders = [
  ['x-ratelimit-limit-requests', '100'],
  ['x-ratelimit-remaining-requests', '25'],
] as const

/** Backends whose endpoints all refuse connections. */
async function watching(backends: readonly Backend[], config = configOf()) {
  const events = new Events()
  const told: ProxyEvent[] = []
  events.listen((event) => told.push(event))
  const silent = () => {}
  const log: Log = {
    ...{ debug: silent, info: silent, warn: silent, error: silent, setLevel: silent },
    child: () => log,
  }
  const watched = watchBackends({
    ...{ config, events, env: {}, version: '1.2.3', clock: new FakeClock() },
    log,
    dispatcherFor: () => {
      throw Object.assign(new Error('refused'), { code: 'ECONNREFUSED' })
    },
    redactText: (text) => text,
  })
  onTestFinished(() => watched.health.stop())
  watched.configure(config, backends)
  await watched.health.checkNow()
  const stateOf = (name: string) => watched.availability.stateOf(name)?.state
  return { watched, told, stateOf }
}

describe('a reload', () => {
  it('has the circuit of a backend with another key open, too, while its endpoint fails its checks', async () => {
    const backend = aBackend('a')
    const { watched, stateOf } = await watching([backend])
    expect(stateOf('a')).toBe('excluded')
    watched.configure(configOf(), [{ ...backend, apiKey: 'sk-other' }])
    expect(stateOf('a')).toBe('excluded')
  })

  it('that switches notify_backends on tells the circuits what is known', async () => {
    const backend = aBackend('a')
    const { watched, stateOf } = await watching([backend], configOf({ ...checks, notify_backends: false }))
    expect([stateOf('a'), watched.health.isHealthy(backend)]).toEqual(['ok', false])
    watched.configure(configOf(), [backend])
    expect(stateOf('a')).toBe('excluded')
  })

  it('tells at once of a state that it has changed', async () => {
    const backend = aBackend('a')
    const { watched, told } = await watching([backend], configOf({ enabled: false }))
    watched.availability.begin({ backend, model: 'm' }, ours).ended({
      ...{ kind: 'limited', reason: 'status 429: slow down', retryAfterMs: 60_000 },
    })
    watched.configure(configOf({ enabled: false }), [{ ...backend, apiKey: 'sk-other' }])
    expect(told.map(({ data }) => data)).toMatchObject([
      { name: 'a', state: 'cooldown' },
      { name: 'a', state: 'ok' },
    ])
  })

  it('keeps what is left of the limits of a backend that stays, and of no other', async () => {
    const [stays, moves, goes] = [aBackend('stays'), aBackend('moves'), aBackend('goes')]
    const config = configOf({ enabled: false })
    const { watched } = await watching([stays, moves, goes], config)
    for (const backend of [stays, moves, goes]) watched.answered(backend, 200, quotaHeaders)
    const moved = { ...moves, apiUrl: 'https://elsewhere.test/v1' }
    watched.configure(config, [{ ...stays }, moved])
    const known = ['stays', 'moves', 'goes'].map((name) => watched.quotas.of(name).length)
    expect(known).toEqual([1, 0, 0])
    // An exchange that began before the reload has its answer from where the backend was.
    watched.answered(moves, 200, quotaHeaders)
    expect(watched.quotas.of('moves')).toEqual([])
    watched.answered(moved, 200, quotaHeaders)
    expect(watched.quotas.of('moves')).toHaveLength(1)
  })
})
