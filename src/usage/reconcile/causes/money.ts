import type { Amounts, LedgerAmounts } from '../ledger/amounts.ts'
import type { ModelHabits } from '../ledger/ledger-side.ts'
import type { Candidate } from './allocate.ts'
import { type CauseName, causeOfIncident } from './cause.ts'

/** Completions that nobody cached cost so many times a model's average token, at most. */
const dearest = 15
/** Where nothing is known: two dollars a million. */
const usualNanoUsd = 2_000
const uncachedShare = 0.3

export interface Rates {
  /** Nano-dollars a token, on average and at most. */
  usual: number
  most: number
}

export function ratesOf(invoice: Amounts, ledger: LedgerAmounts, habits: ModelHabits): Rates {
  const pricedTokens = ledger.tokens - ledger.unpricedTokens
  const theirs = invoice.tokens > 0 ? invoice.nanoUsd / invoice.tokens : 0
  const ours = pricedTokens > 0 ? ledger.nanoUsd / pricedTokens : 0
  const usual = Math.max(ours > 0 ? ours : theirs, 0) || usualNanoUsd
  return { usual, most: 1.5 * Math.max(habits.mostUsdPerMillion * 1_000, dearest * usual, theirs) }
}

/** What the tokens that a cause explains may have cost. */
export function costOfTokens(
  tokens: ReadonlyMap<CauseName, number>,
  { usual, most }: Rates,
): Candidate<CauseName>[] {
  return [...tokens].map(([key, count]) => ({ key, expected: count * usual, most: count * most }))
}

/** What the ledger has no price for. */
export function unpricedCandidate(
  invoice: Amounts,
  ledger: LedgerAmounts,
  rates: Rates,
): Candidate<CauseName> {
  const { unpricedTokens: tokens } = ledger
  const theirs = invoice.tokens > 0 ? invoice.nanoUsd / invoice.tokens : rates.usual
  const isAll = ledger.attempts === ledger.unpricedAttempts
  return {
    key: 'unpriced',
    expected: tokens * Math.max(theirs, 1e-9),
    most: isAll ? Number.POSITIVE_INFINITY : tokens * Math.max(rates.most, dearest * theirs),
  }
}

/** Our own count does not know what came from a cache: the tokens may agree and their price not. */
export function countedCandidate({ incidents }: LedgerAmounts): Candidate<CauseName> {
  const nanoUsd = incidents.get('missing_report')?.nanoUsd ?? 0
  return { key: causeOfIncident.missing_report, expected: nanoUsd * uncachedShare, most: nanoUsd }
}
