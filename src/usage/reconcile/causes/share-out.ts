import { beyond } from '../cells.ts'
import type { Amounts, LedgerAmounts } from '../ledger/amounts.ts'
import { allocate, type Candidate } from './allocate.ts'
import { type CauseName, causeOfIncident, type Evidence, type Part } from './cause.ts'
import type { CellFacts } from './cell-facts.ts'
import { costOfTokens, countedCandidate, type Rates, ratesOf, unpricedCandidate } from './money.ts'
import { type CallCounts, callCounts, tokenCandidates } from './tokens.ts'

type Shares = ReadonlyMap<CauseName, number>

/** Both sides have something: what of it differs, shared out over what the ledger is not sure of. */
export function sharedParts(facts: CellFacts, ledger: LedgerAmounts, left: Amounts): Part[] {
  const counts = callCounts(facts.invoice.requests, ledger)
  const isOff = beyond(left, facts.invoice, ledger, facts.limits)
  const tokens = isOff.tokens ? tokenShares(facts, ledger, counts, left.tokens) : noShares
  const money = isOff.cost ? moneyShares(facts, ledger, counts, left.nanoUsd, tokens) : noShares
  return [...new Set([...tokens.keys(), ...money.keys()])].map((cause) => {
    const part = { tokens: tokens.get(cause) ?? 0, nanoUsd: money.get(cause) ?? 0 }
    const evidence = evidenceOf(cause, facts, ledger, counts, part)
    const tokensAgree = facts.limits.measures.tokens && !isOff.tokens
    return { cause, ...part, ...evidence, ...(cause === 'other_rates' && { tokensAgree }) }
  })
}

const noShares: Shares = new Map()

function tokenShares(facts: CellFacts, ledger: LedgerAmounts, counts: CallCounts, off: number): Shares {
  const candidates = tokenCandidates(ledger, facts.habits, counts, off > 0)
  return signed(off, candidates, 'unknown')
}

function moneyShares(
  facts: CellFacts,
  ledger: LedgerAmounts,
  counts: CallCounts,
  off: number,
  tokens: Shares,
): Shares {
  const byRate = rateShare(facts, ledger, off)
  const left = off - byRate
  const rates = ratesOf(facts.invoice, ledger, facts.habits)
  const hasTokens = facts.limits.measures.tokens
  const ofTokens = hasTokens
    ? costOfTokens(alike(tokens, left), rates)
    : costOfCandidates(tokenCandidates(ledger, facts.habits, counts, left > 0), rates)
  const candidates = [
    ...ofTokens,
    ...(left > 0 ? [unpricedCandidate(facts.invoice, ledger, rates)] : []),
    ...(ofTokens.some(({ key }) => key === 'missing_reports') ? [] : [countedCandidate(ledger)]),
  ]
  // Where the tokens agree, only the rates can differ.
  const shares = new Map(signed(left, candidates, hasTokens && tokens.size === 0 ? 'other_rates' : 'unknown'))
  if (byRate !== 0) shares.set('other_rates', byRate + (shares.get('other_rates') ?? 0))
  return shares
}

/** What the factor makes that is the same on the model's other days; all of it where that is near enough. */
function rateShare({ rateFactor, invoice, limits }: CellFacts, ledger: LedgerAmounts, off: number): number {
  if (rateFactor === null) return 0
  const byRate = ledger.nanoUsd * (rateFactor - 1)
  return beyond({ tokens: 0, nanoUsd: off - byRate }, invoice, ledger, limits).cost ? byRate : off
}

/** What goes the same way as the money. */
function alike(tokens: Shares, off: number): Shares {
  return new Map(
    [...tokens].flatMap(([cause, count]) => (count * off > 0 ? [[cause, Math.abs(count)] as const] : [])),
  )
}

function costOfCandidates(candidates: readonly Candidate<CauseName>[], { usual, most }: Rates) {
  return candidates.map((one) => ({ key: one.key, expected: one.expected * usual, most: one.most * most }))
}

function signed(off: number, candidates: readonly Candidate<CauseName>[], rest: CauseName): Shares {
  if (off === 0) return noShares
  const { shares, left } = allocate(Math.abs(off), candidates)
  if (left > 0) shares.set(rest, left + (shares.get(rest) ?? 0))
  return new Map([...shares].map(([cause, amount]) => [cause, Math.sign(off) * amount]))
}

function evidenceOf(
  cause: CauseName,
  { invoice }: CellFacts,
  ledger: LedgerAmounts,
  counts: CallCounts,
  part: Amounts,
): Evidence {
  if (cause === 'not_through_proxy') return { attempts: counts.surplus }
  if (cause === 'not_on_invoice') return { attempts: counts.deficit }
  if (cause === 'unpriced') return { attempts: ledger.unpricedAttempts }
  if (cause === 'other_rates') {
    const factors = ledger.nanoUsd > 0 ? [(ledger.nanoUsd + part.nanoUsd) / ledger.nanoUsd] : []
    return { attempts: ledger.attempts, factors, ownKeyNanoUsd: invoice.ownKeyNanoUsd }
  }
  for (const [kind, incidents] of ledger.incidents) {
    if (causeOfIncident[kind] === cause) return { attempts: incidents.attempts, reasons: incidents.reasons }
  }
  return { attempts: 0 }
}
