import { type CountedRow, countedColumns, countedRow } from '../counted-row.ts'

/** What statistics look at, as one text: of all columns apart the driver makes each by itself, which takes longer. */
export const countedLine = `json_build_array(${countedColumns.map((name) => `"${name}"`).join(', ')})::text`

/** The record of a `countedLine`. */
export function countedRecord(line: string): CountedRow {
  return countedRow(JSON.parse(line) as unknown[], (_kind, cell) => cell)
}
