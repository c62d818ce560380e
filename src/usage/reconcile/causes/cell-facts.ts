import type { Limits } from '../cells.ts'
import type { Day } from '../days.ts'
import type { InvoiceCell } from '../invoice/invoice.ts'
import type { Amounts, LedgerAmounts } from '../ledger/amounts.ts'
import type { ModelHabits } from '../ledger/ledger-side.ts'
import type { Part } from './cause.ts'

/** All that is known where a day and model differ. Differences are the invoice less the ledger. */
export interface CellFacts {
  day: Day
  invoice: InvoiceCell
  /** By the days that were asked for. */
  ledger: LedgerAmounts
  off: Amounts
  limits: Limits
  habits: ModelHabits
  /** By the days that the invoice seems to have, where those are others. */
  shifted: { offsets: readonly number[]; ledger: LedgerAmounts; off: Amounts } | null
  /** What of it comes of exchanges that ran over midnight. */
  night: Part | null
  /** The model's money is so many times ours on all days whose tokens agree; null: it is not, or there is one day only. */
  rateFactor: number | null
}
