import { nanoUsdOf } from '../../../core/cost.ts'
import { type FieldKind, fieldKinds, fieldNames } from '../../record/fields.ts'
import type { UsageRecord } from '../../record/record.ts'

export type Cell = string | number | null

const types: Readonly<Record<FieldKind, string>> = {
  text: 'TEXT',
  integer: 'INTEGER',
  real: 'REAL',
  boolean: 'INTEGER',
  json: 'TEXT',
  usd: 'INTEGER',
  time: 'INTEGER',
}

export const columnDefinitions = fieldNames
  .map((name) => `${name} ${types[fieldKinds[name]]}${name === 'id' ? ' NOT NULL UNIQUE' : ''}`)
  .join(', ')

/** What stands in a field's column. */
export function cellOf(kind: FieldKind, value: UsageRecord[keyof UsageRecord]): Cell {
  if (value === null) return null
  if (kind === 'json') return JSON.stringify(value)
  if (kind === 'boolean') return value === true ? 1 : 0
  if (kind === 'time') return Date.parse(String(value))
  if (kind === 'usd') return nanoUsdOf(Number(value))
  return value as Cell
}

/** The JSON text of a record, made by SQLite: four times as fast as through objects. */
export const recordJson = `json_object(${fieldNames
  .map((name) => `'${name}', ${jsonOf(name, fieldKinds[name])}`)
  .join(', ')})`

function jsonOf(name: string, kind: FieldKind): string {
  switch (kind) {
    case 'boolean':
      return `json(CASE ${name} WHEN 1 THEN 'true' ELSE 'false' END)`
    case 'json':
      return `json(${name})`
    case 'usd':
      return `${name} / 1e9`
    case 'time':
      return `strftime('%Y-%m-%dT%H:%M:%S', ${name} / 1000, 'unixepoch') || printf('.%03dZ', ${name} % 1000)`
    default:
      return name
  }
}
