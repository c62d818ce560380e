/** Counts by name, in bounded space: what comes after so many different names is counted together. */
export class Tally {
  readonly #counts = new Map<string, number>()
  readonly #most: number
  /** Of names that there was no room for. */
  others = 0

  constructor(most = 10_000) {
    this.#most = most
  }

  add(name: string, count = 1): void {
    const known = this.#counts.get(name)
    if (known === undefined && this.#counts.size >= this.#most) this.others += count
    else this.#counts.set(name, (known ?? 0) + count)
  }

  get size(): number {
    return this.#counts.size
  }

  /** The most frequent first, the others by name. */
  sorted(): { name: string; count: number }[] {
    return [...this.#counts]
      .map(([name, count]) => ({ name, count }))
      .sort((a, b) => b.count - a.count || (a.name < b.name ? -1 : 1))
  }
}
