import type { Clock } from '../core/clock.ts'

/** Of a core. */
const share = 0.5
/** What a quiet time saves up, so that one long prompt is counted whatever else comes: some million tokens of English. */
const mostSavedMs = 500

/**
 * How long the counting thread may be busy: over any time for at most half of it, and what was saved up before. Who
 * comes when nothing is left is not counted, whatever its length; what was taken beyond is paid back first.
 */
export class CountBudget {
  readonly #clock: Pick<Clock, 'monotonicNs'>
  #leftMs = mostSavedMs
  #seenNs: number

  constructor(clock: Pick<Clock, 'monotonicNs'>) {
    this.#clock = clock
    this.#seenNs = clock.monotonicNs()
  }

  get isSpent(): boolean {
    const nowNs = this.#clock.monotonicNs()
    this.#leftMs = Math.min(mostSavedMs, this.#leftMs + ((nowNs - this.#seenNs) / 1e6) * share)
    this.#seenNs = nowNs
    return this.#leftMs <= 0
  }

  spend(ms: number): void {
    this.#leftMs -= ms
  }
}
