import type { ExchangeRow } from '../../../capture/inspect/exchange-row.ts'
import { exchangeColumns } from './exchange-columns.ts'
import { jsonRow } from './json-rows.ts'
import { fittedColumns, lineLayout } from './line-columns.ts'
import type { Page } from './page.ts'
import { issuesOf, type Look, type Section } from './section.ts'

/** The last so many exchanges, one a line; when it follows, also each that ends from then on. */
export function exchangesSection(page: Page, look: Look, most: number): Section {
  const { capture } = look
  const latest = new capture.Latest<ExchangeRow>(most)
  const layout = lineLayout(exchangeColumns, page.width)
  let isLive = false
  let count = 0
  const printLatest = () => {
    const rows = latest.take()
    if (page.isJson) for (const row of rows) page.data('exchange', jsonRow(row))
    else if (rows.length > 0 || !look.follows) printTable(page, rows, count)
  }
  return {
    exchange(x) {
      count++
      const row = capture.exchangeRow(x, worstFirst(issuesOf(x, look)))
      if (!isLive) latest.add(row)
      else if (page.isJson) page.data('exchange', jsonRow(row))
      else page.line(layout.line(row), toneOf(row))
    },
    caughtUp() {
      isLive = true
      if (page.isJson) return printLatest()
      page.heading('Exchanges as they end')
      page.line(layout.head, 'dim')
      for (const row of latest.take()) page.line(layout.line(row), toneOf(row))
    },
    end() {
      if (!isLive) printLatest()
    },
  }
}

function printTable(page: Page, rows: readonly ExchangeRow[], of: number): void {
  page.heading(rows.length < of ? `The last ${rows.length} of ${of} exchanges` : 'Exchanges')
  if (rows.length === 0) return page.line('none')
  const { head, line, hidden } = lineLayout(fittedColumns(exchangeColumns, rows), page.width)
  page.line(head, 'dim')
  for (const row of rows) page.line(line(row), toneOf(row))
  if (hidden.length > 0) page.line(`hidden: ${hidden.join(', ')} (widen the terminal, or use --json)`, 'dim')
}

function toneOf({ issues, outcome }: ExchangeRow) {
  const [worst] = issues
  if (outcome === 'error' || worst?.severity === 'error') return 'error'
  return worst?.severity === 'warn' ? 'warn' : 'plain'
}

const weights = { error: 3, warn: 2, note: 1, info: 0 } as const

function worstFirst(issues: ReturnType<typeof issuesOf>) {
  return [...issues].sort((a, b) => weights[b.severity] - weights[a.severity])
}
