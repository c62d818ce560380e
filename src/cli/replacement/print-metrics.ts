import type { ChalkInstance } from 'chalk'
import { wrapped } from '../wrapped.ts'
import { counterBlocks } from './counter-blocks.ts'
import { effectiveness } from './effectiveness.ts'
import { headline, isCounted } from './headline.ts'
import type { MetricsReport } from './metrics-report.ts'
import type { Period } from './period.ts'
import { ruleTables } from './rule-tables.ts'

export interface PrintSettings {
  period: Pick<Period, 'text' | 'timeZone'>
  /** Columns of the terminal; Infinity in a pipe. */
  width: number
  chalk: ChalkInstance
}

/** A report's lines: the answer, and what is said beside it. */
export function printMetrics(
  report: MetricsReport,
  { period, width, chalk }: PrintSettings,
): { answer: string[]; talk: string[] } {
  const paper = { width, chalk }
  const counted = isCounted(report) ? [counterBlocks(report, paper), ...ruleTables(report, paper)] : []
  const parts = [
    headline(report, { timeZone: period.timeZone, ...paper }),
    ...counted,
    ...effectiveness(report, { period: period.text, ...paper }),
  ]
  return {
    answer: parts
      .filter((lines) => lines.length > 0)
      .flatMap((lines, index) => (index > 0 ? ['', ...lines] : lines)),
    talk: report.isEnabled === false ? wrapped(howToTurnOn, width) : [],
  }
}

const howToTurnOn = 'to turn it on: replacement in the configuration; or see llmproxy serve --help'
