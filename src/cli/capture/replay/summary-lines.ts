import type { ReplaySummaryReport } from '../../../capture/replay/report/replay-summary.ts'
import type { RunTiming } from '../../../capture/replay/report/timing-verdict.ts'
import { printable } from '../../../core/printable.ts'
import { countText, durationText, usdText } from '../../numbers.ts'
import { shellArgument } from '../inspect/shown.ts'

export interface SummaryFacts {
  /** The capture that was replayed, as it is named. */
  file: string
  /** How many there were to replay. */
  all: number
}

/** What came of a replay, for people. */
export function summaryLines(report: ReplaySummaryReport, { file, all }: SummaryFacts): string[] {
  const { interrupted, stopped, pacing, saved } = report
  return [
    countsLine(report),
    ...(pacing ? [`pacing error p50 ${exactMs(pacing.p50_ms)}, p95 ${exactMs(pacing.p95_ms)}`] : []),
    ...timingLines(report),
    ...costLine(report),
    ...(stopped === null ? [] : [`stopped: ${printable(stopped)}`]),
    ...(interrupted ? [`interrupted: ${countText(done(report))} of ${countText(all)} were looked at`] : []),
    ...(saved === null
      ? []
      : [
          `recorded in ${printable(saved)}; compare: llmproxy capture diff${shellArgument(file)}${shellArgument(saved)}`,
        ]),
  ]
}

function done({ same, different, unproven, failed, skipped }: ReplaySummaryReport): number {
  return same + different + unproven + failed + skipped
}

function countsLine(report: ReplaySummaryReport): string {
  const { level, same, different, unproven, failed, skipped } = report
  const counts: [count: number, words: string][] = [
    [different, 'different'],
    [unproven, 'not proven'],
    [failed, 'failed'],
    [skipped, 'not sent'],
  ]
  const others = counts.filter(([count]) => count > 0).map(([count, words]) => `${countText(count)} ${words}`)
  return [`${countText(same)} the same (${level})`, ...others].join(', ')
}

function timingLines({ timing }: ReplaySummaryReport): string[] {
  const { before, after, tolerance, verdict } = timing
  if (verdict === null) return []
  const kinds: [words: string, name: string][] = [
    ['first content', 'ttft'],
    ['whole', 'total'],
    ['gaps', 'gap'],
  ]
  const shown = kinds.flatMap(([words, name]) => {
    const at = (share: string) => `${name}_${share}_ms` as keyof RunTiming
    if (before[at('p50')] === null || after[at('p50')] === null) return []
    const both = (share: string) =>
      `${share} ${durationText(before[at(share)])} → ${durationText(after[at(share)])}`
    return [`  ${words.padEnd(13)}  ${both('p50').padEnd(24)}  ${both('p95')}`]
  })
  return [`timing recorded → now: ${verdict} ${tolerance} times`, ...shown]
}

function costLine({ mode, cost_usd: cost, cost_estimated: isEstimated }: ReplaySummaryReport): string[] {
  if (mode !== 'live') return []
  if (cost === null) return ['spent: not known, a model has no price']
  return [`spent: ${isEstimated ? 'at most ' : ''}${usdText(cost)}`]
}

function exactMs(value: number): string {
  return value < 10 ? `${value.toFixed(2)} ms` : durationText(value)
}
