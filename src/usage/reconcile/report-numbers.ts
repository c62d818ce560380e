import { beyond, difference, isBeyond, type Limits, type Measures } from './cells.ts'
import type { InvoiceCell } from './invoice/invoice.ts'
import type { Amounts, LedgerAmounts } from './ledger/amounts.ts'
import type { Compared, ReportNumbers } from './report.ts'

export function numbersOf(invoice: InvoiceCell, ledger: LedgerAmounts, limits: Limits): ReportNumbers {
  const { measures } = limits
  const off = difference(invoice, ledger, measures)
  const { rows, requests } = invoice
  return {
    invoice: { ...comparedOf(invoice, measures), rows, requests },
    ledger: {
      ...comparedOf(ledger, measures),
      attempts: ledger.attempts,
      unpriced_attempts: ledger.unpricedAttempts,
      estimated_attempts: estimated(ledger),
    },
    difference: comparedOf(off, measures),
    ratio: {
      tokens: measures.tokens ? over(invoice.tokens, ledger.tokens) : null,
      cost_usd: measures.cost ? over(invoice.nanoUsd, ledger.nanoUsd) : null,
    },
    within_tolerance: !isBeyond(beyond(off, invoice, ledger, limits)),
  }
}

/** What is not compared is not known. */
export function comparedOf({ tokens, nanoUsd }: Amounts, measures: Measures): Compared {
  return {
    tokens: measures.tokens ? Math.round(tokens) : null,
    cost_usd: measures.cost ? Math.round(nanoUsd) / 1e9 : null,
  }
}

function over(invoice: number, ledger: number): number | null {
  return ledger === 0 ? null : invoice / ledger
}

function estimated({ incidents }: LedgerAmounts): number {
  return [...incidents.values()].reduce((sum, { attempts, tokens }) => sum + (tokens > 0 ? attempts : 0), 0)
}
