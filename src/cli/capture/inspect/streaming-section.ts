import type { StreamRow } from '../../../capture/inspect/streaming.ts'
import { printable } from '../../../core/printable.ts'
import { countText, durationText } from '../../numbers.ts'
import { jsonRow } from './json-rows.ts'
import { type LineColumn, lineLayout } from './line-columns.ts'
import type { Page } from './page.ts'
import type { Look, Section } from './section.ts'
import { bytesText, nameText } from './shown.ts'

const columns: readonly LineColumn<StreamRow>[] = [
  { title: '#', width: 5, align: 'right', value: ({ number }) => String(number) },
  { title: 'EXCHANGE', width: 12, value: ({ exchange }) => printable(exchange).slice(0, 12) },
  { title: 'BACKEND', width: 12, value: ({ backend }) => nameText(backend, 24), dropOrder: 2 },
  { title: 'HEAD', width: 8, align: 'right', value: ({ headMs }) => durationText(headMs), dropOrder: 5 },
  { title: 'TTFT', width: 8, align: 'right', value: ({ firstContentMs }) => durationText(firstContentMs) },
  { title: 'TOOK', width: 8, align: 'right', value: ({ endMs }) => durationText(endMs) },
  { title: 'CHUNKS', width: 7, align: 'right', value: ({ chunks }) => countText(chunks) },
  { title: 'SIZE', width: 9, align: 'right', value: ({ bytes }) => bytesText(bytes), dropOrder: 3 },
  {
    title: 'MEAN GAP',
    width: 8,
    align: 'right',
    value: ({ meanGapMs }) => durationText(meanGapMs),
    dropOrder: 4,
  },
  { title: 'LONGEST', width: 8, align: 'right', value: ({ longestGapMs }) => durationText(longestGapMs) },
  { title: 'END', width: 16, value: ({ end }) => nameText(end, 16), isLast: true, dropOrder: 1 },
]

/** How each streamed answer came, as they end. */
export function streamingSection(page: Page, { capture }: Look): Section {
  const layout = lineLayout(columns, page.width)
  let count = 0
  return {
    exchange(x) {
      for (const row of capture.streamRows(x)) {
        count++
        if (page.isJson) page.data('stream', jsonRow(row))
        else printRow(page, layout.head, layout.line(row), row, count === 1)
      }
    },
    end() {
      if (page.isJson || count > 0) return
      page.heading('Streams')
      page.line('none')
    },
  }
}

function printRow(
  page: Page,
  head: string,
  line: string,
  { slow, slowCount }: StreamRow,
  isFirst: boolean,
): void {
  if (isFirst) {
    page.heading('Streams')
    page.line(head, 'dim')
  }
  page.line(line, slowCount > 0 ? 'warn' : 'plain')
  for (const { entry, chunk, gapMs } of slow) {
    page.line(`       ${durationText(gapMs)} before chunk ${chunk}, entry ${entry}`, 'warn')
  }
  if (slowCount > slow.length) page.line(`       and ${slowCount - slow.length} more`, 'dim')
}
