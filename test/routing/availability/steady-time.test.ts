import { expect, it } from 'vitest'
import { SteadyTime } from '../../../src/routing/availability/steady-time.ts'

function timeOf(systemMs: number, monotonicMs: number) {
  const now = { systemMs, monotonicMs }
  const time = new SteadyTime({
    nowMs: () => now.systemMs,
    monotonicNs: () => now.monotonicMs * 1e6,
    after: () => ({ cancel: () => {} }),
  })
  return { now, time }
}

it('is the time of the system while that goes forward, jumps ahead included', () => {
  const { now, time } = timeOf(1_000_000, 5)
  expect(time.nowMs()).toBe(1_000_000)
  Object.assign(now, { systemMs: 1_000_100, monotonicMs: 105 })
  expect([time.nowMs(), time.onSystemsClock(1_000_200)]).toEqual([1_000_100, 1_000_200])
  Object.assign(now, { systemMs: 9_000_000, monotonicMs: 106 })
  expect(time.nowMs()).toBe(9_000_000)
})

it('goes on as before where the system is set back, and says what that has', () => {
  const { now, time } = timeOf(1_000_000, 5)
  time.nowMs()
  Object.assign(now, { systemMs: 400_000, monotonicMs: 65 })
  expect(time.nowMs()).toBe(1_000_060)
  expect(time.onSystemsClock(1_005_060)).toBe(405_000)
})

it('does not drift, however often it is asked within a millisecond', () => {
  const { now, time } = timeOf(1_000_000, 0)
  for (let n = 1; n <= 5_000; n++) {
    Object.assign(now, { systemMs: 1_000_000 + Math.floor(n * 0.2), monotonicMs: n * 0.2 })
    expect(time.onSystemsClock(2_000_000)).toBe(2_000_000)
  }
  expect(Math.abs(time.nowMs() - 1_001_000)).toBeLessThanOrEqual(1)
})
