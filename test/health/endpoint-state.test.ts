import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  type EndpointState,
  forgotten,
  freshEndpoint,
  pingEnded,
  probeEnded,
  trafficAnswered,
} from '../../src/health/endpoint-state.ts'
import type { Outcome } from '../../src/health/outcome.ts'
import { verdictOf } from '../../src/health/verdict.ts'
import { expectedAfter, type Happening } from './state-model.ts'

const thresholds = { ping: 3, http: 2 }
const startMs = Date.UTC(2026, 0, 5, 12)
const at = (ns: number) => ({ ms: startMs + ns, ns })

function next(state: EndpointState, happening: Happening): EndpointState {
  if (happening.what === 'traffic') return trafficAnswered(state, at(happening.atNs))
  if (happening.what === 'forgotten') return forgotten(state, happening.kind, at(happening.atNs))
  const { kind, outcome, beganNs, endedNs } = happening
  const result = { outcome, began: at(beganNs), ended: at(endedNs) }
  return kind === 'ping' ? pingEnded(state, result) : probeEnded(state, result)
}

const ok = (status: number | null = null): Outcome => ({ kind: 'success', latencyMs: 5, status })
const no = (error = 'no answer'): Outcome => ({ kind: 'failure', error, status: null })
const cannot: Outcome = { kind: 'unavailable', reason: 'no ping here' }
const ping = (beganNs: number, endedNs: number, outcome: Outcome): Happening => ({
  ...{ what: 'result', kind: 'ping', beganNs, endedNs, outcome },
})
const probe = (beganNs: number, endedNs: number, outcome: Outcome): Happening => ({
  ...{ what: 'result', kind: 'http', beganNs, endedNs, outcome },
})
const traffic = (atNs: number): Happening => ({ what: 'traffic', atNs })

function stateAfter(...story: Happening[]): EndpointState {
  return story.reduce(next, freshEndpoint(at(0)))
}
const healthyAfter = (...story: Happening[]) => verdictOf(stateAfter(...story), thresholds).healthy

describe('any interleaving of checks, late results, traffic and switching off', () => {
  type Step = { do: 'begin' | 'end' | 'traffic' | 'forget' | 'wait'; kind: 'ping' | 'http'; pick: number }

  const outcomes = fc.oneof(
    { weight: 4, arbitrary: fc.constant(no()) },
    { weight: 1, arbitrary: fc.constant<Outcome>({ kind: 'failure', error: 'HTTP 503', status: 503 }) },
    {
      weight: 2,
      arbitrary: fc.nat(99).map((latencyMs): Outcome => ({ kind: 'success', latencyMs, status: 200 })),
    },
    { weight: 1, arbitrary: fc.constant(cannot) },
  )
  const steps = fc.array(
    fc.tuple(
      fc.record<Step>({
        do: fc.oneof(
          { weight: 6, arbitrary: fc.constant('begin' as const) },
          { weight: 6, arbitrary: fc.constant('end' as const) },
          { weight: 3, arbitrary: fc.constant('wait' as const) },
          { weight: 1, arbitrary: fc.constant('traffic' as const) },
          { weight: 1, arbitrary: fc.constant('forget' as const) },
        ),
        kind: fc.constantFrom('ping', 'http'),
        pick: fc.nat(1000),
      }),
      outcomes,
    ),
    { minLength: 10, maxLength: 60 },
  )

  /** Checks begin at once and end in any order, so that many of a kind are in flight. */
  function storyOf(all: readonly (readonly [Step, Outcome])[]) {
    const flying: { kind: 'ping' | 'http'; beganNs: number }[] = []
    const story: Happening[] = []
    let nowNs = 1
    let most = 0
    for (const [step, outcome] of all) {
      if (step.do === 'wait') nowNs += step.pick % 4
      if (step.do === 'begin') flying.push({ kind: step.kind, beganNs: nowNs })
      if (step.do === 'traffic') story.push(traffic(nowNs))
      if (step.do === 'forget') story.push({ what: 'forgotten', kind: step.kind, atNs: nowNs })
      if (step.do === 'end' && flying.length > 0) {
        const [{ kind, beganNs }] = flying.splice(step.pick % flying.length, 1) as [(typeof flying)[0]]
        story.push({ what: 'result', kind, beganNs, endedNs: nowNs, outcome })
      }
      most = Math.max(most, flying.length)
    }
    return { story, most }
  }

  it('ends as the whole story, read at once, says', () => {
    let crowded = 0
    let unhealthy = 0
    fc.assert(
      fc.property(steps, (all) => {
        const { story, most } = storyOf(all)
        if (most >= 3) crowded++
        let state = freshEndpoint(at(0))
        story.forEach((happening, place) => {
          state = next(state, happening)
          const expected = expectedAfter(story.slice(0, place + 1), thresholds)
          const verdict = verdictOf(state, thresholds)
          if (!verdict.healthy) unhealthy++
          expect({
            ...verdict,
            pingFailures: state.ping.consecutiveFailures,
            httpFailures: state.http.consecutiveFailures,
            latencyMs: state.ping.lastLatencyMs,
            status: state.lastStatus,
          }).toEqual(expected)
        })
      }),
      { numRuns: 2000 },
    )
    expect(crowded).toBeGreaterThan(500)
    expect(unhealthy).toBeGreaterThan(500)
  })
})

