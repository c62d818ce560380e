import { type Measures, noAmounts } from '../cells.ts'
import type { Amounts } from '../ledger/amounts.ts'
import type { ReconcileReport, ReportCause } from '../report.ts'
import { comparedOf } from '../report-numbers.ts'
import { causeNames, type Part } from './cause.ts'
import { sentenceOf } from './sentences.ts'

/** A row's causes, the likeliest first: by how much they explain of what is off. */
export function causesOf(parts: readonly Part[], measures: Measures, isOff: Measures): ReportCause[] {
  const shares = sharesOf(parts.map(sizeOf), isOff)
  return parts.map((part, index) => reportCause(part, measures, shares[index] ?? 0)).sort(byShare)
}

/** The causes of all rows, each once. */
export function causesTogether(
  rows: readonly (readonly Part[])[],
  measures: Measures,
): ReconcileReport['causes'] {
  const parts = rows.flat()
  const all = causeNames
    .map((name) => parts.filter(({ cause }) => cause === name))
    .filter((some) => some.length > 0)
  // Without signs: what is too much on one day and too little on the next is no less off.
  const sizes = all.map((some) => some.map(sizeOf).reduce(sum, noAmounts))
  const shares = sharesOf(sizes, measures)
  return all
    .map((some, index) => ({
      ...reportCause(together(some), measures, shares[index] ?? 0),
      rows: some.length,
    }))
    .sort(byShare)
}

/** What parts of one cause come to. */
function together(parts: readonly Part[]): Part {
  const [first] = parts as readonly [Part]
  const total = (of: (part: Part) => number) => parts.reduce((all, part) => all + of(part), 0)
  const reasons = new Map<string, number>()
  for (const [reason, count] of parts.flatMap((part) => [...(part.reasons ?? [])])) {
    reasons.set(reason, (reasons.get(reason) ?? 0) + count)
  }
  return {
    ...{ ...first, ...parts.reduce(sum, noAmounts), reasons },
    attempts: total(({ attempts }) => attempts),
    factors: parts.flatMap(({ factors = [] }) => factors),
    ownKeyNanoUsd: total(({ ownKeyNanoUsd = 0 }) => ownKeyNanoUsd),
    isWhole: parts.every(({ isWhole }) => isWhole === true),
    tokensAgree: parts.every(({ tokensAgree }) => tokensAgree === true),
  }
}

function sum(a: Amounts, b: Amounts): Amounts {
  return { tokens: a.tokens + b.tokens, nanoUsd: a.nanoUsd + b.nanoUsd }
}

function sizeOf({ tokens, nanoUsd }: Amounts): Amounts {
  return { tokens: Math.abs(tokens), nanoUsd: Math.abs(nanoUsd) }
}

/** Of the whole, on average over what is measured. */
function sharesOf(sizes: readonly Amounts[], { tokens, cost }: Measures): number[] {
  const whole = sizes.reduce(sum, noAmounts)
  return sizes.map((size) => {
    const shares = [
      ...(tokens && whole.tokens > 0 ? [size.tokens / whole.tokens] : []),
      ...(cost && whole.nanoUsd > 0 ? [size.nanoUsd / whole.nanoUsd] : []),
    ]
    return shares.length === 0 ? 0 : shares.reduce((a, b) => a + b, 0) / shares.length
  })
}

function reportCause(part: Part, measures: Measures, share: number): ReportCause {
  return {
    cause: part.cause,
    ...comparedOf(part, measures),
    share: Math.round(share * 1_000) / 1_000,
    attempts: part.attempts,
    sentence: sentenceOf(part.cause, part),
  }
}

function byShare(a: ReportCause, b: ReportCause): number {
  return b.share - a.share || causeNames.indexOf(a.cause) - causeNames.indexOf(b.cause)
}
