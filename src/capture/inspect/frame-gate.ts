import { LRUCache } from 'lru-cache'
import type { FrameRow } from './frame-row.ts'
import { exchangeKey } from './open-exchanges.ts'

/** What waits at most, by the bytes that are kept for showing; then what is known so far must do. */
const mostWaitingBytes = 32 * 1024 * 1024
const rowBytes = 400
const mostDecided = 20_000

export interface GateSettings {
  /** Frames wait until their exchange has been looked at. */
  waits: boolean
  pass: (row: FrameRow) => void
}

/**
 * Lets frames through in the file's order, those only whose exchange is meant: a frame does not say that itself, for
 * a backend's chunks do not name their backend, and what an exchange came to is known at its end.
 */
export class FrameGate {
  readonly #settings: GateSettings
  readonly #decided = new LRUCache<string, boolean>({ max: mostDecided })
  #waiting: FrameRow[] = []
  #from = 0
  #bytes = 0

  constructor(settings: GateSettings) {
    this.#settings = settings
  }

  take(row: FrameRow): void {
    if (!this.#settings.waits) return this.#settings.pass(row)
    // What belongs to no exchange is of none that is meant.
    if (row.exchange === null) return
    this.#waiting.push(row)
    this.#bytes += sizeOf(row)
    while (this.#bytes > mostWaitingBytes && this.#from < this.#waiting.length) this.#next(false)
    this.#release()
  }

  /** An exchange has been looked at. */
  decide(id: string, file: string, version: 2 | 3, isMeant: boolean): void {
    if (!this.#settings.waits) return
    this.#decided.set(exchangeKey(id, file, version), isMeant)
    this.#release()
  }

  end(): void {
    while (this.#from < this.#waiting.length) this.#next(false)
  }

  #release(): void {
    while (this.#from < this.#waiting.length && this.#next(true));
  }

  /** Whether the first that waits need not any longer; one that is not decided is not meant. */
  #next(mayWait: boolean): boolean {
    const row = this.#waiting[this.#from]
    if (!row) return false
    const { exchange, file, version } = row
    const isMeant = this.#decided.get(exchangeKey(exchange ?? '', file, version))
    if (isMeant === undefined && mayWait) return false
    this.#from++
    this.#bytes -= sizeOf(row)
    if (isMeant) this.#settings.pass(row)
    // In portions: to move the rest for each would take the square of the time.
    if (this.#from >= 1024 && this.#from * 2 >= this.#waiting.length) {
      this.#waiting = this.#waiting.slice(this.#from)
      this.#from = 0
    }
    return true
  }
}

function sizeOf({ data }: FrameRow): number {
  return rowBytes + (data?.length ?? 0)
}
