/** Larger numbers share the last place of the distribution; their sum and maximum stay exact. */
const largest = 1_000

export interface DistributionSummary {
  count: number
  min: number | null
  max: number | null
  avg: number | null
  p50: number | null
  p95: number | null
  /** How often each number came; `1000` stands for that and more. */
  distribution: Record<string, number>
}

/** Whole numbers from 0, counted in bounded memory. */
export class Distribution {
  readonly #counts = new Map<number, number>()
  #count = 0
  #sum = 0
  #min = Number.POSITIVE_INFINITY
  #max = Number.NEGATIVE_INFINITY

  add(value: number): void {
    const place = Math.min(value, largest)
    this.#counts.set(place, (this.#counts.get(place) ?? 0) + 1)
    this.#count += 1
    this.#sum += value
    this.#min = Math.min(this.#min, value)
    this.#max = Math.max(this.#max, value)
  }

  get average(): number | null {
    return this.#count === 0 ? null : this.#sum / this.#count
  }

  counts(): Record<string, number> {
    return Object.fromEntries([...this.#counts].sort(([a], [b]) => a - b).map(([n, times]) => [n, times]))
  }

  summary(): DistributionSummary {
    const isEmpty = this.#count === 0
    return {
      count: this.#count,
      min: isEmpty ? null : this.#min,
      max: isEmpty ? null : this.#max,
      avg: this.average,
      p50: this.#quantile(0.5),
      p95: this.#quantile(0.95),
      distribution: this.counts(),
    }
  }

  /** Nearest rank. */
  #quantile(share: number): number | null {
    const rank = Math.ceil(share * this.#count)
    let seen = 0
    for (const [value, times] of [...this.#counts].sort(([a], [b]) => a - b)) {
      seen += times
      if (seen >= rank) return value
    }
    return null
  }
}
