import { beyond, type Limits } from '../cells.ts'
import type { InvoiceCell } from '../invoice/invoice.ts'
import type { Amounts, LedgerAmounts } from '../ledger/amounts.ts'

/** So near to each other are the factors of one price list. */
const sameWithin = 0.02
/** Below so many roundings a factor says nothing. */
const roundings = 50

export interface ComparedDay {
  invoice: InvoiceCell
  ledger: LedgerAmounts
  off: Amounts
}

/** How many times our money the invoice has on every day on which the tokens agree; null: nothing steady is to be seen. */
export function rateFactor(days: readonly ComparedDay[], limits: Limits): number | null {
  const { measures, tolerance } = limits
  if (!measures.cost) return null
  const factors = days
    .filter((day) => isTelling(day, limits))
    .map(({ invoice, ledger }) => invoice.nanoUsd / ledger.nanoUsd)
    .sort((a, b) => a - b)
  const [least, middle, most] = [factors[0], factors[factors.length >> 1], factors.at(-1)]
  // Money alone must agree on more days to be no accident.
  if (least === undefined || middle === undefined || most === undefined) return null
  if (factors.length < (measures.tokens ? 2 : 3)) return null
  const isSteady = most - least <= sameWithin * Math.abs(middle)
  return isSteady && Math.abs(middle - 1) > tolerance ? middle : null
}

function isTelling({ invoice, ledger, off }: ComparedDay, limits: Limits): boolean {
  const { measures, roundingNanoUsd } = limits
  if (invoice.rows === 0 || ledger.unpricedTokens > 0) return false
  if (ledger.nanoUsd <= roundings * roundingNanoUsd * Math.sqrt(invoice.rows)) return false
  return !measures.tokens || !beyond(off, invoice, ledger, limits).tokens
}
