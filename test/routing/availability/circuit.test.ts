import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { Circuit, type Pass } from '../../../src/routing/availability/circuit.ts'

const settings = { failureThreshold: 3, openMs: 30_000 }

/** A circuit that three failures have opened at 0. */
function opened(): Circuit {
  const circuit = new Circuit(settings)
  for (let n = 0; n < 3; n++) circuit.failed(circuit.begin(0), 'HTTP 500', 0)
  return circuit
}

describe('a circuit', () => {
  it('opens with the threshold of failures in a row, and not with as many between successes', () => {
    const circuit = new Circuit(settings)
    for (const end of ['fail', 'fail', 'succeed', 'fail', 'fail']) {
      const pass = circuit.begin(0)
      if (end === 'fail') circuit.failed(pass, 'HTTP 500', 0)
      else circuit.succeeded(pass)
    }
    expect(circuit.view).toMatchObject({ state: 'closed', consecutiveFailures: 2 })
    circuit.failed(circuit.begin(0), 'HTTP 502', 0)
    expect(circuit.view).toEqual({
      ...{ state: 'open', openReason: 'failures', reason: 'HTTP 502', consecutiveFailures: 3 },
      ...{ openedAtMs: 0, retryAtMs: 30_000 },
    })
  })

  it('lets one trial through when its time is over, and closes with its first content', () => {
    const circuit = opened()
    expect(circuit.isUsable(29_999)).toBe(false)
    expect(circuit.isUsable(30_000)).toBe(true)
    const trial = circuit.begin(30_000)
    expect([trial.isTrial, circuit.isUsable(30_000), circuit.view.state]).toEqual([true, false, 'half_open'])
    circuit.content(trial)
    expect([circuit.isUsable(30_000), circuit.view.state]).toEqual([true, 'closed'])
  })

  it('stays open twice as long each time a trial fails, up to ten minutes', () => {
    const circuit = opened()
    const times: number[] = []
    let atMs = 30_000
    for (let n = 0; n < 7; n++) {
      circuit.failed(circuit.begin(atMs), 'HTTP 500', atMs)
      times.push(((circuit.view.retryAtMs ?? 0) - atMs) / 1000)
      atMs = circuit.view.retryAtMs ?? 0
    }
    expect(times).toEqual([60, 120, 240, 480, 600, 600, 600])
    circuit.succeeded(circuit.begin(atMs))
    for (let n = 0; n < 3; n++) circuit.failed(circuit.begin(atMs), 'HTTP 500', atMs)
    expect((circuit.view.retryAtMs ?? 0) - atMs).toBe(30_000)
  })

  it('opens for a backend that cuts every stream, be it after the trial has closed it', () => {
    const circuit = opened()
    let atMs = 30_000
    const trial = circuit.begin(atMs)
    circuit.content(trial)
    circuit.failed(trial, 'cut', atMs)
    for (let n = 0; n < 2; n++) circuit.failed(circuit.begin(atMs), 'cut', atMs)
    expect(circuit.view).toMatchObject({ state: 'open', reason: 'cut' })
    atMs += 60_000
    expect(circuit.begin(atMs).isTrial).toBe(true)
  })

  it('stays open twice as long each time for a backend that cuts every stream, until one was complete', () => {
    const circuit = opened()
    const times: number[] = []
    let atMs = 30_000
    for (let n = 0; n < 6; n++) {
      const trial = circuit.begin(atMs)
      circuit.content(trial)
      circuit.failed(trial, 'cut', atMs)
      for (let m = 0; m < 2; m++) circuit.failed(circuit.begin(atMs), 'cut', atMs)
      times.push(((circuit.view.retryAtMs ?? 0) - atMs) / 1000)
      atMs = circuit.view.retryAtMs ?? 0
    }
    expect(times).toEqual([60, 120, 240, 480, 600, 600])
    circuit.succeeded(circuit.begin(atMs))
    for (let n = 0; n < 3; n++) circuit.failed(circuit.begin(atMs), 'cut', atMs)
    expect((circuit.view.retryAtMs ?? 0) - atMs).toBe(30_000)
  })

  it('frees the place of a trial that says nothing', () => {
    const circuit = opened()
    circuit.ended(circuit.begin(30_000))
    expect(circuit.view.state).toBe('half_open')
    expect(circuit.begin(30_001).isTrial).toBe(true)
  })

  it('closes when an attempt that nothing else could serve succeeds, and does not count it when it fails', () => {
    const circuit = opened()
    const [one, other] = [circuit.begin(10), circuit.begin(11)]
    circuit.failed(one, 'HTTP 500', 20)
    expect(circuit.view).toMatchObject({ consecutiveFailures: 3, retryAtMs: 30_000 })
    circuit.succeeded(other)
    expect(circuit.view.state).toBe('closed')
  })

  it('opens with its endpoint, and lets a trial through as soon as that is healthy', () => {
    const circuit = new Circuit(settings)
    circuit.endpointFailed('refused', 5)
    expect(circuit.view).toMatchObject({ state: 'open', openReason: 'endpoint_unhealthy', reason: 'refused' })
    circuit.endpointRecovered(100)
    expect([circuit.isUsable(99), circuit.isUsable(100)]).toEqual([false, true])
    circuit.succeeded(circuit.begin(100))
    expect(circuit.view.state).toBe('closed')
  })

  it('that failures opened has a trial at once when its endpoint, which had failed too, is healthy again', () => {
    const circuit = opened()
    circuit.endpointRecovered(100)
    expect(circuit.isUsable(100)).toBe(false)
    circuit.endpointFailed('refused', 110)
    circuit.endpointRecovered(120)
    expect([circuit.isUsable(119), circuit.isUsable(120)]).toEqual([false, true])
  })

  it('that failures opened says so, also when the checks of its endpoint fail later', () => {
    const circuit = opened()
    circuit.endpointFailed('refused', 5)
    expect(circuit.view).toMatchObject({ openReason: 'failures', reason: 'HTTP 500', consecutiveFailures: 3 })
  })

  it('that its endpoint opened is open for the failure of its trial, once the endpoint is healthy', () => {
    const circuit = new Circuit(settings)
    circuit.endpointFailed('refused', 0)
    circuit.failed(circuit.begin(30_000), 'no connection', 30_000)
    expect(circuit.view).toMatchObject({ openReason: 'endpoint_unhealthy', reason: 'refused' })
    circuit.endpointRecovered(40_000)
    circuit.failed(circuit.begin(40_000), 'HTTP 500', 40_000)
    expect(circuit.view).toMatchObject({ state: 'open', openReason: 'failures', reason: 'HTTP 500' })
  })

  it('is closed by hand', () => {
    const circuit = opened()
    circuit.reset()
    expect(circuit.view).toMatchObject({ state: 'closed', consecutiveFailures: 0, reason: null })
  })
})

