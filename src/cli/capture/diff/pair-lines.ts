import type {
  DifferenceReport,
  ExchangeReport,
  LoneReport,
  PairReport,
} from '../../../capture/diff/report.ts'
import { printable } from '../../../core/printable.ts'
import { countText, unknownMark } from '../../numbers.ts'
import { columnsOf, cutToColumns } from '../../text-width.ts'

const shownDifferences = 8
const legNames = { CTP: 'request', PTC: 'answer' } as const
const indent = '    '
/** Beyond it two lines are easier to compare, however wide the terminal. */
const longestLine = 120

/** A pair that is not the same, or what has none, for people. Width: of the terminal; null: of no end. */
export function pairLines(report: PairReport | LoneReport, width: number): string[] {
  if (report.type === 'only') {
    const side = report.side === 'before' ? '< only in the first ' : '> only in the second'
    return [cutToColumns(`${side}  ${nameOf(report.exchange)}`, width)]
  }
  const names = namesOf(report)
  if (report.type === 'apart')
    return [cutToColumns(`? not compared, too far apart in their files  ${names}`, width)]
  if (report.verdict === 'same') return []
  if (report.verdict === 'unproven') {
    return [
      cutToColumns(
        `? nothing differs, but ${countText(report.missing_bytes)} bytes are missing  ${names}`,
        width,
      ),
    ]
  }
  const shown = report.differences.slice(0, shownDifferences)
  const more = report.differences.length - shown.length
  return [
    cutToColumns(`≠ ${names}`, width),
    ...shown.flatMap((difference) => differenceLines(legNames[difference.leg], difference, width)),
    ...(more > 0 ? [`${indent}and ${countText(more)} more; --json has them all`] : []),
    ...(report.missing_bytes > 0
      ? [`${indent}${countText(report.missing_bytes)} bytes are not in the captures`]
      : []),
  ]
}

/** One difference: a short one in a line, a text's as lines that went and came. */
export function differenceLines(
  place: string,
  { path, before, after, text_diff: lines }: Omit<DifferenceReport, 'leg'>,
  width: number,
): string[] {
  const named = place === '' ? '' : `${place.padEnd(8)} `
  const head = `${indent}${named}${printable(path === '' ? 'all of it' : path, 100)}`
  if (!lines) {
    const line = `${head}  ${valueText(before)} → ${valueText(after)}`
    if (columnsOf(line) <= Math.min(width, longestLine)) return [line]
    return [
      head,
      ...[`- ${valueText(before)}`, `+ ${valueText(after)}`].map((side) =>
        cutToColumns(indent + indent + side, width),
      ),
    ]
  }
  return [
    head,
    ...lines.map(({ sign, text }) => cutToColumns(`${indent}${indent}${sign} ${printable(text)}`, width)),
  ]
}

function namesOf({ before, after }: { before: ExchangeReport; after: ExchangeReport }): string {
  return before.exchange === after.exchange
    ? nameOf(after)
    : `${printable(before.exchange, 40)} / ${nameOf(after)}`
}

function nameOf({ exchange, session, turn, model }: ExchangeReport): string {
  const place = session === null ? null : `turn ${turn ?? unknownMark} of ${session}`
  return printable([exchange, place, model].filter(Boolean).join('  '), 200)
}

function valueText(value: unknown): string {
  return value === undefined ? 'not there' : printable(JSON.stringify(value), 200)
}
