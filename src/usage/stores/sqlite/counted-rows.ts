import type { FieldKind } from '../../record/fields.ts'
import { type CountedRow, countedColumns, countedRow } from '../counted-row.ts'
import type { Cell } from './columns.ts'

export const countedNames = countedColumns.join(', ')

/** So many cells stand before those that a query adds. */
export const countedWidth = countedColumns.length

/** The record of a row of `countedNames`. */
export function countedRecord(row: readonly Cell[]): CountedRow {
  return countedRow(row, cellValue)
}

function cellValue(kind: FieldKind, cell: unknown): unknown {
  if (kind === 'json') return fromJson(String(cell))
  return kind === 'boolean' ? cell === 1 : cell
}

const noList: readonly never[] = []
const noTags = {}

function fromJson(text: string): unknown {
  if (text === '[]') return noList
  return text === '{}' ? noTags : JSON.parse(text)
}
