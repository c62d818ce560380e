/**
 * Calls back once, when all that was begun has ended; at once where nothing was. Several promises and their common one cost
 * an exchange more than its record does.
 */
export class Awaited {
  readonly #done: () => void
  /** The first is who begins the others. */
  #running = 1

  constructor(done: () => void) {
    this.#done = done
  }

  /** What it returns is to be called at its end. */
  begin(): () => void {
    this.#running++
    return () => this.#end()
  }

  /** No more is begun. */
  allBegun(): void {
    this.#end()
  }

  #end(): void {
    this.#running--
    if (this.#running === 0) this.#done()
  }
}
