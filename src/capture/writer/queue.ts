import type { LossReason } from '../format/records.ts'
import type { BodyOfBatch, ThreadNote } from './batches.ts'
import type { Outbox } from './outbox.ts'

/** Once entries had to be dropped, none is taken until so little waits: losses come in few records. */
const resumesBelow = 0.75
const maxNamedExchanges = 64

interface Loss {
  from: number
  to: number
  n: number
  bytes: number
  why: LossReason
  exchanges: Set<string>
}

/** The way to the other thread, with a loss record for what could not go it. */
export class Queue {
  /** Entries, in all. */
  dropped = 0
  readonly #outbox: Outbox
  readonly #openNumbers: () => number[]
  readonly #onFull: () => void
  #loss: Loss | null = null

  constructor(outbox: Outbox, openNumbers: () => number[], onFull: () => void) {
    this.#outbox = outbox
    this.#openNumbers = openNumbers
    this.#onFull = onFull
  }

  /** `t` as in the entries. What cannot go is dropped and counted. */
  body(exchange: string, body: BodyOfBatch): void {
    if (!this.#goes() || !this.#outbox.body(body)) this.drop(exchange, body.t, body.bytes.length)
  }

  note(exchange: string, number: number, t: number, note: ThreadNote): void {
    if (!this.tells(number, note)) this.drop(exchange, t, 0)
  }

  /** What goes before an entry that needs it. False: it does not go. */
  tells(number: number, note: ThreadNote): boolean {
    return this.#goes() && this.#outbox.note(number, note)
  }

  drop(exchange: string, t: number, bytes: number): void {
    if (this.#loss === null) this.#onFull()
    const loss = this.#count(1, t, t)
    loss.bytes += bytes
    if (loss.exchanges.size < maxNamedExchanges) loss.exchanges.add(exchange)
  }

  /** Entries that were lost in another way: told with the next that goes. */
  lost(n: number, from: number, to: number): void {
    if (n > 0) this.#count(n, from, to)
  }

  /** What was lost since it was last told. */
  untold(): number {
    return this.#loss?.n ?? 0
  }

  /** Tells what was lost. */
  tell(): void {
    if (this.#loss === null) return
    const { exchanges, ...loss } = this.#loss
    this.#loss = null
    // Those that closed in the meantime did so unheard.
    this.#outbox.note(0, { k: 'drop', ...loss, x: [...exchanges], open: this.#openNumbers() }, true)
  }

  #goes(): boolean {
    if (this.#loss === null) return true
    if (this.#outbox.load >= resumesBelow) return false
    this.tell()
    return true
  }

  #count(n: number, from: number, to: number): Loss {
    this.#loss ??= { from, to, n: 0, bytes: 0, why: 'queue_full', exchanges: new Set() }
    this.#loss.n += n
    this.#loss.from = Math.min(this.#loss.from, from)
    this.#loss.to = Math.max(this.#loss.to, to)
    this.dropped += n
    return this.#loss
  }
}
