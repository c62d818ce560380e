import type { FrameRow } from '../../../capture/inspect/frame-row.ts'
import { printable } from '../../../core/printable.ts'
import { durationText } from '../../numbers.ts'
import type { LineColumn } from './line-columns.ts'
import { bytesText, clockText, nameText } from './shown.ts'

const idShown = 12

/** Beyond this a wait is worth a word (the original's limit). */
export const slowGapMs = 10_000

/** A frame a line. */
export const frameColumns: readonly LineColumn<FrameRow>[] = [
  { title: 'ENTRY', width: 7, align: 'right', value: ({ entry }) => `[${entry}]` },
  { title: 'TIME', width: 12, value: ({ atNs }) => clockText(atNs) },
  { title: 'LEG', width: 5, value: legText },
  { title: 'GAP', width: 9, align: 'right', value: ({ gapMs }) => gapText(gapMs), dropOrder: 3 },
  { title: 'SIZE', width: 9, align: 'right', value: ({ bytes }) => (bytes === null ? '' : bytesText(bytes)) },
  { title: 'EXCHANGE', width: idShown, value: ({ exchange }) => printable(exchange ?? '').slice(0, idShown) },
  {
    title: 'BACKEND',
    width: 12,
    value: ({ backend }) => (backend ? nameText(backend, 24) : ''),
    dropOrder: 4,
  },
  {
    title: 'SESSION',
    width: 12,
    value: ({ session }) => (session ? nameText(session, 12) : ''),
    dropOrder: 5,
  },
  { title: 'WHAT', width: 16, value: whatText, isLast: true },
]

export function legText({ leg, attempt }: Pick<FrameRow, 'leg' | 'attempt'>): string {
  if (leg === null) return ''
  return attempt === null || attempt === 1 ? leg : `${leg}${attempt}`
}

function gapText(gapMs: number | null): string {
  return gapMs === null ? '' : `+${durationText(gapMs)}`
}

function whatText({ what, gapMs, missing }: FrameRow): string {
  const slow = (gapMs ?? 0) > slowGapMs ? 'SLOW ' : ''
  return `${slow}${printable(what)}${missing > 0 ? `, ${bytesText(missing)} are not in the file` : ''}`
}
