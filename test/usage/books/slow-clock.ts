import { type Clock, systemClock } from '../../../src/core/clock.ts'

/**
 * Time that goes so many times slower than everybody else's: what a machine is late for, because other programs keep
 * it busy, it is not late for by this clock.
 */
export function slowClock(times: number): Clock {
  const startMs = systemClock.nowMs()
  const startNs = systemClock.monotonicNs()
  const elapsedNs = () => (systemClock.monotonicNs() - startNs) / times
  return {
    nowMs: () => startMs + Math.floor(elapsedNs() / 1e6),
    monotonicNs: () => Math.round(elapsedNs()),
    after: (delayMs, run) => systemClock.after(delayMs * times, run),
  }
}
