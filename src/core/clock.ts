import { sharedTimer } from './shared-timer.ts'

/** Time as a part of the program takes it, so that tests can hand in their own. */
export interface Clock {
  /** Milliseconds since 1970, for what is written down. */
  nowMs(): number
  /** Nanoseconds from an arbitrary start, never going back, for durations. */
  monotonicNs(): number
  /** Calls `run` once, `delayMs` from now. Does not keep the process alive. */
  after(delayMs: number, run: () => void): Timer
}

export interface Timer {
  cancel(): void
}

/** Of its own timers none keeps the process alive. */
export const systemClock: Clock = {
  nowMs: () => Date.now(),
  monotonicNs: () => Math.round(performance.now() * 1e6),
  after: sharedTimer({
    nowMs: () => performance.now(),
    wakeAfter(delayMs, run) {
      const timer = setTimeout(run, delayMs)
      timer.unref()
      return { cancel: () => clearTimeout(timer) }
    },
  }),
}
