import type { Clock, Timer } from '../../../core/clock.ts'

interface Waiting {
  dueNs: number
  order: number
  run: () => void
}

/**
 * The time of a recording: it goes on only when it is told to, so that a proxy under it waits as long as it did then
 * and nobody waits now. Monotonic and wall clock are the same, in nanoseconds since 1970.
 */
export class VirtualClock implements Clock {
  #nowNs: number
  #orders = 0
  readonly #waiting = new Set<Waiting>()

  constructor(startNs: number) {
    this.#nowNs = startNs
  }

  nowMs(): number {
    return Math.floor(this.#nowNs / 1e6)
  }

  monotonicNs(): number {
    return this.#nowNs
  }

  after(delayMs: number, run: () => void): Timer {
    const waiting = { dueNs: this.#nowNs + Math.max(0, delayMs) * 1e6, order: this.#orders++, run }
    this.#waiting.add(waiting)
    return { cancel: () => this.#waiting.delete(waiting) }
  }

  /** When the next timer is due; null when none waits. */
  get nextDueNs(): number | null {
    return this.#next(Number.POSITIVE_INFINITY)?.dueNs ?? null
  }

  /** Long times at once: what fell due runs once, however often it would have since. Never goes back. */
  async jumpTo(ns: number): Promise<void> {
    this.#nowNs = Math.max(this.#nowNs, ns)
    const due = [...this.#waiting].filter(({ dueNs }) => dueNs <= this.#nowNs).sort(inOrder)
    for (const waiting of due) if (this.#waiting.delete(waiting)) waiting.run()
    await settled()
  }

  /** Timer by timer, also those that timers start; between them promises and sockets go on. Never goes back. */
  async stepTo(ns: number): Promise<void> {
    for (let next = this.#next(ns); next; next = this.#next(ns)) {
      this.#nowNs = Math.max(this.#nowNs, next.dueNs)
      this.#waiting.delete(next)
      next.run()
      await settled()
    }
    this.#nowNs = Math.max(this.#nowNs, ns)
  }

  #next(untilNs: number): Waiting | undefined {
    let next: Waiting | undefined
    for (const waiting of this.#waiting) {
      if (waiting.dueNs <= untilNs && (!next || inOrder(waiting, next) < 0)) next = waiting
    }
    return next
  }
}

function inOrder(a: Waiting, b: Waiting): number {
  return a.dueNs - b.dueNs || a.order - b.order
}

function settled(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve))
}
