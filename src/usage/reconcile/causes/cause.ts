import type { Amounts } from '../ledger/amounts.ts'
import type { IncidentKind } from '../ledger/charge.ts'

export const causeNames = [
  'time_zone',
  'over_midnight',
  'not_through_proxy',
  'not_on_invoice',
  'disconnects',
  'retries',
  'crash',
  'missing_reports',
  'unpriced',
  'other_rates',
  'unknown',
] as const
export type CauseName = (typeof causeNames)[number]

export const causeOfIncident: Readonly<Record<IncidentKind, CauseName>> = {
  disconnect: 'disconnects',
  retry: 'retries',
  crash: 'crash',
  missing_report: 'missing_reports',
}

/** What a sentence about a cause is made of. */
export interface Evidence {
  /** Exchanges or attempts that show it. */
  attempts: number
  /** How they ended, in the record's words. */
  reasons?: ReadonlyMap<string, number>
  /** Invoice over ledger, in money. */
  factors?: readonly number[]
  /** They were compared as well, and are the same on both sides. */
  tokensAgree?: boolean
  offsets?: readonly number[]
  ownKeyNanoUsd?: number
  /** The other side has nothing of that day and model. */
  isWhole?: boolean
}

/** How much of a difference a cause explains; with the difference's sign. */
export interface Part extends Amounts, Evidence {
  cause: CauseName
}
