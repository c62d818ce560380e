import type { LivePercentiles, Series } from '../core/live-snapshot.ts'
import { LatencyBins } from './latency-bins.ts'
import { threeDigits } from './rounding.ts'
import { windowSeconds } from './windows.ts'

interface Step {
  bins: LatencyBins | null
  p50: number | null
  p95: number | null
}

/** Percentiles of the last five minutes and of each step in them. A step in which nothing was added takes no room. */
export class LatencyWindow {
  readonly #stepNs: number
  readonly #steps: Step[]
  /** Of all steps that are kept, the one that runs too. */
  #total: LatencyBins | null = null
  #current: number

  constructor(steps: number, nowNs: number) {
    this.#stepNs = (windowSeconds / steps) * 1e9
    this.#steps = Array.from({ length: steps + 1 }, () => ({ bins: null, p50: null, p95: null }))
    this.#current = Math.floor(nowNs / this.#stepNs)
  }

  add(nowNs: number, ms: number): void {
    this.#moveTo(nowNs)
    const step = this.#stepOf(this.#current)
    step.bins ??= new LatencyBins()
    step.bins.add(ms)
    this.#total ??= new LatencyBins()
    this.#total.add(ms)
  }

  count(nowNs: number): number {
    this.#moveTo(nowNs)
    return this.#total?.count ?? 0
  }

  at(nowNs: number, quantiles: readonly number[]): (number | null)[] {
    this.#moveTo(nowNs)
    return this.#total?.at(quantiles).map(threeDigits) ?? quantiles.map(() => null)
  }

  percentiles(nowNs: number): LivePercentiles {
    const [p50 = null, p95 = null, p99 = null] = this.at(nowNs, [0.5, 0.95, 0.99])
    const whole = Array.from({ length: this.#steps.length - 1 }, (_, at) =>
      this.#stepOf(this.#current + 1 + at),
    )
    const series = (of: (step: Step) => number | null): Series => whole.map(of)
    return {
      ...{ p50, p95, p99, count: this.count(nowNs) },
      series: { p50: series((step) => step.p50), p95: series((step) => step.p95) },
    }
  }

  #stepOf(number: number): Step {
    return this.#steps[number % this.#steps.length] as Step
  }

  #moveTo(nowNs: number): void {
    const now = Math.floor(nowNs / this.#stepNs)
    if (now <= this.#current) return
    const ended = this.#stepOf(this.#current)
    if (ended.bins !== null) {
      const [p50 = null, p95 = null] = ended.bins.at([0.5, 0.95]).map(threeDigits)
      Object.assign(ended, { p50, p95 })
    }
    const from = Math.max(this.#current + 1, now - this.#steps.length + 1)
    for (let passed = from; passed <= now; passed++) this.#empty(this.#stepOf(passed))
    this.#current = now
  }

  #empty(step: Step): void {
    if (step.bins === null || this.#total === null) return
    this.#total.addAll(step.bins, -1)
    if (this.#total.count === 0) this.#total = null
    Object.assign(step, { bins: null, p50: null, p95: null })
  }
}
