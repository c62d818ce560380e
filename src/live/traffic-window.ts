import { SumRing } from './sum-ring.ts'
import { rateSeconds, stepMs, stepSeconds, steps, windowSeconds } from './windows.ts'

/** Sums over ten seconds and over five minutes of the same amounts, by the names of fields. */
export class TrafficWindow<Field extends string> {
  readonly #places: Readonly<Record<Field, number>>
  readonly #seconds: SumRing
  readonly #fives: SumRing

  constructor(fields: readonly Field[], nowNs: number) {
    this.#places = Object.fromEntries(fields.map((field, place) => [field, place])) as Record<Field, number>
    // One more than the window has: the step that runs is not whole.
    this.#seconds = new SumRing(fields.length, rateSeconds + 1, 1_000, nowNs)
    this.#fives = new SumRing(fields.length, steps + 1, stepMs, nowNs)
  }

  add(nowNs: number, field: Field, amount: number): void {
    const place = this.#places[field]
    this.#seconds.add(nowNs, place, amount)
    this.#fives.add(nowNs, place, amount)
  }

  /** A second, over the last ten; of the oldest second counts the part that is still in them. */
  perSecond(nowNs: number, field: Field): number {
    const ring = this.#seconds
    const place = this.#places[field]
    const oldest = ring.sum(nowNs, place, rateSeconds)
    const sum = ring.total(nowNs, place) - oldest * ring.elapsedShare(nowNs)
    // What was counted too high as it passed is taken back.
    return Math.max(0, sum / rateSeconds)
  }

  /** Of the last five minutes and the part of a step that is over. */
  total(nowNs: number, field: Field): number {
    return this.#fives.total(nowNs, this.#places[field])
  }

  /** An hour, if it goes on as it did. */
  perHour(nowNs: number, field: Field): number {
    const seconds = windowSeconds + this.#fives.elapsedShare(nowNs) * stepSeconds
    return (this.total(nowNs, field) / seconds) * 3_600
  }

  /** The sums of the last whole steps, the oldest first. */
  series(nowNs: number, field: Field): number[] {
    return Array.from({ length: steps }, (_, at) => this.#fives.sum(nowNs, this.#places[field], steps - at))
  }
}
