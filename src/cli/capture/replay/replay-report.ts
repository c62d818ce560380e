import type { ChalkInstance } from 'chalk'
import type { ReplayedExchange } from '../../../capture/replay/outcome.ts'
import type { LivePlanReport, PlanReport } from '../../../capture/replay/report/plan-report.ts'
import type { ReplaySummaryReport } from '../../../capture/replay/report/replay-summary.ts'
import { printableJson } from '../../../core/printable.ts'
import { outputWidth } from '../../table.ts'
import { fileOutput, type Output, streamOutput } from '../inspect/output.ts'
import { livePlanLines, planLines } from './plan-lines.ts'
import type { ReplayParts } from './replay-parts.ts'
import { type ReplayProgress, replayProgress } from './replay-progress.ts'
import { replayedLines } from './replayed-lines.ts'
import { type SummaryFacts, summaryLines } from './summary-lines.ts'

/** Where the answer of the command goes: lines for people or for programs, to standard output or a file. */
export class ReplayReport {
  readonly #parts: ReplayParts
  readonly #chalk: ChalkInstance
  readonly #output: Output
  readonly #progress: ReplayProgress
  readonly #width: number
  #done = 0

  constructor(parts: ReplayParts, chalk: { output: ChalkInstance; plain: ChalkInstance }, all: number) {
    const { flags, out, err } = parts
    const isFile = flags.output !== undefined
    this.#parts = parts
    this.#progress = replayProgress(err, all)
    this.#output =
      flags.output === undefined ? streamOutput(out, () => this.#progress.clear()) : fileOutput(flags.output)
    this.#chalk = isFile ? chalk.plain : chalk.output
    this.#width = isFile ? Number.POSITIVE_INFINITY : outputWidth(out)
  }

  plan(plan: PlanReport | LivePlanReport): void {
    this.#write(plan, () => linesOfPlan(plan, this.#width))
  }

  exchange(replayed: ReplayedExchange): void {
    const report = this.#parts.replay.replayedReport(replayed)
    this.#write(report, () => replayedLines(report, this.#width, this.#chalk))
    this.#progress.on(++this.#done)
  }

  summary(report: ReplaySummaryReport, facts: SummaryFacts): void {
    this.#progress.clear()
    this.#write(report, () => summaryLines(report, facts))
  }

  /** Everything is out, and the file closed. */
  async close(): Promise<void> {
    this.#progress.clear()
    this.#output.flush()
    await this.#output.full()
    this.#output.close()
  }

  /** The first is shown at once: who waits must see that something goes on. */
  #write(row: object, lines: () => string[]): void {
    const texts = this.#parts.flags.json ? [printableJson(row)] : lines()
    for (const text of texts) this.#output.write(`${text}\n`)
    this.#output.flush()
  }
}

export function linesOfPlan(plan: PlanReport | LivePlanReport, width: number): string[] {
  return plan.mode === 'live' ? livePlanLines(plan, width) : planLines(plan)
}
