import { printable } from '../../core/printable.ts'
import { percentText, tokensText, unknownMark, usdText } from '../numbers.ts'
import type { Column } from '../table.ts'
import type { ReconcileAnswer, ReconcileNumbers, ReconcileRow } from './reconcile-shape.ts'

export interface ReconcileLine {
  day: string
  model: string
  numbers: ReconcileNumbers
  cause: string
}

/** What all other columns need, and those that are never dropped. */
const besideModel = { all: 118, least: 58 }
const usualName = 20
const longestName = 256

export function reconcileLines(
  { rows, total }: ReconcileAnswer,
  shown: readonly ReconcileRow[],
): ReconcileLine[] {
  const lines = shown.map((row) => ({
    ...{ day: row.date, model: row.model || unknownMark, numbers: row, cause: causeText(row) },
  }))
  const off = rows.filter((row) => !row.within_tolerance).length
  return [...lines, { day: 'Total', model: '', numbers: total, cause: off === 0 ? 'agrees' : `${off} off` }]
}

/** `disconnects +1`: the likeliest, and how many others may have a part. */
function causeText({ causes: [first, ...others], within_tolerance: agrees }: ReconcileRow): string {
  if (agrees || !first) return 'agrees'
  return others.length === 0 ? first.cause : `${first.cause} +${others.length}`
}

/** `inv`: the invoice, `own`: the ledger. A quantity that the invoice does not tell has no columns. */
export function reconcileColumns({ total }: ReconcileAnswer, width: number): Column<ReconcileLine>[] {
  const roomy = Math.max(width - besideModel.all, Math.min(usualName, width - besideModel.least))
  const modelWidth = Math.max(12, Math.min(longestName, roomy))
  return [
    { title: 'DAY', value: ({ day }) => day },
    { title: 'MODEL', value: ({ model }) => printable(model, modelWidth) },
    ...(total.invoice.tokens === null ? [] : tokenColumns),
    ...(total.invoice.cost_usd === null ? [] : costColumns),
    { title: 'CAUSE', value: ({ cause }) => cause, dropOrder: 1 },
  ]
}

const number = (
  title: string,
  value: (numbers: ReconcileNumbers) => string,
  dropOrder?: number,
): Column<ReconcileLine> => ({
  ...{ title, align: 'right', value: ({ numbers }) => value(numbers) },
  ...(dropOrder !== undefined && { dropOrder }),
})

const tokenColumns: readonly Column<ReconcileLine>[] = [
  number('TOKENS inv', ({ invoice }) => tokensText(invoice.tokens ?? 0), 2),
  number('TOKENS own', ({ ledger }) => ownTokens(ledger), 2),
  number('TOKENS ±', ({ difference }) => signedTokens(difference.tokens)),
  number('TOKENS %', ({ ratio }) => offText(ratio.tokens), 5),
]

const costColumns: readonly Column<ReconcileLine>[] = [
  number('COST inv', ({ invoice }) => usdText(invoice.cost_usd), 3),
  number('COST own', ownCost, 3),
  number('COST ±', ({ difference }) => signedUsd(difference.cost_usd)),
  number('COST %', ({ ratio }) => offText(ratio.cost_usd), 4),
]

type Own = ReconcileNumbers['ledger']

/** `~`: counted by us, at least in part, rather than reported. */
function ownTokens({ tokens, attempts, estimated_attempts: estimated }: Own): string {
  if (attempts > 0 && tokens === 0) return unknownMark
  return (estimated > 0 ? '~' : '') + tokensText(tokens ?? 0)
}

/** Without any price nothing is known; 0 would say that it was free. */
function ownCost({ ledger }: ReconcileNumbers): string {
  const { attempts, unpriced_attempts: unpriced, tokens, cost_usd: cost } = ledger
  const isUnknown = attempts > 0 && (unpriced >= attempts || (tokens === 0 && cost === 0))
  return isUnknown ? unknownMark : usdText(cost)
}

export function signedTokens(tokens: number | null): string {
  if (tokens === null) return unknownMark
  return sign(tokens) + tokensText(Math.abs(tokens))
}

export function signedUsd(usd: number | null): string {
  if (usd === null) return unknownMark
  return sign(usd) + usdText(Math.abs(usd))
}

function sign(value: number): string {
  return value > 0 ? '+' : value < 0 ? '-' : ''
}

/** By how much the invoice is over the ledger. */
function offText(ratio: number | null): string {
  if (ratio === null) return unknownMark
  return sign(ratio - 1) + percentText(Math.abs(ratio - 1))
}