describe('an endpoint', () => {
  it('is healthy before anything is known', () => {
    expect(healthyAfter()).toBe(true)
  })

  it('fails on the n-th failure in a row and recovers on one success', () => {
    expect(healthyAfter(probe(1, 2, no()))).toBe(true)
    expect(healthyAfter(probe(1, 2, no()), probe(3, 4, no()))).toBe(false)
    expect(healthyAfter(probe(1, 2, no()), probe(3, 4, ok(200)), probe(5, 6, no()))).toBe(true)
    expect(healthyAfter(probe(1, 2, no()), probe(3, 4, no()), probe(5, 6, ok(500)))).toBe(true)
  })

  it('keeps the last latency, status and time of success through failures, and forgets a disproved error', () => {
    const failing = stateAfter(probe(1, 2, ok(204)), probe(3, 4, no('refuses connections')))
    expect(failing).toMatchObject({
      lastStatus: 204,
      http: {
        ...{ lastLatencyMs: 5, lastSuccessMs: startMs + 2, lastCheckMs: startMs + 4 },
        lastError: 'refuses connections',
      },
    })
    expect(next(failing, probe(5, 6, ok(200))).http.lastError).toBeNull()
  })

  it('is taken back at once by a real answer', () => {
    const down = [probe(1, 2, no()), probe(3, 4, no())]
    expect(healthyAfter(...down, traffic(5))).toBe(true)
    expect(stateAfter(...down, traffic(5)).lastTraffic).toEqual(at(5))
  })

  it('is not marked down by probes that began before a real answer', () => {
    expect(healthyAfter(traffic(5), probe(3, 9, no()), probe(4, 10, no()))).toBe(true)
    expect(healthyAfter(traffic(5), probe(6, 9, no()), probe(7, 10, no()))).toBe(false)
  })

  it('is not changed by the answer to an older question', () => {
    const down = [probe(3, 4, no()), probe(5, 6, no())]
    expect(healthyAfter(...down, probe(2, 7, ok(200)))).toBe(false)
    const up = [probe(3, 4, no()), probe(6, 7, ok(200))]
    expect(stateAfter(...up, probe(5, 8, no())).http.consecutiveFailures).toBe(0)
  })

  it('does not hear what was asked before its checks were switched off', () => {
    const off: Happening = { what: 'forgotten', kind: 'http', atNs: 5 }
    expect(stateAfter(probe(1, 2, no()), off).http).toMatchObject({
      consecutiveFailures: 0,
      lastCheckMs: null,
    })
    expect(healthyAfter(off, probe(3, 6, no()), probe(4, 7, no()))).toBe(true)
  })

  const pings = [ping(10, 15, no()), ping(20, 25, no()), ping(30, 35, no())]

  it('is unhealthy by pings alone while nothing else has spoken for it', () => {
    expect(healthyAfter(...pings.slice(1))).toBe(true)
    expect(healthyAfter(...pings)).toBe(false)
    expect(healthyAfter(probe(1, 2, ok(200)), ...pings)).toBe(false)
  })

  it.each([
    ['a probe', probe(11, 12, ok(404))],
    ['a real answer', traffic(12)],
  ])('stays healthy without pings when %s answers since the first failed one', (_what, sign) => {
    expect(healthyAfter(sign, ...pings)).toBe(true)
    expect(healthyAfter(...pings, later(sign, 50))).toBe(true)
    expect(healthyAfter(sign, ...pings, ping(60, 65, no()))).toBe(true)
  })

  it('needs a new sign of life once a ping was answered in between', () => {
    const again = [ping(40, 41, ok()), ping(50, 55, no()), ping(60, 65, no()), ping(70, 75, no())]
    expect(healthyAfter(traffic(12), ...pings, ...again)).toBe(false)
  })

  it('is not down by pings that can no longer be sent', () => {
    const state = stateAfter(...pings, ping(40, 41, cannot))
    expect(verdictOf(state, thresholds).healthy).toBe(true)
    expect(state.pingUnavailable).toBe('no ping here')
    expect(next(state, ping(50, 51, ok())).pingUnavailable).toBeNull()
  })

  it('is neither up nor down by a probe that could not be made here', () => {
    const down = [probe(1, 2, no()), probe(3, 4, no())]
    expect(healthyAfter(...down, probe(5, 6, cannot))).toBe(false)
    expect(healthyAfter(probe(1, 2, no()), probe(5, 6, cannot))).toBe(true)
  })

  it('hears only checks that are on', () => {
    const down = stateAfter(...pings, probe(36, 37, no()), probe(38, 39, no()))
    expect(verdictOf(down, { ping: null, http: null }).healthy).toBe(true)
    expect(verdictOf(down, { ping: 3, http: null }).healthy).toBe(false)
    expect(verdictOf(down, { ping: null, http: 2 }).healthy).toBe(false)
  })
})

/** The same later. */
function later(happening: Happening, byNs: number): Happening {
  if (happening.what !== 'result') return { ...happening, atNs: happening.atNs + byNs }
  return { ...happening, beganNs: happening.beganNs + byNs, endedNs: happening.endedNs + byNs }
}
