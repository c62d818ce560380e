import { DDSketch } from '@datadog/sketches-js'
import type { ByteReader, ByteWriter } from './varints.ts'

/** Of every percentile. */
const relativeError = 0.01
const { mapping } = new DDSketch({ relativeAccuracy: relativeError })

/**
 * Percentiles of any number of values in little room, mergeable (DDSketch: Masson, Rim and Lee, 2019). The library says
 * into which bin a value goes and what value a rank has; its bins are kept here, for its stores take ten times as long
 * to be made and merged, and a merge loses bins where the highest has the number 0.
 */
export class Sketch {
  readonly #positive = new Bins()
  readonly #negative = new Bins()
  #zeros = 0

  add(value: number): void {
    if (mapping.minPossible < value) this.#positive.add(mapping.key(value), 1)
    else if (value < -mapping.minPossible) this.#negative.add(mapping.key(-value), 1)
    else this.#zeros++
  }

  merge(other: Sketch): void {
    this.#zeros += other.#zeros
    other.#positive.each((key, times) => this.#positive.add(key, times))
    other.#negative.each((key, times) => this.#negative.add(key, times))
  }

  /** The values of the given ranks, counted from 0 in the order of size. */
  valuesAt(ranks: readonly number[]): number[] {
    const sketch = new DDSketch({ relativeAccuracy: relativeError })
    sketch.zeroCount = this.#zeros
    this.#positive.each((key, times) => sketch.store.add(key, times))
    this.#negative.each((key, times) => sketch.negativeStore.add(key, times))
    sketch.count = sketch.zeroCount + sketch.store.count + sketch.negativeStore.count
    const last = sketch.count - 1
    // In the middle between two ranks: what rounding takes from it must not lead to the one before.
    return ranks.map((rank) => sketch.getValueAtQuantile(rank >= last ? 1 : (rank + 0.5) / last))
  }

  write(to: ByteWriter): void {
    to.whole(this.#zeros)
    this.#positive.write(to)
    this.#negative.write(to)
  }

  /** Adds what `write` wrote. */
  mergeWritten(from: ByteReader): void {
    this.#zeros += from.whole()
    this.#positive.mergeWritten(from)
    this.#negative.mergeWritten(from)
  }
}

/** Room on both sides of a bin that is out of the range so far. */
const slack = 32

/** How often each whole number was added, in one stretch of numbers. */
class Bins {
  #counts = new Float64Array(0)
  #first = 0
  #filled = 0

  add(key: number, times: number): void {
    const at = key - this.#first
    if (at < 0 || at >= this.#counts.length) return this.#widen(key, times)
    const before = this.#counts[at] ?? 0
    if (before === 0) this.#filled++
    this.#counts[at] = before + times
  }

  each(visit: (key: number, times: number) => void): void {
    for (let at = 0; at < this.#counts.length; at++) {
      const times = this.#counts[at] ?? 0
      if (times > 0) visit(at + this.#first, times)
    }
  }

  write(to: ByteWriter): void {
    to.whole(this.#filled)
    let before = 0
    this.each((key, times) => {
      to.signed(key - before)
      to.whole(times)
      before = key
    })
  }

  mergeWritten(from: ByteReader): void {
    let key = 0
    for (let left = from.whole(); left > 0; left--) {
      key += from.signed()
      this.add(key, from.whole())
    }
  }

  #widen(key: number, times: number): void {
    const isEmpty = this.#counts.length === 0
    const first = isEmpty ? key - slack : Math.min(this.#first, key - slack)
    const end = isEmpty ? key + slack : Math.max(this.#first + this.#counts.length, key + slack)
    const wider = new Float64Array(end - first)
    if (!isEmpty) wider.set(this.#counts, this.#first - first)
    this.#counts = wider
    this.#first = first
    this.add(key, times)
  }
}
