import type { Compared, Side } from './comparison.ts'
import { bands, judge, settledSlope, upperEnd, type Verdict } from './judge.ts'
import { Window, windowLength } from './window.ts'

/** Fewer show nothing. */
const leastExchanges = 40
/** From one exchange to the next little changes. */
const judgedEvery = 10

/** One side of a model: its last exchanges, and whether it is named. */
export class SideWatch {
  readonly #side: Side
  readonly #window = new Window()
  #added = 0
  #verdict: Verdict | null = null
  /** The most that its slope was in the first window in which that was sure. */
  #earlier: number | null = null
  sinceMs: number | null = null

  constructor(side: Side) {
    this.#side = side
  }

  add(compared: Compared, nowMs: number): 'named' | 'back' | null {
    this.#window.add(compared)
    this.#added++
    if (this.#added % judgedEvery !== 0 || this.#added < leastExchanges) return null
    const band = bands[compared.method]
    const isToBeSettled = this.#earlier === null && this.#added % windowLength === 0
    const mayBeOutside = this.#window.mayBeOutside(band[0], upperEnd(band, this.#earlier))
    if (this.sinceMs === null && !isToBeSettled && !mayBeOutside) return null
    const estimates = this.#window.estimates()
    this.#verdict = judge(estimates, this.#side, band, this.#earlier)
    const place = this.#verdict?.place
    if (isToBeSettled && place === 'within') this.#earlier = settledSlope(estimates)
    return this.#moved(place, nowMs)
  }

  shown(): { ratio: number; band: readonly [number, number]; exchanges: number } {
    const { ratio = 0, band = [0, 0] } = this.#verdict ?? {}
    const [low, high] = band
    return { ratio: rounded(ratio), band: [rounded(low), rounded(high)], exchanges: this.#window.size }
  }

  #moved(place: Verdict['place'] | undefined, nowMs: number): 'named' | 'back' | null {
    if (this.sinceMs === null && (place === 'above' || place === 'below')) {
      this.sinceMs = nowMs
      return 'named'
    }
    if (this.sinceMs !== null && place === 'within') {
      this.sinceMs = null
      return 'back'
    }
    return null
  }
}

function rounded(ratio: number): number {
  return Math.round(ratio * 100) / 100
}
