const mostNames = 1_000
const otherNames = '(other)'

/** Counts by name. Names come from configurations, of which reloads may bring any number. */
export class NamedCounts {
  readonly #counts = new Map<string, number>()

  add(name: string): void {
    const known = this.#counts.has(name) || this.#counts.size < mostNames ? name : otherNames
    this.#counts.set(known, (this.#counts.get(known) ?? 0) + 1)
  }

  toObject(): Record<string, number> {
    return Object.fromEntries(this.#counts)
  }
}
