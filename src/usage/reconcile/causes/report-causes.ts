import type { Measures } from '../cells.ts'
import type { Amounts } from '../ledger/amounts.ts'
import type { ReconcileReport, ReportCause } from '../report.ts'
import { comparedOf } from '../report-numbers.ts'
import { type CauseName, causeNames, type Part } from './cause.ts'
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
  const gathered = new Map<CauseName, Gathered>()
  for (const part of rows.flat()) {
    const known = gathered.get(part.cause)
    gathered.set(part.cause, known ? gather(known, part) : { part, size: sizeOf(part), rows: 1 })
  }
  const all = [...gathered.values()]
  const shares = sharesOf(
    all.map(({ size }) => size),
    measures,
  )
  return all
    .map(({ part, rows: count }, index) => ({
      ...reportCause(part, measures, shares[index] ?? 0),
      rows: count,
    }))
    .sort(byShare)
}

interface Gathered {
  part: Part
  /** Without signs: what is too much on one day and too little on the next is no less off. */
  size: Amounts
  rows: number
}

function gather({ part, size, rows }: Gathered, more: Part): Gathered {
  const reasons = new Map(part.reasons)
  for (const [reason, count] of more.reasons ?? []) reasons.set(reason, (reasons.get(reason) ?? 0) + count)
  return {
    part: {
      ...{ ...part, ...sum(part, more), attempts: part.attempts + more.attempts, reasons },
      factors: [...(part.factors ?? []), ...(more.factors ?? [])],
      ownKeyNanoUsd: (part.ownKeyNanoUsd ?? 0) + (more.ownKeyNanoUsd ?? 0),
      isWhole: part.isWhole === true && more.isWhole === true,
    },
    size: sum(size, sizeOf(more)),
    rows: rows + 1,
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
  const whole = sizes.reduce(sum, { tokens: 0, nanoUsd: 0 })
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
