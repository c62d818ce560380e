import { stringify } from 'csv-stringify/sync'
import type { UsageFilter } from '../query/filter.ts'
import { shownFilter } from '../query/shown-filter.ts'
import { fieldNames } from '../record/fields.ts'
import type { UsageRecord } from '../record/record.ts'
import type { UsageStore } from '../stores/store.ts'

export interface UsageExport {
  contentType: string
  fileName: string
  /** Oldest first, in pieces; never more than a page in memory. */
  pieces: AsyncIterable<string>
}

export type ExportFormat = 'json' | 'jsonl' | 'csv'

const types: Readonly<Record<ExportFormat, string>> = {
  json: 'application/json',
  jsonl: 'application/x-ndjson',
  csv: 'text/csv; charset=utf-8',
}
const recordsPerPage = 2_000

export function exportLines(
  store: Pick<UsageStore, 'page'>,
  filter: UsageFilter,
  format: ExportFormat,
  nowMs: number,
): UsageExport {
  const pages = pagesOf(store, filter)
  return {
    contentType: types[format],
    fileName: `usage.${format}`,
    pieces:
      format === 'json' ? asJson(pages, filter, nowMs) : format === 'csv' ? asCsv(pages) : asJsonLines(pages),
  }
}

async function* pagesOf(
  store: Pick<UsageStore, 'page'>,
  filter: UsageFilter,
): AsyncGenerator<readonly string[]> {
  const asked = { filter, order: 'oldest', limit: recordsPerPage } as const
  let page = await store.page({ ...asked, after: null })
  for (;;) {
    // The next page is read while this one is written.
    const next = page.next === null ? null : store.page({ ...asked, after: page.next })
    next?.catch(() => {})
    if (page.lines.length > 0) yield page.lines
    if (next === null) return
    page = await next
  }
}

async function* asJsonLines(pages: AsyncIterable<readonly string[]>): AsyncGenerator<string> {
  for await (const lines of pages) yield `${lines.join('\n')}\n`
}

async function* asJson(
  pages: AsyncIterable<readonly string[]>,
  filter: UsageFilter,
  nowMs: number,
): AsyncGenerator<string> {
  const head = { version: 1, exported_at: new Date(nowMs).toISOString(), filters: shownFilter(filter) }
  yield `${JSON.stringify(head).slice(0, -1)},"records":[`
  let count = 0
  for await (const lines of pages) {
    yield `${count === 0 ? '' : ','}\n${lines.join(',\n')}`
    count += lines.length
  }
  yield `\n],"record_count":${count}}\n`
}

async function* asCsv(pages: AsyncIterable<readonly string[]>): AsyncGenerator<string> {
  yield stringify([[...fieldNames]])
  for await (const lines of pages) {
    const rows = lines.map((line) => {
      const record = JSON.parse(line) as UsageRecord
      return fieldNames.map((name) => cell(record[name]))
    })
    yield stringify(rows)
  }
}

/** A spreadsheet takes text that begins so for a formula (OWASP, CSV injection). */
const formula = /^[=+\-@\t\r]/

function cell(value: UsageRecord[keyof UsageRecord]): string {
  if (value === null) return ''
  if (typeof value === 'string') return formula.test(value) ? `'${value}` : value
  return typeof value === 'object' ? JSON.stringify(value) : String(value)
}
