import { tokensText, usdText } from '../numbers.ts'
import { fitTable } from '../table.ts'
import { wrapped } from '../wrapped.ts'
import { barChart } from './chart.ts'
import { footnotes, periodText, reportColumns, reportRows } from './stats-report.ts'
import type { StatsAnswer } from './stats-shape.ts'

export interface PrintSettings {
  /** Columns of the terminal; Infinity in a pipe. */
  width: number
  chart: 'cost' | 'tokens' | null
  nowMs: number
}

/** A report's lines: the answer, and what is said beside it. */
export function printStats(
  answer: StatsAnswer,
  groupBy: readonly string[],
  settings: PrintSettings,
): { answer: string[]; talk: string[] } {
  const { answer: lines, talk } = report(answer, groupBy, settings)
  return { answer: lines, talk: talk.flatMap((line) => wrapped(line, settings.width)) }
}

function report(
  answer: StatsAnswer,
  groupBy: readonly string[],
  { width, chart, nowMs }: PrintSettings,
): { answer: string[]; talk: string[] } {
  const period = periodText(answer, nowMs)
  if (answer.request_count === 0) {
    return { answer: [], talk: [`no requests: ${period}`, ...footnotes(answer)] }
  }
  const rows = reportRows(answer, groupBy)
  if (chart !== null) {
    const bars = rows.slice(0, -1)
    const lines =
      chart === 'cost'
        ? barChart(bars, ({ numbers }) => numbers.total_cost, usdText, width)
        : barChart(
            bars,
            ({ numbers }) => numbers.billed_prompt_tokens + numbers.billed_completion_tokens,
            tokensText,
            width,
          )
    return { answer: [period, '', ...lines], talk: footnotes(answer) }
  }
  const { text, hidden } = fitTable(rows, reportColumns(groupBy, answer.list_cost > 0), width)
  const lines = text.split('\n')
  // The total stands below a rule, where there is something above it.
  if (rows.length > 1) lines.splice(-1, 0, '─'.repeat(Math.max(...lines.map((line) => line.length))))
  const talk = footnotes(answer)
  if (hidden.length > 0) talk.push(`hidden: ${hidden.join(', ')} (widen the terminal, or use --json)`)
  return { answer: [period, '', ...lines], talk }
}