const step = fc.oneof(
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('begin' as const) }) },
  {
    weight: 4,
    arbitrary: fc.record({
      kind: fc.constant('end' as const),
      which: fc.nat(5),
      end: fc.constantFrom('works' as const, 'fails' as const, 'neutral' as const),
    }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('content' as const), which: fc.nat(5) }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('wait' as const), ms: fc.nat(100_000) }) },
)

interface Flying {
  pass: Pass
  isTrial: boolean
  /** The number of changes of state when it began. */
  began: number
}

it('follows its rules for any interleaving of attempts, with one trial at a time and none lost', () => {
  let trials = 0
  fc.assert(
    fc.property(fc.array(step, { minLength: 20, maxLength: 120, size: 'max' }), (steps) => {
      const circuit = new Circuit(settings)
      const flying: Flying[] = []
      let nowMs = 0
      let changes = 0
      let state = 'closed' as 'closed' | 'open'
      let failures = 0
      let openMs = 30_000
      let keepsFailing = false
      let retryAtMs = 0
      let trial: Flying | null = null
      const open = () => {
        if (keepsFailing) openMs = Math.min(openMs * 2, 600_000)
        keepsFailing = true
        state = 'open'
        changes++
        trial = null
        retryAtMs = nowMs + openMs
      }
      const close = () => {
        state = 'closed'
        changes++
        trial = null
        failures = 0
      }
      for (const one of steps) {
        if (one.kind === 'wait') nowMs += one.ms
        if (one.kind === 'begin') {
          const isTrial = state === 'open' && trial === null && nowMs >= retryAtMs
          expect(circuit.isUsable(nowMs)).toBe(state === 'closed' || isTrial)
          const begun: Flying = { pass: circuit.begin(nowMs), isTrial, began: changes }
          expect(begun.pass.isTrial).toBe(isTrial)
          if (isTrial) {
            trial = begun
            trials++
          }
          flying.push(begun)
        }
        if (one.kind === 'content' && flying.length > 0) {
          const attempt = flying[one.which % flying.length] as Flying
          circuit.content(attempt.pass)
          if (attempt === trial) {
            close()
            attempt.began = changes
          }
        }
        if (one.kind === 'end' && flying.length > 0) {
          const [attempt] = flying.splice(one.which % flying.length, 1) as [Flying]
          const isCurrent = attempt.began === changes
          if (one.end === 'works') {
            circuit.succeeded(attempt.pass)
            if (isCurrent) {
              if (state === 'open') close()
              failures = 0
              openMs = 30_000
              keepsFailing = false
            }
          } else if (one.end === 'fails') {
            circuit.failed(attempt.pass, 'failed', nowMs)
            if (attempt === trial) open()
            else if (isCurrent && state === 'closed' && ++failures >= 3) open()
          } else {
            circuit.ended(attempt.pass)
            if (attempt === trial) trial = null
          }
        }
        expect(circuit.view.state === 'closed').toBe(state === 'closed')
        if (state === 'open') expect(circuit.view.retryAtMs).toBe(retryAtMs)
        else expect(circuit.view.consecutiveFailures).toBe(failures)
      }
      // Whatever happened: once all have ended and the time is over, somebody may try.
      for (const { pass } of flying) circuit.ended(pass)
      expect(circuit.isUsable(nowMs + 600_000)).toBe(true)
    }),
    { numRuns: 500 },
  )
  expect(trials).toBeGreaterThan(100)
})
