/** Up to so many values the median is exact. */
export const exactUpTo = 10_000

const relativeError = 0.01
const gamma = (1 + relativeError) / (1 - relativeError)
const logGamma = Math.log(gamma)
/** A millionth of a second, and thirty years: what is beyond them counts as they do, so that there are 1,800 bins at most. */
const [least, most] = [1e-3, 1e12]

/**
 * The middle one of any number of times in milliseconds: the value at index `floor(n / 2)` of the sorted ones. Beyond
 * `exactUpTo` values it is off by 1 % at most: they are counted in bins each of which is 2 % wider than the last
 * (DDSketch: Masson, Rim and Lee, 2019).
 */
export class Median {
  #exact: number[] | null = []
  readonly #bins = new Map<number, number>()
  #count = 0

  add(ms: number): void {
    this.#count++
    if (this.#exact === null) return this.#addToBin(ms)
    this.#exact.push(ms)
    if (this.#exact.length <= exactUpTo) return
    for (const one of this.#exact) this.#addToBin(one)
    this.#exact = null
  }

  /** Null without values. */
  value(): number | null {
    const rank = Math.floor(this.#count / 2)
    if (this.#exact !== null) return Float64Array.from(this.#exact).sort()[rank] ?? null
    let seen = 0
    for (const [bin, times] of [...this.#bins].sort(([a], [b]) => a - b)) {
      seen += times
      if (seen > rank) return (2 * gamma ** bin) / (gamma + 1)
    }
    return null
  }

  #addToBin(ms: number): void {
    const bin = Math.ceil(Math.log(Math.min(most, Math.max(least, ms))) / logGamma)
    this.#bins.set(bin, (this.#bins.get(bin) ?? 0) + 1)
  }
}
