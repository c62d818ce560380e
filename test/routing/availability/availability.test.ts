import { describe, expect, it } from 'vitest'
import type { Backend } from '../../../src/core/backend.ts'
import type { AttemptEnd } from '../../../src/routing/availability/attempt-end.ts'
import { Availability, ours } from '../../../src/routing/availability/availability.ts'
import { aBackend } from '../../support/a-backend.ts'
import { FakeClock } from '../../support/fake-clock.ts'

const settings = { failureThreshold: 3, openMs: 30_000, excludes: true, breaks: true, notified: true }
const limited: AttemptEnd = { kind: 'limited', reason: 'status 429: slow down', retryAfterMs: 60_000 }
const refused: AttemptEnd = { kind: 'key_refused', reason: '(401): who are you?', certain: true }
const fails: AttemptEnd = { kind: 'fails', reason: 'status 500: down' }

function watching(backend: Backend = aBackend('a'), changed: Partial<typeof settings> = {}) {
  const clock = new FakeClock()
  const availability = new Availability({ ...settings, ...changed }, { clock, onChange: () => {} })
  availability.configure({ ...settings, ...changed }, [backend])
  const target = (model = 'm') => ({ backend, model })
  return {
    ...{ availability, clock, target },
    attempt: (end: AttemptEnd, credential = ours, model = 'm') =>
      availability.begin(target(model), credential).ended(end),
    stateFor: (credential = ours, model = 'm') => {
      const usability = availability.usabilityOf(target(model), credential, null)
      return usability.usable ? 'usable' : usability.reason
    },
  }
}

describe('what a credential met', () => {
  it('is kept for that credential', () => {
    const { attempt, stateFor } = watching()
    attempt(limited, 'hash of one client')
    expect([stateFor('hash of one client'), stateFor('hash of another'), stateFor()]).toEqual([
      ...['cooldown', 'usable', 'usable'],
    ])
    attempt({ kind: 'model_refused', reason: 'no access' }, 'hash of another')
    expect([stateFor('hash of another'), stateFor('hash of another', 'n'), stateFor()]).toEqual([
      ...['excluded_model', 'usable', 'usable'],
    ])
  })

  it('leaves nothing out where all exclusions are off, but what is full', () => {
    const { availability, attempt, stateFor, target } = watching(aBackend('a', { maxConcurrent: 1 }), {
      excludes: false,
    })
    for (const end of [limited, refused, fails, fails, fails]) attempt(end)
    attempt({ kind: 'model_refused', reason: 'no access' })
    expect([stateFor(), availability.stateOf('a')?.state]).toEqual(['usable', 'ok'])
    availability.places.take(target().backend.name)
    expect(stateFor()).toBe('full')
  })
})

describe('the history of a circuit', () => {
  it('has when it opened, was tried and closed, on the clock that people read, and goes with a new address', () => {
    const backend = aBackend('a')
    const { availability, clock, attempt, target } = watching(backend)
    const history = () =>
      availability.stateOf('a')?.circuitHistory.map(({ atMs, state, reason }) => [atMs, state, reason])
    expect(history()).toEqual([])
    const openedMs = clock.nowMs()
    for (let n = 0; n < 3; n++) attempt(fails)
    clock.advance(30_000)
    availability.begin(target(), ours).content()
    expect(history()).toEqual([
      [openedMs + 30_000, 'closed', null],
      [openedMs + 30_000, 'half_open', 'status 500: down'],
      [openedMs, 'open', 'status 500: down'],
    ])
    availability.configure(settings, [{ ...backend, apiUrl: 'http://127.0.0.1:2/v1' }])
    expect(history()).toEqual([])
  })

  it('has what a hand and the endpoint’s checks did', () => {
    const { availability, attempt } = watching()
    for (let n = 0; n < 3; n++) attempt(fails)
    availability.reset('a')
    availability.endpointChanged(['a'], false, 'no answer')
    const turns = availability.stateOf('a')?.circuitHistory.map(({ state, reason }) => [state, reason])
    expect(turns).toEqual([
      ['open', 'no answer'],
      ['closed', null],
      ['open', 'status 500: down'],
    ])
  })
})

describe('a reload', () => {
  it('keeps what is known of a backend that stays as it is, and forgets it with its address or key', () => {
    const backend = aBackend('a', { apiKey: 'sk-one' })
    const { availability, attempt, stateFor } = watching(backend)
    for (let n = 0; n < 3; n++) attempt(fails)
    attempt(limited)
    availability.configure(settings, [{ ...backend }])
    expect(stateFor()).toBe('cooldown')
    availability.configure(settings, [{ ...backend, apiKey: 'sk-two' }])
    expect(stateFor()).toBe('usable')
  })
})

