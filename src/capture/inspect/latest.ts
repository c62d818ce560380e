/** The last so many of what comes. */
export class Latest<Thing> {
  readonly #most: number
  #things: Thing[] = []

  constructor(most: number) {
    this.#most = most
  }

  add(thing: Thing): void {
    if (this.#most === 0) return
    this.#things.push(thing)
    // In portions: to move all for each would take the square of the time.
    if (this.#things.length >= 2 * this.#most) this.#things = this.#things.slice(-this.#most)
  }

  /** Takes them out. */
  take(): Thing[] {
    const things = this.#things.slice(-this.#most)
    this.#things = []
    return things
  }
}
