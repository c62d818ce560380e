import { beyond, isBeyond, noAmounts } from '../cells.ts'
import type { Amounts, LedgerAmounts } from '../ledger/amounts.ts'
import type { Part } from './cause.ts'
import type { CellFacts } from './cell-facts.ts'
import { sharedParts } from './share-out.ts'

/** What is behind a difference: what a certain cause explains is taken off it, the rest is shared out by evidence. */
export function explain(facts: CellFacts): Part[] {
  const shift = timeZonePart(facts)
  const ledger = facts.shifted?.ledger ?? facts.ledger
  let left = less(facts.off, shift ?? noAmounts)
  const night = shift ? null : facts.night
  left = less(left, night ?? noAmounts)
  const certain = [shift, night].filter((part) => part !== null)
  if (!isBeyond(beyond(left, facts.invoice, ledger, facts.limits))) return certain
  return [...certain, ...oneSided(facts, ledger, left)]
}

function less(a: Amounts, b: Amounts): Amounts {
  return { tokens: a.tokens - b.tokens, nanoUsd: a.nanoUsd - b.nanoUsd }
}

/** What vanishes when the ledger's days begin at the hour at which the invoice's seem to. */
function timeZonePart({ shifted, off, invoice, limits }: CellFacts): Part | null {
  if (shifted === null) return null
  const agrees = !isBeyond(beyond(shifted.off, invoice, shifted.ledger, limits))
  const part = agrees ? off : less(off, shifted.off)
  if (part.tokens === 0 && part.nanoUsd === 0) return null
  return { cause: 'time_zone', ...part, attempts: 0, offsets: shifted.offsets }
}

function oneSided(facts: CellFacts, ledger: LedgerAmounts, left: Amounts): Part[] {
  const { invoice } = facts
  if (ledger.attempts === 0) {
    return [
      { cause: 'not_through_proxy', ...left, attempts: invoice.requests ?? invoice.rows, isWhole: true },
    ]
  }
  if (invoice.rows === 0)
    return [{ cause: 'not_on_invoice', ...left, attempts: ledger.attempts, isWhole: true }]
  return sharedParts(facts, ledger, left)
}
