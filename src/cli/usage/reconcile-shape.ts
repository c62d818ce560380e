/** What the command line reads of a reconciliation; the JSON that it passes on has more. */
export interface ReconcileAnswer {
  invoice: { format: string; rows: number; notes: readonly string[] }
  ledger: { plan_attempts: number; backends: readonly string[] }
  period: { since: string; until: string; time_zone: string }
  tolerance_percent: number
  within_tolerance: boolean
  rows: readonly ReconcileRow[]
  total: ReconcileNumbers
  causes: readonly (ReconcileCause & { rows: number })[]
}

export interface ReconcileRow extends ReconcileNumbers {
  date: string
  model: string
  causes: readonly ReconcileCause[]
}

/** null: the invoice does not tell it. */
export interface Amounts {
  tokens: number | null
  cost_usd: number | null
}

export interface ReconcileNumbers {
  invoice: Amounts
  ledger: Amounts & { attempts: number; unpriced_attempts: number; estimated_attempts: number }
  difference: Amounts
  ratio: Amounts
  within_tolerance: boolean
}

export interface ReconcileCause extends Amounts {
  cause: string
  share: number
  sentence: string
}
