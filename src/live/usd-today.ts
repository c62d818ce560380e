import type { Clock } from '../core/clock.ts'

const restNs = 10e9
/** A day of a million records takes a while to add up: the ledger has other things to do. */
const restPerReading = 50
/** When nobody looked for so long after it should have been read again, it is no sum of this moment. */
const oldAfterNs = 30e9

/** What the ledger has of this day, read again at most every ten seconds, when it is asked for, and never waited for. */
export class UsdToday {
  readonly #clock: Clock
  readonly #read: (() => Promise<number>) | null
  #usd: number | null = null
  #isReading = false
  #nextNs = 0

  constructor(clock: Clock, read: (() => Promise<number>) | null) {
    this.#clock = clock
    this.#read = read
  }

  /** Null while nothing is known. */
  get usd(): number | null {
    const lateNs = this.#clock.monotonicNs() - this.#nextNs
    if (lateNs >= oldAfterNs) this.#usd = null
    if (this.#read !== null && !this.#isReading && lateNs >= 0) {
      void this.#readAgain(this.#read)
    }
    return this.#usd
  }

  async #readAgain(read: () => Promise<number>): Promise<void> {
    this.#isReading = true
    const startedNs = this.#clock.monotonicNs()
    try {
      this.#usd = await read()
    } catch {
      // What the store cannot do is told by /internal/health; an old sum is not shown as that of now.
      this.#usd = null
    }
    const nowNs = this.#clock.monotonicNs()
    this.#nextNs = nowNs + Math.max(restNs, (nowNs - startedNs) * restPerReading)
    this.#isReading = false
  }
}
