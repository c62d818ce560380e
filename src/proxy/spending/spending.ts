import type { Exchange } from '../../core/exchange.ts'

/** The most that a call can cost. */
export interface Estimate {
  nanoUsd: number
  /** The request sets no limit of its own for the answer: what was reckoned with instead. */
  assumedOutputTokens: number | null
}

/** What one access key may spend (`usd_per_day`), as an exchange of it asks. */
export interface Spending {
  /**
   * Sets at least this much aside until the exchange has closed. Throws `spending_limit`; `call_over_limit` for what does not
   * fit into a day; `ledger_failed` while it is not known what was spent today.
   */
  reserve(exchange: Pick<Exchange, 'id' | 'openedAtMs'>, estimate: Estimate): void
  /** It has closed and cost just this: more need not be set aside until its record says the same. */
  lower(exchangeId: string, nanoUsd: number): void
  /** Sets aside at least this much for an exchange that has something set aside; false: there is no room for it. */
  raise(exchangeId: string, nanoUsd: number): boolean
}
