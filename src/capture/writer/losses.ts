import type { LossReason } from '../format/records.ts'

const maxNamedExchanges = 64

export interface Loss {
  why: LossReason
  from: number
  to: number
  n: number
  bytes: number
  /** Exchanges that miss something, as many as are noted. */
  x: string[]
}

/** Entries that did not get to the end of their way, by reason, until a thread is told of them. */
export class Losses {
  /** Of all time. */
  entries = 0
  readonly #untold = new Map<LossReason, Loss>()

  get areTold(): boolean {
    return this.#untold.size === 0
  }

  has(why: LossReason): boolean {
    return this.#untold.has(why)
  }

  /** `fromNs` and `toNs` as in the entries. */
  count(why: LossReason, n: number, fromNs: number, toNs = fromNs): void {
    if (n > 0) this.#add(why, n, fromNs, toNs)
  }

  entry(why: LossReason, exchange: string, tNs: number, bytes: number): void {
    const loss = this.#add(why, 1, tNs, tNs)
    loss.bytes += bytes
    if (loss.x.length < maxNamedExchanges && !loss.x.includes(exchange)) loss.x.push(exchange)
  }

  /** They count as told. */
  take(): Loss[] {
    const losses = [...this.#untold.values()]
    this.#untold.clear()
    return losses
  }

  #add(why: LossReason, n: number, fromNs: number, toNs: number): Loss {
    const loss = this.#untold.get(why) ?? { why, from: fromNs, to: toNs, n: 0, bytes: 0, x: [] }
    this.#untold.set(why, loss)
    loss.n += n
    loss.from = Math.min(loss.from, fromNs)
    loss.to = Math.max(loss.to, toNs)
    this.entries += n
    return loss
  }
}
