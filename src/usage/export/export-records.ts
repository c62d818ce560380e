import type { UsageFilter } from '../query/filter.ts'
import { shownFilter } from '../query/shown-filter.ts'
import type { UsageStore } from '../stores/store.ts'
import { csvHead } from './csv-rows.ts'
import type { ExportFormat, Piece } from './piece.ts'

export interface UsageExport {
  contentType: string
  fileName: string
  /** Oldest first; never more than some megabytes of it in memory. */
  pieces: AsyncIterable<Uint8Array>
}

const types: Readonly<Record<ExportFormat, string>> = {
  json: 'application/json',
  jsonl: 'application/x-ndjson',
  csv: 'text/csv; charset=utf-8',
}

export function exportRecords(
  store: Pick<UsageStore, 'pieces'>,
  filter: UsageFilter,
  format: ExportFormat,
  nowMs: number,
): UsageExport {
  const pieces = store.pieces({ filter, format })
  return {
    contentType: types[format],
    fileName: `usage.${format}`,
    pieces:
      format === 'json'
        ? inAnArray(pieces, filter, nowMs)
        : behind(format === 'csv' ? csvHead() : '', pieces),
  }
}

async function* behind(head: string, pieces: AsyncIterable<Piece>): AsyncGenerator<Uint8Array> {
  if (head !== '') yield Buffer.from(head)
  for await (const { bytes } of pieces) yield bytes
}

async function* inAnArray(
  pieces: AsyncIterable<Piece>,
  filter: UsageFilter,
  nowMs: number,
): AsyncGenerator<Uint8Array> {
  const head = { version: 1, exported_at: new Date(nowMs).toISOString(), filters: shownFilter(filter) }
  yield Buffer.from(`${JSON.stringify(head).slice(0, -1)},"records":[`)
  let count = 0
  for await (const { bytes, records } of pieces) {
    // No comma stands before the first.
    yield count === 0 ? bytes.subarray(1) : bytes
    count += records
  }
  yield Buffer.from(`\n],"record_count":${count}}\n`)
}
