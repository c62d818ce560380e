import { DDSketch } from '@datadog/sketches-js'

/** Values of one measure, summed up. */
export interface ValueSummary {
  count: number
  min: number
  max: number
  avg: number
  p50: number
  p95: number
  p99: number
}

/** Up to so many values percentiles are exact; beyond that they have this relative error at most. */
export const exactUpTo = 100_000
const relativeError = 0.01

/** Collects values; keeps them all as long as they are few, and then a sketch of them. */
export class Values {
  #exact: number[] | null = []
  #sketch: DDSketch | null = null
  #count = 0
  #sum = 0
  #min = Number.POSITIVE_INFINITY
  #max = Number.NEGATIVE_INFINITY

  get isExact(): boolean {
    return this.#exact !== null
  }

  add(value: number): void {
    this.#count++
    this.#sum += value
    if (value < this.#min) this.#min = value
    if (value > this.#max) this.#max = value
    if (this.#exact === null) return this.#sketch?.accept(value)
    this.#exact.push(value)
    if (this.#exact.length > exactUpTo) this.#sketched()
  }

  merge(other: Values): void {
    this.#count += other.#count
    this.#sum += other.#sum
    this.#min = Math.min(this.#min, other.#min)
    this.#max = Math.max(this.#max, other.#max)
    if (this.#exact !== null && other.#exact !== null) {
      if (this.#exact.length + other.#exact.length <= exactUpTo) {
        for (const value of other.#exact) this.#exact.push(value)
        return
      }
    }
    const sketch = this.#sketched()
    if (other.#exact !== null) for (const value of other.#exact) sketch.accept(value)
    else if (other.#sketch) sketch.merge(other.#sketch)
  }

  /** Null without values. */
  summary(): ValueSummary | null {
    if (this.#count === 0) return null
    const at = this.#exact === null ? this.#quantileOfSketch() : quantileOf(this.#exact)
    return {
      count: this.#count,
      min: this.#min,
      max: this.#max,
      avg: this.#sum / this.#count,
      p50: at(0.5),
      p95: at(0.95),
      p99: at(0.99),
    }
  }

  #sketched(): DDSketch {
    this.#sketch ??= new DDSketch({ relativeAccuracy: relativeError })
    for (const value of this.#exact ?? []) this.#sketch.accept(value)
    this.#exact = null
    return this.#sketch
  }

  #quantileOfSketch(): (q: number) => number {
    const n = this.#count
    return (q) => {
      const index = Math.min(Math.floor(n * q), n - 1)
      const found = this.#sketch?.getValueAtQuantile(n === 1 ? 0 : index / (n - 1)) ?? this.#min
      return Math.min(this.#max, Math.max(this.#min, found))
    }
  }
}

/** The value at index `min(floor(n·q), n−1)` of the sorted values (`spec/usage.md`, Statistics). */
function quantileOf(values: readonly number[]): (q: number) => number {
  const sorted = Float64Array.from(values).sort()
  return (q) => sorted[Math.min(Math.floor(sorted.length * q), sorted.length - 1)] ?? 0
}
