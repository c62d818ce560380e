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
    this.#reach(key, key)
    const at = key - this.#first
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

  /** Their numbers rise: each but the first is told by how much. */
  write(to: ByteWriter): void {
    to.whole(this.#filled)
    if (this.#filled === 0) return
    const { first, last } = this.#ends()
    to.signed(first)
    to.whole(last - first)
    let before = first
    this.each((key, times) => {
      to.whole(key - before)
      to.whole(times)
      before = key
    })
  }

  mergeWritten(from: ByteReader): void {
    const filled = from.whole()
    if (filled === 0) return
    const first = from.signed()
    this.#reach(first, first + from.whole())
    const counts = this.#counts
    let at = first - this.#first
    for (let left = filled; left > 0; left--) {
      at += from.whole()
      const before = counts[at] as number
      if (before === 0) this.#filled++
      counts[at] = before + from.whole()
    }
  }

  #ends(): { first: number; last: number } {
    let first = 0
    let last = this.#counts.length - 1
    while (this.#counts[first] === 0) first++
    while (this.#counts[last] === 0) last--
    return { first: first + this.#first, last: last + this.#first }
  }

  /** Makes room for bins of these numbers. */
  #reach(least: number, most: number): void {
    const end = this.#first + this.#counts.length
    if (least >= this.#first && most < end) return
    const isEmpty = this.#counts.length === 0
    const first = isEmpty ? least - slack : Math.min(this.#first, least - slack)
    const wider = new Float64Array((isEmpty ? most + slack : Math.max(end, most + slack)) - first)
    if (!isEmpty) wider.set(this.#counts, this.#first - first)
    this.#counts = wider
    this.#first = first
  }
}
