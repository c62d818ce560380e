import { expect, it } from 'vitest'
import { systemClock } from '../../src/core/clock.ts'

it('never goes back', () => {
  let last = systemClock.monotonicNs()
  for (let i = 0; i < 1_000; i++) {
    const now = systemClock.monotonicNs()
    expect(now).toBeGreaterThanOrEqual(last)
    last = now
  }
})

it('calls a timer once, and a cancelled one never', async () => {
  const called: string[] = []
  const cancelled = systemClock.after(0, () => called.push('cancelled'))
  cancelled.cancel()
  await new Promise<void>((resolve) => {
    systemClock.after(0, () => called.push('first'))
    systemClock.after(2, resolve)
    // The clock's own timers keep no process alive.
    setTimeout(() => {}, 20)
  })
  expect(called).toEqual(['first'])
})
