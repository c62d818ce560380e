import { type Clock, systemClock } from '../../../src/core/clock.ts'

/** The pace of the demo, without its pauses. */
export const quickClock: Clock = { ...systemClock, after: (_delayMs, run) => systemClock.after(0, run) }
