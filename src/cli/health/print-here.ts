import type { ApiClient } from '../api-client.ts'
import { outputWidth } from '../table.ts'
import { printHealth } from './print-health.ts'
import type { HealthReport } from './report.ts'

/** A report's lines for this process' own output. */
export async function printHere(
  report: HealthReport,
  url: string,
): Promise<{ answer: string[]; talk: string[] }> {
  const { default: chalk } = await import('chalk')
  const width = outputWidth(process.stdout)
  return printHealth(report, { url, width, chalk, nowMs: Date.now() })
}

/** Shows the health on this process' own output until something ends it. */
export async function watchHere(client: ApiClient, everyMs: number, json: boolean): Promise<void> {
  const { default: chalk } = await import('chalk')
  const { watchHealth } = await import('./watch-health.ts')
  const { stdout: out, env } = process
  await watchHealth({ client, everyMs, json, chalk, out, env })
}
