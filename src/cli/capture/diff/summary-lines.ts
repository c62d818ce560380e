import type { SummaryReport, TimingReport } from '../../../capture/diff/report.ts'
import { countText, durationText } from '../../numbers.ts'

/** How many were the same, and how fast both were. */
export function summaryLines(report: SummaryReport): string[] {
  const { level, same, different, unproven, only_before, only_after, apart, timing } = report
  const counts: [count: number, words: string][] = [
    [different, 'different'],
    [unproven, 'not proven'],
    [apart, 'not compared'],
    [only_before, 'only in the first'],
    [only_after, 'only in the second'],
  ]
  const others = counts.filter(([count]) => count > 0).map(([count, words]) => `${countText(count)} ${words}`)
  const counted = [...(same > 0 || others.length === 0 ? [`${countText(same)} the same`] : []), ...others]
  return [`${counted.join(', ')} (${level})`, ...(same + different > 0 ? [timingLine(timing)] : [])]
}

function timingLine({ before, after }: SummaryReport['timing']): string {
  const both = (words: string, name: keyof TimingReport) =>
    `${words} ${durationText(before[name])} → ${durationText(after[name])}`
  return `timing (medians, not judged): ${both('first content', 'ttft_ms')}, ${both('whole', 'total_ms')}`
}
