import { fieldKinds } from '../../record/fields.ts'
import { type CountedRecord, countedFields } from '../../statistics/counted-record.ts'

/** What statistics look at, as one text: of all columns apart the driver makes each by itself, which takes longer. */
export const countedLine = `json_build_array("timestamp", ${countedFields
  .map((name) => `"${name}"`)
  .join(', ')})::text`

export interface CountedRow {
  record: CountedRecord
  atMs: number
}

const names = ['timestamp', ...countedFields] as const

/** The record of a `countedLine`. */
export function countedRecord(line: string): CountedRow {
  const cells = JSON.parse(line) as unknown[]
  const record: Record<string, unknown> = {}
  for (let index = 1; index < names.length; index++) {
    const name = names[index]
    const cell = cells[index]
    if (name !== undefined)
      record[name] = fieldKinds[name] === 'usd' && cell !== null ? Number(cell) / 1e9 : cell
  }
  return { record: record as unknown as CountedRecord, atMs: Number(cells[0]) }
}
