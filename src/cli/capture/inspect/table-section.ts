import { type Column, fitTable } from '../../table.ts'
import { jsonRow } from './json-rows.ts'
import type { Page } from './page.ts'

/** A table under its heading, or its rows as JSON. */
export function printTable<Row extends object>(
  page: Page,
  heading: string,
  kind: string,
  rows: readonly Row[],
  columns: readonly Column<Row>[],
): void {
  if (page.isJson) {
    for (const row of rows) page.data(kind, jsonRow(row))
    return
  }
  page.heading(heading)
  if (rows.length === 0) return page.line('none')
  const { text, hidden } = fitTable(rows, columns, page.width)
  for (const [index, line] of text.split('\n').entries()) page.line(line, index === 0 ? 'dim' : 'plain')
  if (hidden.length > 0) page.line(`hidden: ${hidden.join(', ')} (widen the terminal, or use --json)`, 'dim')
}
