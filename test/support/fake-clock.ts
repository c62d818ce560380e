import type { Clock, Timer } from '../../src/core/clock.ts'

interface Waiting {
  dueNs: number
  order: number
  run: () => void
}

/** Time that stands still until a test moves it. Timers run in the order in which they are due. */
export class FakeClock implements Clock {
  readonly #startMs: number
  #elapsedNs = 0
  #orders = 0
  readonly #waiting = new Set<Waiting>()

  constructor(startMs = Date.UTC(2026, 0, 5, 12)) {
    this.#startMs = startMs
  }

  nowMs(): number {
    return this.#startMs + Math.floor(this.#elapsedNs / 1e6)
  }

  monotonicNs(): number {
    return this.#elapsedNs
  }

  after(delayMs: number, run: () => void): Timer {
    const dueNs = this.#elapsedNs + Math.max(0, delayMs) * 1e6
    const waiting = { dueNs, order: this.#orders++, run }
    this.#waiting.add(waiting)
    return { cancel: () => this.#waiting.delete(waiting) }
  }

  /** How many timers wait. */
  get pending(): number {
    return this.#waiting.size
  }

  /** Milliseconds until the next timer is due; undefined when none waits. */
  get nextInMs(): number | undefined {
    const next = this.#next(Number.POSITIVE_INFINITY)
    return next && (next.dueNs - this.#elapsedNs) / 1e6
  }

  /** Moves time on and runs what falls due on the way, also what those timers start. */
  advance(byMs: number): void {
    const untilNs = this.#elapsedNs + byMs * 1e6
    for (let next = this.#next(untilNs); next; next = this.#next(untilNs)) this.#fire(next)
    this.#elapsedNs = untilNs
  }

  /** Like `advance`, but lets promises and sockets go on between the timers, for code that awaits. */
  async advanceSlowly(byMs: number): Promise<void> {
    const untilNs = this.#elapsedNs + byMs * 1e6
    await settled()
    for (let next = this.#next(untilNs); next; next = this.#next(untilNs)) {
      this.#fire(next)
      await settled()
    }
    this.#elapsedNs = untilNs
    await settled()
  }

  #fire(waiting: Waiting): void {
    this.#elapsedNs = Math.max(this.#elapsedNs, waiting.dueNs)
    this.#waiting.delete(waiting)
    waiting.run()
  }

  #next(untilNs: number): Waiting | undefined {
    let next: Waiting | undefined
    for (const waiting of this.#waiting) {
      if (waiting.dueNs > untilNs) continue
      if (!next || waiting.dueNs < next.dueNs || (waiting.dueNs === next.dueNs && waiting.order < next.order))
        next = waiting
    }
    return next
  }
}

/** Resolves after everything that is ready to go on has gone on. */
function settled(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve))
}
