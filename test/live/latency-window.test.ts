import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { LatencyBins } from '../../src/live/latency-bins.ts'
import { LatencyWindow } from '../../src/live/latency-window.ts'

const second = 1e9
const quantiles = [0.5, 0.95, 0.99]

function exact(values: readonly number[], quantile: number): number {
  const sorted = [...values].sort((a, b) => a - b)
  return sorted[Math.max(1, Math.ceil(quantile * sorted.length)) - 1] as number
}

it('percentiles are right within 2 %, from 10 µs to 4 h', () => {
  const durations = fc.array(fc.double({ min: 0.01, max: 14_400_000, noNaN: true }), { minLength: 1 })
  fc.assert(
    fc.property(durations, (values) => {
      const bins = new LatencyBins()
      for (const ms of values) bins.add(ms)
      bins.at(quantiles).forEach((found, i) => {
        const right = exact(values, quantiles[i] as number)
        expect(Math.abs((found as number) - right) / right).toBeLessThan(0.02)
      })
    }),
    { numRuns: 300 },
  )
})

it('nothing added has no percentiles', () => {
  expect(new LatencyBins().at(quantiles)).toEqual([null, null, null])
})

describe('a window', () => {
  it('has the percentiles of five minutes and of each step that is over', () => {
    const window = new LatencyWindow(60, 0)
    window.add(1 * second, 100)
    window.add(6 * second, 1_000)
    const { p50, p99, count, series } = window.percentiles(12 * second)
    expect(count).toBe(2)
    expect(p50).toBeGreaterThan(98)
    expect(p50).toBeLessThan(102)
    expect(p99).toBeGreaterThan(980)
    expect(series.p50).toHaveLength(60)
    expect(series.p50.slice(0, 58)).toEqual(Array(58).fill(null))
    expect(series.p50[58]).toBe(p50)
    expect(series.p95[59]).toBe(p99)
  })

  it('forgets what is older, and goes to nothing when nothing comes', () => {
    const window = new LatencyWindow(60, 0)
    window.add(1 * second, 100)
    window.add(200 * second, 5_000)
    expect(window.count(304 * second)).toBe(2)
    expect(window.at(306 * second, [0.5])[0]).toBeGreaterThan(4_900)
    expect(window.count(306 * second)).toBe(1)
    const later = window.percentiles(1e6 * second)
    expect(later).toMatchObject({ p50: null, p95: null, p99: null, count: 0 })
    expect(later.series.p95).toEqual(Array(60).fill(null))
  })
})
