import type { ChalkInstance } from 'chalk'
import { countText } from '../numbers.ts'
import { fitTable } from '../table.ts'
import { wrapped } from '../wrapped.ts'
import { causeLines } from './reconcile-causes.ts'
import { reconcileColumns, reconcileLines } from './reconcile-columns.ts'
import type { ReconcileAnswer, ReconcileRow } from './reconcile-shape.ts'

export interface ReconcilePrintSettings {
  /** Columns of the terminal; Infinity in a pipe. */
  width: number
  chalk: ChalkInstance
}

/** A year of many models has thousands of rows that agree; nobody reads them. */
const mostRows = 400

/** A reconciliation's lines: the answer, and what is said beside it. */
export function printReconciliation(
  answer: ReconcileAnswer,
  { width, chalk }: ReconcilePrintSettings,
): { answer: string[]; talk: string[] } {
  const shown = shownRows(answer)
  const lines = reconcileLines(answer, shown)
  const { text, hidden } = fitTable(lines, reconcileColumns(answer, width), width)
  const [titles = '', ...drawn] = text.split('\n')
  const rule = '─'.repeat(Math.max(...text.split('\n').map((line) => [...line].length)))
  const rows = drawn.map((line, index) => (lines[index]?.cause === 'agrees' ? chalk.dim(line) : line))
  const causes = causeLines(answer, width, chalk)
  return {
    answer: [
      ...wrapped(headText(answer), width),
      '',
      ...[chalk.bold(titles), ...rows.slice(0, -1), rule, ...rows.slice(-1)],
      '',
      ...wrapped(verdict(answer), width).map((line) => (answer.within_tolerance ? chalk.green(line) : line)),
      ...(causes.length > 0 ? ['', ...causes] : []),
    ],
    talk: talk(answer, shown.length, hidden).flatMap((line) => wrapped(line, width)),
  }
}

function shownRows({ rows }: ReconcileAnswer): readonly ReconcileRow[] {
  return rows.length <= mostRows ? rows : rows.filter((row) => !row.within_tolerance)
}

const formats: Readonly<Record<string, string>> = {
  openrouter_generations: "OpenRouter's activity",
  openrouter_days: "OpenRouter's daily activity",
}

/** `OpenRouter's activity, 1,204 rows, against the ledger at openrouter: 2026-11-01 – 2026-11-30 (UTC)` */
function headText({ invoice, ledger, period }: ReconcileAnswer): string {
  const name = formats[invoice.format] ?? 'The invoice'
  const at = ledger.backends.length === 0 ? '' : ` at ${ledger.backends.join(', ')}`
  const days = period.since === period.until ? period.since : `${period.since} – ${period.until}`
  const rows = invoice.rows === 1 ? '1 row' : `${countText(invoice.rows)} rows`
  return `${name}, ${rows}, against the ledger${at}: ${days} (${period.time_zone})`
}

function verdict({ rows, tolerance_percent: tolerance, within_tolerance: agrees }: ReconcileAnswer): string {
  const whole = rows.length === 1 ? 'the one day and model' : `all ${countText(rows.length)} days and models`
  if (agrees) return `${whole} agree${rows.length === 1 ? 's' : ''} within ${tolerance}%`
  const off = rows.filter((row) => !row.within_tolerance).length
  return `${countText(off)} of ${countText(rows.length)} days and models ${off === 1 ? 'is' : 'are'} off by more than ${tolerance}%`
}

function talk(
  { invoice, ledger, rows, total }: ReconcileAnswer,
  shown: number,
  hidden: readonly string[],
): string[] {
  const attempts = (count: number) => (count === 1 ? '1 attempt' : `${countText(count)} attempts`)
  const { estimated_attempts: estimated, unpriced_attempts: unpriced } = total.ledger
  const left = rows.length - shown
  return [
    ...invoice.notes,
    ...(ledger.plan_attempts > 0
      ? [`${attempts(ledger.plan_attempts)} through a plan left out: a plan bills no tokens`]
      : []),
    ...(estimated > 0
      ? [`~ ${attempts(estimated)} counted by us: their provider reported no usage, or not all`]
      : []),
    ...(unpriced > 0
      ? [
          `${attempts(unpriced)} without a known price; add it under usage_tracking.prices in the configuration`,
        ]
      : []),
    ...(left > 0 ? [`${countText(left)} days and models that agree are not shown; --json has them`] : []),
    ...(hidden.length > 0 ? [`hidden: ${hidden.join(', ')} (widen the terminal, or use --json)`] : []),
  ]
}
