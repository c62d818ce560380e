import { usdOf } from '../../core/cost.ts'
import { type FieldKind, fieldKinds } from '../record/fields.ts'
import { type CountedRecord, countedFields } from '../statistics/counted-record.ts'

/** What statistics take of a row. */
export interface CountedRow {
  record: CountedRecord
  atMs: number
}

/** The columns of a `CountedRow`: the time and what statistics look at. Whole records take four times as long to be read. */
export const countedColumns = ['timestamp', ...countedFields] as const

/** Of cells in the order of `countedColumns`; `read` makes of one what a record has, but for money. */
export function countedRow(
  cells: readonly unknown[],
  read: (kind: FieldKind, cell: NonNullable<unknown>) => unknown,
): CountedRow {
  const record: Record<string, unknown> = {}
  for (let index = 1; index < countedColumns.length; index++) {
    const name = countedColumns[index] as (typeof countedFields)[number]
    const cell = cells[index] ?? null
    const kind = fieldKinds[name]
    if (cell === null) record[name] = null
    else record[name] = kind === 'usd' ? usdOf(Number(cell)) : read(kind, cell)
  }
  return { record: record as unknown as CountedRecord, atMs: Number(cells[0]) }
}
