import { stringify } from 'csv-stringify/sync'
import { fieldNames } from '../record/fields.ts'
import type { UsageRecord } from '../record/record.ts'

export function csvHead(): string {
  return stringify([[...fieldNames]])
}

/** Rows of records that are given as JSON text. */
export function csvRows(lines: readonly string[]): string {
  return stringify(
    lines.map((line) => {
      const record = JSON.parse(line) as UsageRecord
      return fieldNames.map((name) => cell(record[name]))
    }),
  )
}

/** A spreadsheet takes text that begins so for a formula (OWASP, CSV injection). */
const formula = /^[=+\-@\t\r]/

function cell(value: UsageRecord[keyof UsageRecord]): string {
  if (value === null) return ''
  if (typeof value === 'string') return formula.test(value) ? `'${value}` : value
  return typeof value === 'object' ? JSON.stringify(value) : String(value)
}
