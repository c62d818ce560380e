import { describe, expect, it } from 'vitest'
import { Counters } from '../../../src/replacement/metrics/counters.ts'
import { Distribution } from '../../../src/replacement/metrics/distribution.ts'
import { NamedCounts } from '../../../src/replacement/metrics/named-counts.ts'
import { RecentCount } from '../../../src/replacement/metrics/recent-count.ts'
import { SessionState } from '../../../src/replacement/session-state.ts'

describe('the counters', () => {
  it('say nothing that did not happen: zeros for events, null for what has no denominator', () => {
    expect(new Counters(() => 0).summary()).toEqual({
      started_at: '1970-01-01T00:00:00.000Z',
      elapsed_seconds: 0,
      activation_metrics: {
        ...{ total_activations: 0, activation_rate_per_second: 0, activations_last_60s: 0 },
        ...{ activation_ratio: null, unique_sessions_activated: 0, by_rule: {}, by_target: {} },
      },
      turn_count_metrics: {
        ...{ total_turns_completed: 0, average_turn_count: null, turn_count_distribution: {} },
        turns_before_activation: {
          ...{ count: 0, min: null, max: null, avg: null, p50: null, p95: null, distribution: {} },
        },
        unique_sessions_with_turns: 0,
      },
      opt_out_metrics: {
        ...{ total_opt_outs: 0, header_opt_outs: 0, session_opt_outs: 0, opt_out_rate_per_second: 0 },
        ...{ opt_outs_last_60s: 0, unique_sessions_opted_out: 0, opt_out_ratio: null },
      },
      probability_check_metrics: {
        ...{ total_probability_checks: 0, unique_sessions_checked: 0, observed_probability: null },
      },
    })
  })

  it('give rates by the time since the start, and begin anew with a reset', () => {
    let nowMs = 1_000
    const counters = new Counters(() => nowMs)
    const session = new SessionState(false)
    counters.activated('*=a:b', 'a:b', 3, session)
    counters.activated('*=a:b', 'a:b', 5, session)
    nowMs += 4_000
    const { elapsed_seconds, activation_metrics } = counters.summary()
    expect([elapsed_seconds, activation_metrics]).toEqual([
      4,
      {
        ...{ total_activations: 2, activation_rate_per_second: 0.5, activations_last_60s: 2 },
        ...{ activation_ratio: null, unique_sessions_activated: 1 },
        ...{ by_rule: { '*=a:b': 2 }, by_target: { 'a:b': 2 } },
      },
    ])
    nowMs += 60_000
    expect(counters.summary().activation_metrics.activations_last_60s).toBe(0)
    counters.reset()
    expect(counters.summary()).toMatchObject({ elapsed_seconds: 0, activation_metrics: { by_rule: {} } })
    counters.activated('*=a:b', 'a:b', 0, session)
    expect(counters.summary().activation_metrics.unique_sessions_activated).toBe(1)
  })
})

describe('a distribution', () => {
  it('has the quantiles of what it was given, by nearest rank', () => {
    const distribution = new Distribution()
    for (const value of [5, 1, 1, 2, 9, 1, 1, 1, 1, 1]) distribution.add(value)
    expect(distribution.summary()).toEqual({
      ...{ count: 10, min: 1, max: 9, avg: 2.3, p50: 1, p95: 9 },
      distribution: { 1: 7, 2: 1, 5: 1, 9: 1 },
    })
  })

  it('stays small, with its sum and maximum exact', () => {
    const distribution = new Distribution()
    for (let value = 0; value < 100_000; value++) distribution.add(value)
    const { distribution: counts, max, avg } = distribution.summary()
    expect([Object.keys(counts).length, max, avg]).toEqual([1_001, 99_999, 49_999.5])
    expect(counts[1000]).toBe(99_000)
  })
})

describe('the last 60 seconds', () => {
  it('are counted to the second, over any time and a clock that goes back', () => {
    const recent = new RecentCount()
    const times = [0, 500, 999, 1_000, 30_000, 59_999, 60_000, 61_000, 500_000]
    for (const ms of times) recent.add(ms)
    expect(recent.total(500_000)).toBe(1)
    recent.add(499_000)
    expect([recent.total(500_000), recent.total(499_000), recent.total(560_000)]).toEqual([2, 1, 0])
    expect(recent.total(-5)).toBe(0)
  })
})

describe('counts by name', () => {
  it('put what is beyond a thousand names together', () => {
    const counts = new NamedCounts()
    for (let i = 0; i < 1_500; i++) counts.add(`name ${i}`)
    counts.add('name 3')
    const all = counts.toObject()
    expect([Object.keys(all).length, all['name 3'], all['(other)']]).toEqual([1_001, 2, 500])
  })
})
