import { LRUCache } from 'lru-cache'
import type { BodyRecord, CaptureRecord, LegNumber } from '../format/records.ts'

export interface OpenLeg {
  leg: LegNumber
  attempt: number | null
}

export interface OpenExchange {
  id: string
  /** Those of its legs that have begun and not ended. */
  legs: OpenLeg[]
}

/** Chunks that a leg's numbering says were there. */
export interface ChunkGap extends OpenLeg {
  exchange: string
  /** The first and last that are missing. */
  from: number
  to: number
  /** The frame behind the gap. */
  entry: number
}

interface LegState extends OpenLeg {
  /** Null: its exchange began in another file, and so may have it. */
  nextChunk: number | null
  hasEnded: boolean
}

interface ExchangeState {
  beganHere: boolean
  legs: Map<string, LegState>
}

/** Exchanges that have closed: what comes of them late opens nothing. */
const maxClosed = 100_000

/** Follows which exchanges and legs are open, and whether chunks are missing. Memory follows the open ones. */
export class OpenLegs {
  readonly #open = new Map<string, ExchangeState>()
  readonly #closed = new LRUCache<string, true>({ maxSize: maxClosed, sizeCalculation: () => 1 })

  /** The gap before a record's chunk; null where there is none. */
  note(record: CaptureRecord, entry: number): ChunkGap | null {
    switch (record.k) {
      case 'xo':
        this.#begin(record.x)
        return null
      case 'u':
        this.#close(record.x)
        return null
      case 'h':
        this.#leg(record)
        return null
      case 'b':
        return this.#chunk(record, entry)
      case 'e': {
        const leg = this.#leg(record)
        if (leg) leg.hasEnded = true
        return null
      }
      default:
        return null
    }
  }

  open(): OpenExchange[] {
    return [...this.#open].map(([id, { legs }]) => ({
      id,
      legs: [...legs.values()]
        .filter(({ hasEnded }) => !hasEnded)
        .map(({ leg, attempt }) => ({ leg, attempt })),
    }))
  }

  #chunk(record: BodyRecord, entry: number): ChunkGap | null {
    const state = this.#leg(record)
    if (!state) return null
    const { leg, attempt } = state
    const from = state.nextChunk ?? record.n
    state.nextChunk = Math.max(from, record.n + 1)
    return record.n > from ? { exchange: record.x, leg, attempt, from, to: record.n - 1, entry } : null
  }

  #close(exchange: string): void {
    this.#open.delete(exchange)
    this.#closed.set(exchange, true)
  }

  #begin(exchange: string): void {
    this.#closed.delete(exchange)
    this.#open.set(exchange, { beganHere: true, legs: new Map() })
  }

  #stateOf(exchange: string): ExchangeState | null {
    if (this.#closed.has(exchange)) return null
    let state = this.#open.get(exchange)
    if (!state) {
      state = { beganHere: false, legs: new Map() }
      this.#open.set(exchange, state)
    }
    return state
  }

  #leg({ x, l, a }: { x: string; l: LegNumber; a?: number }): LegState | null {
    const exchange = this.#stateOf(x)
    if (!exchange) return null
    const { legs, beganHere } = exchange
    const key = `${l}/${a ?? 0}`
    let leg = legs.get(key)
    if (!leg) {
      leg = { leg: l, attempt: a ?? null, nextChunk: beganHere ? 0 : null, hasEnded: false }
      legs.set(key, leg)
    }
    return leg
  }
}
