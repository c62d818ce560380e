import type { CauseName } from './causes/cause.ts'
import type { Day } from './days.ts'
import type { InvoiceFormat } from './invoice/formats.ts'

/** Null: the invoice does not tell it, so it is not compared. */
export interface Compared {
  tokens: number | null
  cost_usd: number | null
}

export interface ReportCause {
  cause: CauseName
  /** What of the difference it explains, with the difference's sign. */
  tokens: number | null
  cost_usd: number | null
  /** Of all that is explained here. */
  share: number
  /** Exchanges or attempts that show it. */
  attempts: number
  sentence: string
}

/** A day and a model, or the total of all of them. */
export interface ReportNumbers {
  /** `requests`: null where the invoice does not count them. */
  invoice: Compared & { rows: number; requests: number | null }
  ledger: Compared & { attempts: number; unpriced_attempts: number; estimated_attempts: number }
  /** Invoice less ledger. */
  difference: Compared
  /** Invoice over ledger; null where the ledger has nothing. */
  ratio: Compared
  within_tolerance: boolean
}

export interface ReportRow extends ReportNumbers {
  date: Day
  /** Without a provider before it. */
  model: string
  /** The likeliest first; none where the row is within the tolerance. */
  causes: ReportCause[]
}

/** What `usage reconcile --json` prints. Fields are only ever added. */
export interface ReconcileReport {
  invoice: {
    format: InvoiceFormat
    rows: number
    columns: { date: string; model: string | null; tokens: readonly string[]; cost: readonly string[] }
    notes: readonly string[]
  }
  /** `plan_attempts`: went through a plan, which bills no tokens, and are not compared. */
  ledger: { backends: readonly string[]; plan_attempts: number }
  period: { since: Day; until: Day; time_zone: string }
  tolerance_percent: number
  within_tolerance: boolean
  /** Hours before UTC at which the invoice's days seem to begin; null: as asked. */
  invoice_utc_offsets: readonly number[] | null
  models: { model: string; invoice_names: readonly string[]; ledger_names: readonly string[] }[]
  rows: ReportRow[]
  total: ReportNumbers
  /** Of all rows together. */
  causes: (ReportCause & { rows: number })[]
}
