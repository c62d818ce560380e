import fc from 'fast-check'
import { expect, it } from 'vitest'
import { readMetrics } from '../../../src/cli/replacement/metrics-report.ts'
import { anAnswer } from './metrics-answers.ts'

it('reads what the spec has', () => {
  const report = readMetrics(anAnswer())
  expect(report).toMatchObject({
    ...{ isEnabled: true, probability: 0.2, turnCount: 3, elapsedMs: 11_533_400 },
    startedAtMs: Date.UTC(2026, 10, 27, 14, 20, 5, 120),
    rules: [
      { from: 'claude-opus', to: 'openrouter:anthropic/claude-sonnet-4-5' },
      { from: '*', to: 'local:qwen3-coder' },
    ],
    activations: { total: 134, sessions: 58, lastMinute: 3, perSecond: 0.011_618, ratio: 0.194_2 },
    turns: {
      ...{ total: 1_390, sessions: 58, average: 2.895_5 },
      beforeActivation: { min: 1, max: 40, avg: 7.671_6, p50: 6, p95: 21 },
    },
    optOuts: { total: 12, byHeader: 9, bySession: 3, sessions: 4, lastMinute: 0, ratio: 0.004_1 },
    rolls: { total: 690, sessions: 120, observed: 0.194_2 },
    effectivenessReason: null,
  })
  expect(report?.effectiveness?.[0]).toMatchObject({
    ...{ from: 'claude-opus', costSavedUsd: 34.632, hasEnoughData: true, interval: [-0.1012, -0.0771] },
    replaced: { requests: 390, ttftP50Ms: 410.5, toolCallRate: 1.62 },
    baseline: { errorRate: 0.0081, costPerRequestUsd: 0.18 },
    difference: { requests: null, durationP50Ms: -6_077, tokensPerRequest: -2_786.6 },
  })
})

it('what is null, or is not there, is not known: never 0', () => {
  const unknown = Object.fromEntries(Object.keys(anAnswer()).map((key) => [key, null]))
  for (const answer of [unknown, { effectiveness: null }, { activation_metrics: 'none' }]) {
    expect(new Set(Object.values(readMetrics(answer)!))).toEqual(new Set([null]))
  }
  const hollow = { activation_metrics: {}, turn_count_metrics: {}, opt_out_metrics: {}, effectiveness: [{}] }
  const { activations, turns, optOuts, effectiveness } = readMetrics(hollow)!
  const beforeActivation = turns?.beforeActivation
  const [one] = effectiveness!
  for (const part of [activations, { ...turns, beforeActivation: null }, beforeActivation, optOuts]) {
    expect(new Set(Object.values(part!))).toEqual(new Set([null]))
  }
  expect(new Set(Object.values(one!.replaced))).toEqual(new Set([null]))
  expect([one!.costSavedUsd, one!.hasEnoughData, one!.interval]).toEqual([null, null, null])
})

it('of anything else that answers says so', () => {
  for (const other of [undefined, null, 'hello', [], {}, { status: 'ok' }])
    expect(readMetrics(other)).toBeNull()
})

it('whatever JSON stands in an answer, it is read', () => {
  const keys = Object.keys(anAnswer())
  fc.assert(
    fc.property(fc.dictionary(fc.constantFrom(...keys), fc.jsonValue({ maxDepth: 3 })), (answer) => {
      expect(readMetrics({ effectiveness: [], ...answer })).not.toBeNull()
    }),
  )
})
