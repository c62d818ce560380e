const seconds = 60

/** How many events the last 60 s had, to the second. */
export class RecentCount {
  readonly #counts = new Uint32Array(seconds)
  readonly #at = new Float64Array(seconds).fill(Number.NEGATIVE_INFINITY)

  add(nowMs: number): void {
    const second = Math.floor(nowMs / 1000)
    const slot = ((second % seconds) + seconds) % seconds
    if (this.#at[slot] !== second) {
      this.#at[slot] = second
      this.#counts[slot] = 0
    }
    this.#counts[slot] = (this.#counts[slot] ?? 0) + 1
  }

  total(nowMs: number): number {
    const now = Math.floor(nowMs / 1000)
    let sum = 0
    for (let slot = 0; slot < seconds; slot++) {
      const age = now - (this.#at[slot] ?? Number.NEGATIVE_INFINITY)
      if (age >= 0 && age < seconds) sum += this.#counts[slot] ?? 0
    }
    return sum
  }
}
