import type { ChalkInstance } from 'chalk'
import type {
  ReplayDifferenceReport,
  ReplayedReport,
} from '../../../capture/replay/report/replayed-report.ts'
import { printable } from '../../../core/printable.ts'
import { countText, durationText, unknownMark } from '../../numbers.ts'
import { differenceLines } from '../diff/pair-lines.ts'
import { type LineColumn, lineLayout } from '../inspect/line-columns.ts'
import { foldedText } from '../inspect/shown.ts'

/** Each says the verdict without colour. */
const signs: Record<ReplayedReport['verdict'], string> = {
  ...{ same: '✓', different: '≠', unproven: '?', skipped: '·', failed: '✗' },
}

const shownDifferences = 3
const indent = '    '
/** Whatever the width: what is longer is easier to read in lines. */
const longestReason = 100

/** A replayed exchange for people: one line, and below it what is not the same. */
export function replayedLines(report: ReplayedReport, width: number, chalk: ChalkInstance): string[] {
  const line = lineLayout(columns, width).line(report)
  const sign = signs[report.verdict]
  const shown = report.differences.slice(0, shownDifferences)
  const more = report.differences.length - shown.length
  return [
    painted(report.verdict, sign, chalk) + line.slice(sign.length),
    ...(report.verdict === 'failed' ? reasonLines(report.reason ?? '', width) : []),
    ...shown.flatMap((difference) => differenceLines(legName(difference), difference, width)),
    ...(more > 0 ? [`${indent}and ${countText(more)} more; --json has them all`] : []),
  ]
}

const columns: readonly LineColumn<ReplayedReport>[] = [
  { title: '', width: 1, value: ({ verdict }) => signs[verdict] },
  { title: 'EXCHANGE', width: 22, value: ({ exchange }) => printable(exchange, 60) },
  { title: 'MODEL', width: 18, value: ({ model }) => printable(model ?? unknownMark, 60) },
  {
    title: 'PROTOCOL',
    width: 18,
    value: ({ protocol }) => printable(protocol ?? unknownMark, 40),
    dropOrder: 2,
  },
  { title: 'SESSION', width: 24, value: turnText, dropOrder: 3 },
  { title: 'TOOK', width: 17, value: tookText, dropOrder: 1 },
  { title: 'VERDICT', width: 16, value: verdictText, isLast: true },
]

function turnText({ session, turn }: ReplayedReport): string {
  if (session === null) return unknownMark
  return `${turn ?? unknownMark} of ${printable(session, 24)}`
}

function tookText({ timing }: ReplayedReport): string {
  const { before, after } = timing
  if (after.total_ms === null) return ''
  return `${durationText(before.total_ms)} → ${durationText(after.total_ms)}`
}

function verdictText({ verdict, reason, differences }: ReplayedReport): string {
  switch (verdict) {
    case 'same':
    case 'failed':
      return verdict
    case 'different':
      return differences.length === 1 ? '1 difference' : `${countText(differences.length)} differences`
    case 'unproven':
      return 'nothing differs, but bytes of it are not in the capture'
    case 'skipped':
      return printable(`not sent: ${(reason ?? '').replace(/^not sent: /, '')}`)
  }
}

function reasonLines(reason: string, width: number): string[] {
  const room = Math.max(30, Math.min(width, longestReason) - indent.length)
  return foldedText(printable(reason, 600), room).map((line) => indent + line)
}

/** `answer`, or which of the proxy's own legs. */
function legName({ leg, attempt }: ReplayDifferenceReport): string {
  const words = { CTP: 'request', PTB: 'to backend', BTP: 'backend', PTC: 'answer' }[leg]
  return attempt === null || attempt === 1 ? words : `${words} (attempt ${attempt})`
}

function painted(verdict: ReplayedReport['verdict'], sign: string, chalk: ChalkInstance): string {
  switch (verdict) {
    case 'same':
      return chalk.green(sign)
    case 'different':
    case 'failed':
      return chalk.red(sign)
    case 'unproven':
      return chalk.yellow(sign)
    case 'skipped':
      return chalk.dim(sign)
  }
}
