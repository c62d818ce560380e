import type { TrackRow } from '../../../capture/inspect/track.ts'
import { printable } from '../../../core/printable.ts'
import { durationText } from '../../numbers.ts'
import { legText, slowGapMs } from './frame-columns.ts'
import { jsonRow } from './json-rows.ts'
import { type LineColumn, lineLayout } from './line-columns.ts'
import type { Page } from './page.ts'
import type { Look, Section } from './section.ts'
import { bytesText } from './shown.ts'

const columns: readonly LineColumn<TrackRow>[] = [
  { title: 'AT', width: 9, align: 'right', value: ({ atMs }) => `+${durationText(atMs)}` },
  { title: 'GAP', width: 9, align: 'right', value: ({ gapMs }) => durationText(gapMs), dropOrder: 1 },
  { title: 'LEG', width: 5, value: legText },
  { title: 'ENTRY', width: 7, align: 'right', value: ({ entry }) => (entry === null ? '' : `[${entry}]`) },
  { title: 'SIZE', width: 9, align: 'right', value: ({ bytes }) => (bytes === null ? '' : bytesText(bytes)) },
  {
    title: 'WHAT',
    width: 16,
    value: ({ what, gapMs }) => `${gapMs > slowGapMs ? 'SLOW ' : ''}${printable(what)}`,
    isLast: true,
  },
]

/** All that passed in the N-th exchange that is meant. */
export function trackSection(page: Page, { capture }: Look, wanted: number): Section {
  let count = 0
  let isFound = false
  return {
    exchange(x) {
      count++
      if (count !== wanted) return
      isFound = true
      const rows = capture.trackRows(x)
      if (page.isJson) {
        for (const row of rows) page.data('track', jsonRow({ exchange: x.view.id, ...row }))
        return
      }
      const layout = lineLayout(columns, page.width)
      page.heading(printable(`Exchange ${wanted}: ${x.view.id}`))
      page.line(layout.head, 'dim')
      for (const row of rows) page.line(layout.line(row), row.gapMs > slowGapMs ? 'warn' : 'plain')
    },
    isDone: () => isFound,
    end() {
      if (isFound || page.isJson) return
      page.heading(`Exchange ${wanted}`)
      page.line(`none: there ${count === 1 ? 'is 1 exchange' : `are ${count} exchanges`}`)
    },
  }
}
