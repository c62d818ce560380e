import type { Clock } from '../../core/clock.ts'

/** By how much two readings of the same moment differ at most, for the system's time has whole milliseconds only. */
const roundedMs = 2

/**
 * The system's time as long as that goes forward. Where the system's clock is set back, this one goes on: no wait
 * becomes longer. Where it jumps ahead, as after a sleep, this one follows.
 */
export class SteadyTime {
  readonly #clock: Clock
  /** By how much the system's time was ahead of the monotonic one, at most. */
  #aheadMs = Number.NEGATIVE_INFINITY

  constructor(clock: Clock) {
    this.#clock = clock
  }

  nowMs(): number {
    const monotonicMs = this.#clock.monotonicNs() / 1e6
    this.#aheadMs = Math.max(this.#aheadMs, this.#clock.nowMs() - monotonicMs)
    return Math.round(monotonicMs + this.#aheadMs)
  }

  /** The same time on the system's clock, for who reads it there: the same each time while that is not set back. */
  onSystemsClock(ms: number): number {
    const aheadMs = this.nowMs() - this.#clock.nowMs()
    return aheadMs > roundedMs ? ms - aheadMs : ms
  }
}
