/**
 * Sums of some fields in steps of equal length, the last few of which are kept. Its size is fixed, and time alone
 * empties it. All times are nanoseconds of one clock that does not go back.
 */
export class SumRing {
  readonly #fields: number
  readonly #steps: number
  readonly #stepNs: number
  readonly #sums: Float64Array
  /** The step that runs, counted from the clock's start. */
  #current: number

  constructor(fields: number, steps: number, stepMs: number, nowNs: number) {
    this.#fields = fields
    this.#steps = steps
    this.#stepNs = stepMs * 1e6
    this.#sums = new Float64Array(fields * steps)
    this.#current = this.#stepAt(nowNs)
  }

  /** May be told late: it counts for its own step, or where that is no longer kept for the one that runs. */
  add(atNs: number, field: number, amount: number): void {
    let step = this.#stepAt(atNs)
    if (step > this.#current) this.#moveTo(step)
    else if (step <= this.#current - this.#steps) step = this.#current
    const at = (step % this.#steps) * this.#fields + field
    this.#sums[at] = (this.#sums[at] as number) + amount
  }

  /** The sum of the step so many before the one that runs, which is 0. */
  sum(nowNs: number, field: number, stepsBack: number): number {
    const step = this.#stepAt(nowNs)
    if (step > this.#current) this.#moveTo(step)
    if (stepsBack >= this.#steps) return 0
    const place = (this.#current - stepsBack + this.#steps * (stepsBack + 1)) % this.#steps
    return this.#sums[place * this.#fields + field] as number
  }

  /** Of all steps that are kept. */
  total(nowNs: number, field: number): number {
    let total = 0
    for (let back = 0; back < this.#steps; back++) total += this.sum(nowNs, field, back)
    return total
  }

  /** How much of the step that runs is over, from 0 to 1. */
  elapsedShare(nowNs: number): number {
    return (nowNs % this.#stepNs) / this.#stepNs
  }

  #stepAt(nowNs: number): number {
    return Math.floor(nowNs / this.#stepNs)
  }

  #moveTo(step: number): void {
    const from = Math.max(this.#current + 1, step - this.#steps + 1)
    for (let passed = from; passed <= step; passed++) {
      const start = (passed % this.#steps) * this.#fields
      this.#sums.fill(0, start, start + this.#fields)
    }
    this.#current = step
  }
}
