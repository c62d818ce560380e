import type { LossReason, LossRecord } from '../../format/records.ts'

const maxNamedExchanges = 64

/** Records that could not be written, until a record can say so. */
export class Loss {
  #from = Number.POSITIVE_INFINITY
  #to = 0
  #n = 0
  #bytes = 0
  readonly #exchanges = new Set<string>()

  get records(): number {
    return this.#n
  }

  add(t: number, bytes: number, exchange: string | undefined): void {
    this.#n++
    this.#bytes += bytes
    this.#from = Math.min(this.#from, t)
    this.#to = Math.max(this.#to, t)
    if (exchange !== undefined && this.#exchanges.size < maxNamedExchanges) this.#exchanges.add(exchange)
  }

  record(t: number, why: LossReason): LossRecord {
    const x = [...this.#exchanges]
    return { k: 'drop', t, from: this.#from, to: this.#to, n: this.#n, bytes: this.#bytes, why, x }
  }
}
