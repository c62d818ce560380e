import { Chalk } from 'chalk'
import { readMetrics } from '../../../src/cli/replacement/metrics-report.ts'
import { printMetrics } from '../../../src/cli/replacement/print-metrics.ts'

export const pipe = Number.POSITIVE_INFINITY

/** An answer as people see it, without colour, in UTC. */
export function printed(answer: unknown, width: number, text = 'all that is in the ledger') {
  const { answer: lines, talk } = printMetrics(readMetrics(answer)!, {
    ...{ period: { text, timeZone: 'UTC' }, width, chalk: new Chalk({ level: 0 }) },
  })
  return { text: lines.join('\n'), talk }
}
