import type { PassedOn } from '../../../capture/diff/legs.ts'
import type { DifferenceReport } from '../../../capture/diff/report.ts'
import type { TimelineRow } from '../../../capture/show/timeline.ts'
import { printable } from '../../../core/printable.ts'
import { countText, durationText, unknownMark } from '../../numbers.ts'
import { renderTable } from '../../table.ts'
import { differenceLines } from '../diff/pair-lines.ts'
import { bytesText } from '../inspect/shown.ts'

/** What a capture adds to the record of an exchange. */
export interface ShownCapture {
  timeline: readonly TimelineRow[]
  passages: readonly ShownPassage[]
}

export interface ShownPassage extends Omit<PassedOn, 'differences'> {
  differences: readonly Omit<DifferenceReport, 'leg'>[]
}

const mostShown = 20

/** When it passed the proxy, and what the proxy changed of it. */
export function captureLines({ timeline, passages }: ShownCapture, width: number): string[] {
  return [
    '',
    'On the wire',
    ...renderTable(timeline, columns, width - 2)
      .split('\n')
      .map((line) => `  ${line}`),
    ...passages.flatMap((passage) => ['', ...passageLines(passage, width)]),
  ]
}

const columns = [
  { title: '', value: ({ what }: TimelineRow) => what },
  { title: 'READ', value: ({ readMs }: TimelineRow) => timeText(readMs), align: 'right' as const },
  {
    title: 'WRITTEN ON',
    value: ({ writtenMs }: TimelineRow) => timeText(writtenMs),
    align: 'right' as const,
  },
  { title: 'BETWEEN', value: betweenText, align: 'right' as const, dropOrder: 2 },
  { title: '', value: ({ note }: TimelineRow) => printable(note ?? '', 60), dropOrder: 1 },
]

function betweenText({ readMs, writtenMs }: TimelineRow): string {
  return readMs === null || writtenMs === null ? unknownMark : timeText(writtenMs - readMs)
}

/** Below ten milliseconds with their tenths and hundredths: that is what a proxy takes. */
function timeText(ms: number | null): string {
  return ms !== null && ms < 9.995 ? `${ms.toFixed(2)} ms` : durationText(ms)
}

const passageWords = {
  verbatim: 'byte for byte',
  edited: 'edited',
  translated: 'translated',
} as const

function passageLines(passage: ShownPassage, width: number): string[] {
  const { from, to, attempt, backend, differences, missing, bytesBefore, bytesAfter } = passage
  const place = from === 'CTP' ? `attempt ${attempt} at ${backend ?? unknownMark}` : `of attempt ${attempt}`
  const sizes =
    bytesBefore === bytesAfter
      ? bytesText(bytesBefore)
      : `${bytesText(bytesBefore)} became ${bytesText(bytesAfter)}`
  const shown = differences.slice(0, mostShown)
  const more = differences.length - shown.length
  return [
    printable(`${from} → ${to}, ${place}: ${passageWords[passage.passage]}, ${sizes}`, 300),
    ...shown.flatMap((difference) => differenceLines('', difference, width)),
    ...(more > 0 ? [`    and ${countText(more)} more; --json has them all`] : []),
    ...(missing > 0 ? [`    ${countText(missing)} bytes are not in the capture, so this may be wrong`] : []),
  ]
}
