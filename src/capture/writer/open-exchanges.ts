import type { LegNumber, OpenRecord } from '../format/records.ts'

/** What passed of a leg so far, whether it was captured or not. */
export interface LegCount {
  l: LegNumber
  /** 0: none. */
  a: number
  chunks: number
  bytes: number
  /** Of the bytes as they are written; null: none. Undefined: its head passed while nothing was captured. */
  enc: string | null | undefined
  /** The generation in which its head passed, and the last one that was told of it. */
  begunIn: number
  toldIn: number
}

export interface OpenExchange {
  /** Its name between the threads. */
  number: number
  opened: OpenRecord
  /** The last generation that was told of it. */
  toldIn: number
  legs: (LegCount | undefined)[]
}

/** The exchanges that have not closed. Kept also while nothing is captured, so that they can be joined midway. */
export class OpenExchanges {
  readonly #byId = new Map<string, OpenExchange>()
  #next = 1

  open(opened: OpenRecord): OpenExchange {
    const exchange: OpenExchange = { number: this.#next, opened, toldIn: -1, legs: [] }
    // A number has 32 bits; one that comes again is that of an exchange of weeks ago.
    this.#next = this.#next === 0xffff_ffff ? 1 : this.#next + 1
    this.#byId.set(opened.x, exchange)
    return exchange
  }

  get(id: string): OpenExchange | undefined {
    return this.#byId.get(id)
  }

  close(id: string): void {
    this.#byId.delete(id)
  }

  numbers(): number[] {
    return Array.from(this.#byId.values(), ({ number }) => number)
  }
}

export function legOf(exchange: OpenExchange, l: LegNumber, a: number | undefined): LegCount {
  const attempt = a ?? 0
  const place = attempt * 4 + l
  const known = exchange.legs[place]
  if (known) return known
  const leg: LegCount = { ...{ l, a: attempt, chunks: 0, bytes: 0 }, enc: undefined, begunIn: -1, toldIn: -1 }
  exchange.legs[place] = leg
  return leg
}
