import type { BodyOfBatch, ThreadNote } from './batches.ts'
import type { Losses } from './losses.ts'
import type { Outbox } from './outbox.ts'

/** Once entries had to be dropped, none is taken until so little waits: losses come in few records. */
const resumesBelow = 0.75

export interface QueueParts {
  outbox: Outbox
  losses: Losses
  openNumbers: () => number[]
  onFull: () => void
}

/** The way to the other thread, with loss records for what could not go it. */
export class Queue {
  readonly #parts: QueueParts

  constructor(parts: QueueParts) {
    this.#parts = parts
  }

  /** `t` as in the entries. What cannot go is dropped and counted. */
  body(exchange: string, body: BodyOfBatch): void {
    if (!this.#goes() || !this.#parts.outbox.body(body)) this.drop(exchange, body.t, body.bytes.length)
  }

  note(exchange: string, number: number, t: number, note: ThreadNote): void {
    if (!this.tells(number, note)) this.drop(exchange, t, 0)
  }

  /** What goes before an entry that needs it. False: it does not go. */
  tells(number: number, note: ThreadNote): boolean {
    return this.#goes() && this.#parts.outbox.note(number, note)
  }

  drop(exchange: string, t: number, bytes: number): void {
    const { losses, onFull } = this.#parts
    if (!losses.has('queue_full')) onFull()
    losses.entry('queue_full', exchange, t, bytes)
  }

  /** Tells what was lost. */
  tell(): void {
    const { losses, outbox, openNumbers } = this.#parts
    if (losses.areTold) return
    const open = openNumbers()
    // Those that closed in the meantime did so unheard.
    for (const loss of losses.take()) outbox.note(0, { k: 'drop', ...loss, open }, true)
  }

  #goes(): boolean {
    const { losses, outbox } = this.#parts
    if (losses.areTold) return true
    if (outbox.load >= resumesBelow) return false
    this.tell()
    return true
  }
}
