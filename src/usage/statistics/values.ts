import { Sketch } from './sketch.ts'
import type { ByteReader, ByteWriter } from './varints.ts'

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

/** Up to so many values percentiles are exact; beyond that they have the sketch's error at most. */
export const exactUpTo = 100_000

/** Collects values; keeps them all as long as they are few, and then a sketch of them. */
export class Values {
  #exact: number[] | null
  #sketch: Sketch | null = null
  #count = 0
  #sum = 0
  #min = Number.POSITIVE_INFINITY
  #max = Number.NEGATIVE_INFINITY

  /** `sketched`: no value is kept as it is, from the first. */
  constructor(sketched = false) {
    this.#exact = sketched ? null : []
  }

  get isExact(): boolean {
    return this.#exact !== null
  }

  add(value: number): void {
    this.#count++
    this.#sum += value
    if (value < this.#min) this.#min = value
    if (value > this.#max) this.#max = value
    if (this.#exact === null) return this.#sketched().add(value)
    this.#exact.push(value)
    if (this.#exact.length > exactUpTo) this.#sketched()
  }

  merge(other: Values): void {
    this.#addSums(other.#count, other.#sum, other.#min, other.#max)
    if (this.#exact !== null && other.#exact !== null) {
      if (this.#exact.length + other.#exact.length <= exactUpTo) {
        for (const value of other.#exact) this.#exact.push(value)
        return
      }
    }
    const sketch = this.#sketched()
    if (other.#exact !== null) for (const value of other.#exact) sketch.add(value)
    else if (other.#sketch) sketch.merge(other.#sketch)
  }

  /** What is told without a sketch; `writeSketch` writes the rest. */
  writeSums(to: ByteWriter): void {
    to.number(this.#count)
    if (this.#count > 0) for (const value of [this.#sum, this.#min, this.#max]) to.real(value)
  }

  /** Adds what `writeSums` wrote; `mergeSketch` must bring the rest. */
  mergeSums(from: ByteReader): void {
    const count = from.number()
    if (count > 0) this.#addSums(count, from.real(), from.real(), from.real())
  }

  writeSketch(to: ByteWriter): void {
    this.#sketched().write(to)
  }

  mergeSketch(from: ByteReader): void {
    this.#sketched().mergeWritten(from)
  }

  #addSums(count: number, sum: number, min: number, max: number): void {
    this.#count += count
    this.#sum += sum
    if (min < this.#min) this.#min = min
    if (max > this.#max) this.#max = max
  }

  /** Null without values. */
  summary(): ValueSummary | null {
    if (this.#count === 0) return null
    const [p50 = 0, p95 = 0, p99 = 0] = this.#quantiles([0.5, 0.95, 0.99])
    return {
      count: this.#count,
      min: this.#min,
      max: this.#max,
      avg: this.#sum / this.#count,
      ...{ p50, p95, p99 },
    }
  }

  /** The values at index `min(floor(n·q), n−1)` of the sorted values (`spec/usage.md`, Statistics). */
  #quantiles(quantiles: readonly number[]): number[] {
    const count = this.#count
    const ranks = quantiles.map((q) => Math.min(Math.floor(count * q), count - 1))
    if (this.#exact !== null) {
      const sorted = Float64Array.from(this.#exact).sort()
      return ranks.map((rank) => sorted[rank] ?? 0)
    }
    const found = this.#sketched().valuesAt(ranks)
    return found.map((value) => Math.min(this.#max, Math.max(this.#min, value)))
  }

  #sketched(): Sketch {
    this.#sketch ??= new Sketch()
    for (const value of this.#exact ?? []) this.#sketch.add(value)
    this.#exact = null
    return this.#sketch
  }
}
