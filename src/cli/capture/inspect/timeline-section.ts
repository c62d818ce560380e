import { frameColumns, slowGapMs } from './frame-columns.ts'
import { jsonRow } from './json-rows.ts'
import { lineLayout } from './line-columns.ts'
import type { Page } from './page.ts'
import type { Section } from './section.ts'

/** Every frame of an exchange, a line each, as they come. */
export function timelineSection(page: Page): Section {
  const layout = lineLayout(frameColumns, page.width)
  let count = 0
  return {
    frame(row) {
      if (row.exchange === null) return
      count++
      const { data: _, headers: __, ...line } = row
      if (page.isJson) return page.data('frame', jsonRow(line))
      if (count === 1) {
        page.heading('Timeline')
        page.line(layout.head, 'dim')
      }
      page.line(layout.line(row), (row.gapMs ?? 0) > slowGapMs ? 'warn' : 'plain')
    },
    end() {
      if (page.isJson || count > 0) return
      page.heading('Timeline')
      page.line('nothing')
    },
  }
}