describe('an attempt at a backend that a reload has changed since its exchange began', () => {
  it('counts neither for nor against the one that has its name now', () => {
    const before = aBackend('a', { apiKey: 'sk-revoked' })
    const { availability } = watching(before)
    const now = { ...before, apiKey: 'sk-fresh' }
    availability.configure(settings, [now])
    const meets = (backend: Backend, end: AttemptEnd) =>
      availability.begin({ backend, model: 'm' }, ours).ended(end)
    const usability = (backend: Backend) => availability.usabilityOf({ backend, model: 'm' }, ours, null)
    for (const end of [refused, limited, fails, fails, fails]) meets(before, end)
    meets(before, { kind: 'model_refused', reason: 'no access' })
    expect([availability.stateOf('a')?.state, usability(now)]).toEqual(['ok', { usable: true }])
    meets(now, limited)
    meets(before, { kind: 'works' })
    expect(availability.stateOf('a')?.state).toBe('cooldown')
    expect(usability(before)).toEqual({ usable: true })
  })

  it('leaves nothing behind for a backend of that name that comes later', () => {
    const backend = aBackend('a')
    const { availability } = watching(backend)
    availability.configure(settings, [])
    availability.begin({ backend, model: 'm' }, ours).ended(limited)
    availability.configure(settings, [backend])
    expect(availability.stateOf('a')?.state).toBe('ok')
  })
})

it('a stream that began before the key was refused and ends well does not say that the key is good', () => {
  const { availability, attempt, target, stateFor, clock } = watching()
  const stream = availability.begin(target(), ours)
  attempt(refused)
  stream.ended({ kind: 'works' })
  expect(stateFor()).toBe('misconfigured')
  clock.advance(300_000)
  attempt({ kind: 'works' })
  expect(stateFor()).toBe('usable')
})

describe('where the clock of the system is set back by an hour', () => {
  it('nothing is left out for longer, and times are shown as that clock has them', () => {
    const backends = ['limited', 'open', 'refused'].map((name) => aBackend(name))
    const [one, two, three] = backends as [Backend, Backend, Backend]
    const clock = new FakeClock()
    let setBackMs = 0
    const turned = {
      nowMs: () => clock.nowMs() - setBackMs,
      monotonicNs: () => clock.monotonicNs(),
      after: clock.after.bind(clock),
    }
    const availability = new Availability(settings, { clock: turned, onChange: () => {} })
    availability.configure(settings, backends)
    const meets = (backend: Backend, end: AttemptEnd) =>
      availability.begin({ backend, model: 'm' }, ours).ended(end)
    meets(one, limited)
    for (let n = 0; n < 3; n++) meets(two, fails)
    meets(three, refused)
    clock.advance(1_000)
    setBackMs = 3_600_000
    const usability = (backend: Backend) => availability.usabilityOf({ backend, model: 'm' }, ours, null)
    const shownMs = turned.nowMs()
    expect([usability(one), usability(two), usability(three)]).toMatchObject([
      ...[{ retryAtMs: shownMs + 59_000 }, { retryAtMs: shownMs + 29_000 }, { retryAtMs: shownMs + 299_000 }],
    ])
    expect(availability.stateOf('open')).toMatchObject({
      ...{ openedAtMs: shownMs - 1_000, retryAtMs: shownMs + 29_000 },
    })
    clock.advance(299_000)
    expect(backends.map(usability)).toEqual(Array(3).fill({ usable: true }))
  })
})

describe('an endpoint whose checks fail', () => {
  it('leaves its backends out until they succeed, then lets one trial through', () => {
    const { availability, stateFor, target } = watching()
    availability.endpointChanged(['a'], false, '2 probes failed')
    expect(stateFor()).toBe('endpoint_unhealthy')
    expect(availability.stateOf('a')).toMatchObject({ state: 'excluded' })
    availability.endpointChanged(['a'], true, 'answered')
    expect(stateFor()).toBe('usable')
    availability.begin(target(), ours)
    expect(stateFor()).toBe('endpoint_unhealthy')
  })

  it('is taken back also where backends are no longer to be told', () => {
    const { availability, stateFor, target } = watching()
    availability.endpointChanged(['a'], false, '2 probes failed')
    availability.configure({ ...settings, notified: false }, [target().backend])
    expect(stateFor()).toBe('endpoint_unhealthy')
    availability.endpointChanged(['a'], true, 'answered')
    expect(stateFor()).toBe('usable')
  })

  it('changes nothing where backends are not to be told, nor where nothing is ever left out', () => {
    for (const changed of [{ notified: false }, { breaks: false }]) {
      const { availability, stateFor } = watching(undefined, changed)
      availability.endpointChanged(['a'], false, '2 probes failed')
      expect(stateFor()).toBe('usable')
    }
  })
})

it('what no fallback may pass over is said first', () => {
  const { attempt, stateFor, clock } = watching(aBackend('a', { maxConcurrent: 1 }))
  for (let n = 0; n < 3; n++) attempt(fails)
  expect(stateFor()).toBe('open')
  attempt(limited)
  expect(stateFor()).toBe('cooldown')
  clock.advance(60_000)
  attempt(refused)
  expect(stateFor()).toBe('misconfigured')
  // When the trial of the key is due, a cooldown that still lasts is not passed over.
  clock.advance(299_000)
  attempt(limited)
  clock.advance(2_000)
  expect(stateFor()).toBe('cooldown')
})
