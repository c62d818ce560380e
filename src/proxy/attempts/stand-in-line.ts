import type { InLine, Place } from '../../routing/availability/places.ts'
import type { ExchangeRun } from '../exchange-run.ts'

/** One exchange's stand in the line for places, kept from one wait to the next; to be left in the end. */
export class StandInLine {
  readonly #run: ExchangeRun
  #inLine: InLine | null = null
  /** Granted, and not taken yet. */
  #granted: Place | null = null
  #wake: () => void = () => {}

  constructor(run: ExchangeRun) {
    this.#run = run
  }

  /**
   * Waits for a place at any of these backends, or with none for the time alone. Null when that is over, or the proxy
   * ends. Throws when the client leaves.
   */
  async wait(backends: readonly string[], forMs: number): Promise<Place | null> {
    const { observation, exchange, bond } = this.#run
    const sinceNs = observation.nowNs()
    exchange.inLine = { sinceNs, backends }
    await this.#granting(backends, forMs)
    exchange.inLine = null
    exchange.queuedNs += observation.nowNs() - sinceNs
    // What is granted from here on to an exchange that is over is given back by who leaves the line.
    if (bond.stopped.aborted) throw bond.stopped.reason
    const place = this.#granted
    this.#granted = null
    return place
  }

  leave(): void {
    this.#inLine?.leave()
    this.#inLine = null
    this.#granted?.giveBack()
    this.#granted = null
  }

  /** Until a place is granted, the time is over, or nobody waits any more. */
  #granting(backends: readonly string[], forMs: number): Promise<void> {
    const { services, bond } = this.#run
    const endedBy = [bond.stopped, services.closing]
    return new Promise((resolve) => {
      const done = () => {
        timer.cancel()
        this.#wake = () => {}
        for (const signal of endedBy) signal.removeEventListener('abort', done)
        resolve()
      }
      const timer = services.clock.after(forMs, done)
      this.#wake = done
      for (const signal of endedBy) signal.addEventListener('abort', done, { once: true })
      if (endedBy.some((signal) => signal.aborted)) return done()
      this.#waitFor(backends)
      if (this.#granted !== null) done()
    })
  }

  #waitFor(backends: readonly string[]): void {
    if (this.#granted !== null) return
    if (backends.length === 0) return this.leave()
    if (this.#inLine !== null) return this.#inLine.waitFor(backends)
    const { exchange, services } = this.#run
    const inLine = services.availability.places.wait(
      exchange.session?.id ?? exchange.id,
      backends,
      (place) => {
        this.#granted = place
        this.#inLine = null
        this.#wake()
      },
    )
    if (this.#granted === null) this.#inLine = inLine
  }
}
