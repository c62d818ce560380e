import { type FieldKind, fieldKinds } from '../../record/fields.ts'
import type { UsageRecord } from '../../record/record.ts'
import { type CountedRecord, countedFields } from '../../statistics/counted-record.ts'
import type { Cell } from './columns.ts'

/** The columns that `countedRecord` reads, in its order. */
export const countedColumns = ['timestamp', ...countedFields].join(', ')

/** So many cells stand before those that a query adds. */
export const countedWidth = countedFields.length + 1

export interface CountedRow {
  record: CountedRecord
  atMs: number
}

/** The record of a row of `countedColumns`: whole records take four times as long to be read. */
export function countedRecord(row: readonly Cell[]): CountedRow {
  const record: Record<string, unknown> = {}
  for (let index = 1; index < countedWidth; index++) {
    const name = countedFields[index - 1]
    if (name !== undefined) record[name] = cellValue(fieldKinds[name], row[index] ?? null)
  }
  return { record: record as unknown as CountedRecord, atMs: Number(row[0]) }
}

function cellValue(kind: FieldKind, cell: Cell): unknown {
  if (cell === null) return null
  if (kind === 'json') return fromJson(String(cell))
  if (kind === 'usd') return Number(cell) / 1e9
  return kind === 'boolean' ? cell === 1 : cell
}

const noList: readonly never[] = []
const noTags: UsageRecord['tags'] = {}

function fromJson(text: string): unknown {
  if (text === '[]') return noList
  return text === '{}' ? noTags : JSON.parse(text)
}
