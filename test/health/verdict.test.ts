import { expect, test } from 'vitest'
import { freshEndpoint, pingEnded, probeEnded } from '../../src/health/endpoint-state.ts'
import { failure } from '../../src/health/outcome.ts'
import { reasonOf } from '../../src/health/verdict.ts'

const at = (second: number) => ({ ms: Date.UTC(2026, 0, 5, 12, 0, second), ns: second * 1e9 })
const failedAt = (second: number, error: string) => ({
  ...{ outcome: failure(error), began: at(second), ended: at(second + 1) },
})

test('the reason says which checks failed, how often, since when and with which error last', () => {
  let state = probeEnded(freshEndpoint(at(0)), failedAt(1, 'no answer within 10 s'))
  expect(reasonOf(state, { ping: 3, http: 2 })).toBeNull()
  expect(reasonOf(state, { ping: 3, http: 1 })).toBe(
    'an HTTP probe failed at 2026-01-05T12:00:01Z: no answer within 10 s',
  )
  state = probeEnded(state, failedAt(20, 'refuses connections'))
  expect(reasonOf(state, { ping: 1, http: 2 })).toBe(
    '2 HTTP probes in a row failed since 2026-01-05T12:00:01Z: refuses connections',
  )
  state = pingEnded(state, failedAt(30, 'the name is unknown'))
  expect(reasonOf(state, { ping: 1, http: 2 })).toBe(
    '2 HTTP probes in a row failed since 2026-01-05T12:00:01Z: refuses connections; a ping failed at 2026-01-05T12:00:30Z: the name is unknown',
  )
})

test('the reason is silent about failed pings that something disproved', () => {
  let state = pingEnded(freshEndpoint(at(0)), failedAt(1, 'no answer within 5 s'))
  state = probeEnded(state, {
    outcome: { kind: 'success', latencyMs: 1, status: 200 },
    began: at(2),
    ended: at(3),
  })
  expect(reasonOf(state, { ping: 1, http: 1 })).toBeNull()
  state = probeEnded(state, failedAt(4, 'refuses connections'))
  expect(reasonOf(state, { ping: 1, http: 1 })).not.toContain('ping')
})
