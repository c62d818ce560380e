import { outputWidth } from '../table.ts'
import type { MetricsReport } from './metrics-report.ts'
import type { MetricsSource } from './metrics-source.ts'
import type { Period } from './period.ts'
import { printMetrics } from './print-metrics.ts'

/** A report's lines for this process' own output. */
export async function printHere(
  report: MetricsReport,
  period: Period,
): Promise<{ answer: string[]; talk: string[] }> {
  const { default: chalk } = await import('chalk')
  return printMetrics(report, { period, width: outputWidth(process.stdout), chalk })
}

export interface WatchHereSettings {
  period: Period
  everyMs: number
  /** JSON Lines: an answer or an error a line. */
  json: boolean
}

/** Shows the metrics on this process' own output until something ends it. */
export async function watchHere(source: MetricsSource, settings: WatchHereSettings): Promise<void> {
  const { period, everyMs, json } = settings
  const { default: chalk } = await import('chalk')
  const { showLive } = await import('../live/show-live.ts')
  const { stdout: out, env } = process
  await showLive({
    ...{ everyMs, json, chalk, out, env },
    ask: (signal) => source.metrics(period.query, signal),
    answerOf: ({ answer }) => answer,
    print: ({ report }, { width }) => printMetrics(report, { period, width, chalk }),
  })
}
