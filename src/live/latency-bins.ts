/** Every percentile is right within so much: bins are so wide (DDSketch: Masson, Rim and Lee, 2019). */
const relativeError = 0.015
const growth = (1 + relativeError) / (1 - relativeError)
const logGrowth = Math.log(growth)
const leastMs = 0.01
const mostMs = 4 * 3_600_000
const binCount = binOf(mostMs) + 1

/** How often durations of about the same length were added. Shorter ones than 10 µs and longer ones than 4 h are these. */
export class LatencyBins {
  readonly #counts = new Uint32Array(binCount)
  #count = 0

  get count(): number {
    return this.#count
  }

  add(ms: number): void {
    const bin = binOf(ms)
    this.#counts[bin] = (this.#counts[bin] as number) + 1
    this.#count++
  }

  addAll(others: LatencyBins, times: 1 | -1): void {
    for (let bin = 0; bin < binCount; bin++) {
      this.#counts[bin] = (this.#counts[bin] as number) + times * (others.#counts[bin] as number)
    }
    this.#count += times * others.#count
  }

  /** Milliseconds by nearest rank, for quantiles in rising order; null where nothing was added. */
  at(quantiles: readonly number[]): (number | null)[] {
    const ranks = quantiles.map((quantile) => Math.max(1, Math.ceil(quantile * this.#count)))
    const found: (number | null)[] = ranks.map(() => null)
    let passed = 0
    let next = 0
    for (let bin = 0; bin < binCount && next < ranks.length && this.#count > 0; bin++) {
      passed += this.#counts[bin] as number
      while (next < ranks.length && passed >= (ranks[next] as number)) found[next++] = middleOf(bin)
    }
    return found
  }
}

function binOf(ms: number): number {
  return Math.ceil(Math.log(Math.min(Math.max(ms, leastMs), mostMs) / leastMs) / logGrowth)
}

/** As far from both ends of the bin, in proportion. */
function middleOf(bin: number): number {
  return (2 * leastMs * growth ** bin) / (growth + 1)
}
