import type { Clock, Timer } from '../core/clock.ts'
import type { OptOutChange } from '../core/opt-out-change.ts'
import type { OptOuts } from './opt-outs.ts'

/**
 * Writes changes where all proxies see them, and gives those of anybody since `after`; null: there is no such place.
 * `newest` is the next `after`; smaller than the last one, the place was made anew.
 */
export type ExchangeOptOuts = (
  changes: readonly OptOutChange[],
  after: number,
) => Promise<{ changes: readonly OptOutChange[]; newest: number } | null>

/** Where changes outlive this process until they are written. */
export interface WaitingOptOuts {
  /** Of processes that have ended, too. */
  read(): readonly OptOutChange[]
  /** Instead of all that waited. */
  write(changes: readonly OptOutChange[]): void
}

export interface SharedOptOutsParts {
  optOuts: Pick<OptOuts, 'learn'>
  exchange: ExchangeOptOuts
  waiting: WaitingOptOuts
  clock: Pick<Clock, 'after'>
  /** Whether anybody's opt-outs can matter now. */
  isNeeded: () => boolean
}

/** An opt-out holds elsewhere after so long, and the time of two questions. */
const everyMs = 1_000
const mostWaiting = 10_000

/** Keeps opt-outs the same in all proxies on one store. Deciding never waits for it: that is asked in memory. */
export class SharedOptOuts {
  readonly #parts: SharedOptOutsParts
  readonly #waiting = new Map<string, OptOutChange>()
  #after = 0
  #running: Promise<void> | undefined
  #timer: Timer | undefined
  #hasPlace = true
  #stopped = false

  constructor(parts: SharedOptOutsParts) {
    this.#parts = parts
    const left = parts.waiting.read()
    parts.optOuts.learn(left)
    for (const change of left) this.#waiting.set(change.key, change)
  }

  /** Of this proxy. */
  changed(change: OptOutChange): void {
    if (!this.#hasPlace) return
    // Behind the others, so that the oldest are those that are dropped.
    this.#waiting.delete(change.key)
    this.#waiting.set(change.key, change)
    for (const key of this.#waiting.keys()) {
      if (this.#waiting.size <= mostWaiting) break
      this.#waiting.delete(key)
    }
    this.#parts.waiting.write([...this.#waiting.values()])
    void this.now().catch(() => {})
  }

  /** Rejects where the store cannot be asked; what waits is tried again. */
  now(): Promise<void> {
    this.#running ??= this.#exchange().finally(() => {
      this.#running = undefined
    })
    return this.#running
  }

  /** Resolves when what was there before is known, or cannot be had yet. */
  async start(): Promise<void> {
    if (this.#parts.isNeeded() || this.#waiting.size > 0) await this.now().catch(() => {})
    if (this.#hasPlace && !this.#stopped)
      this.#timer = this.#parts.clock.after(everyMs, () => void this.start())
  }

  async stop(): Promise<void> {
    this.#stopped = true
    this.#timer?.cancel()
    await this.#running?.catch(() => {})
    if (this.#waiting.size > 0) await this.now().catch(() => {})
  }

  async #exchange(): Promise<void> {
    const sent = [...this.#waiting.values()]
    const found = await this.#parts.exchange(sent, this.#after)
    this.#hasPlace = found !== null
    if (found === null) {
      this.#waiting.clear()
      return this.#parts.waiting.write([])
    }
    this.#parts.optOuts.learn(found.changes)
    this.#after = found.newest < this.#after ? 0 : found.newest
    for (const change of sent) {
      if (this.#waiting.get(change.key) === change) this.#waiting.delete(change.key)
    }
    if (sent.length > 0) this.#parts.waiting.write([...this.#waiting.values()])
  }
}
