import type { Clock, Timer } from '../core/clock.ts'
import type { Moment, Result } from './endpoint-state.ts'
import type { RunningCheck } from './outcome.ts'

/** One kind of check of one endpoint, over and over, never twice at once. */
export interface RepeatedCheck {
  /** Checks now, or shares the check that already runs. Resolves when it is done. */
  now(): Promise<void>
  /** Nothing is told any more. Resolves when nothing of the check is left. */
  stop(): Promise<void>
}

export interface RepeatedCheckParts {
  clock: Clock
  /** From 0 to 1. */
  random: () => number
  intervalMs: number
  start: () => RunningCheck
  ended: (result: Result) => void
  onFault: (error: unknown) => void
}

/** The first check is for the caller to ask for; each following one begins an interval, ±10 %, after the last. */
export function repeatedCheck(parts: RepeatedCheckParts): RepeatedCheck {
  const { clock, random, intervalMs } = parts
  let timer: Timer | undefined
  let running: { check: RunningCheck | undefined; done: Promise<void> } | undefined
  let stopped = false

  function now(): Promise<void> {
    if (stopped) return Promise.resolve()
    running ??= begin()
    return running.done
  }

  function begin(): { check: RunningCheck | undefined; done: Promise<void> } {
    timer?.cancel()
    const began = momentOf(clock)
    const nextInMs = intervalMs * (0.9 + 0.2 * random())
    let check: RunningCheck | undefined
    try {
      check = parts.start()
    } catch (error) {
      parts.onFault(error)
    }
    return { check, done: follow(check, began, nextInMs) }
  }

  async function follow(check: RunningCheck | undefined, began: Moment, nextInMs: number): Promise<void> {
    const outcome = await check?.outcome
    running = undefined
    if (stopped) return
    const ended = momentOf(clock)
    const passedMs = (ended.ns - began.ns) / 1e6
    timer = clock.after(Math.max(0, nextInMs - passedMs), () => void now())
    try {
      if (outcome) parts.ended({ outcome, began, ended })
    } catch (error) {
      parts.onFault(error)
    }
  }

  return {
    now,
    async stop() {
      stopped = true
      timer?.cancel()
      running?.check?.cancel()
      await running?.done
    },
  }
}

export function momentOf(clock: Clock): Moment {
  return { ms: clock.nowMs(), ns: clock.monotonicNs() }
}
