import { nanoUsdOf } from '../../../core/cost.ts'
import { type FieldKind, fieldKinds, fieldNames } from '../../record/fields.ts'
import type { UsageRecord } from '../../record/record.ts'

const types: Readonly<Record<FieldKind, string>> = {
  // Ids are ordered as everywhere else, by their characters, and not as a language would.
  text: 'text COLLATE "C"',
  integer: 'bigint',
  real: 'double precision',
  boolean: 'boolean',
  // Kept as it was written; `jsonb` would order it anew.
  json: 'json',
  usd: 'bigint',
  time: 'bigint',
}

const typed = (type: (kind: FieldKind) => string) =>
  fieldNames.map((name) => `"${name}" ${type(fieldKinds[name])}`).join(', ')
const names = fieldNames.map((name) => `"${name}"`).join(', ')

export const columnDefinitions = typed((kind) => types[kind])

/** `$1`: what `rowsJson` makes. In the order of ids, so that two who write the same wait and do not lock each other. */
export const insertRecords = `INSERT INTO llmproxy_records (${names})
  SELECT ${names} FROM json_to_recordset($1::json) AS added (${typed((kind) => types[kind].replace(/ COLLATE.*/, ''))})
  ORDER BY id COLLATE "C" ON CONFLICT (id) DO NOTHING RETURNING id`

/** A moment of the database's own kind. */
export const moment = `(TIMESTAMPTZ 'epoch' + "timestamp" * INTERVAL '1 millisecond')`

/** The JSON text of a record, made by the database. `json_build_object` takes fewer arguments than there are fields. */
export const recordJson = `(SELECT row_to_json(line) FROM (SELECT ${fieldNames
  .map((name) => `${shown(`"${name}"`, fieldKinds[name])} AS "${name}"`)
  .join(', ')}) AS line)::text`

function shown(column: string, kind: FieldKind): string {
  // An exact decimal number, which reads as the one that was written.
  if (kind === 'usd') return `${column} * 0.000000001`
  if (kind === 'time') return `to_char(timezone('UTC', ${moment}), 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`
  return column
}

/** Records as an array of rows. */
export function rowsJson(records: readonly UsageRecord[]): string {
  return storable(records.map(rowOf))
}

/** JSON of anything that the database's own JSON can hold: without U+0000 and halves of characters. */
export function storable(value: unknown): string {
  const text = JSON.stringify(value)
  if (!/\\u(?:0000|d[89a-f])/i.test(text)) return text
  return JSON.stringify(value, (_key, part: unknown) => {
    if (typeof part === 'string') return clean(part)
    if (typeof part !== 'object' || part === null || Array.isArray(part)) return part
    return Object.fromEntries(Object.entries(part).map(([key, its]) => [clean(key), its]))
  })
}

function clean(text: string): string {
  return text.replaceAll('\0', '\uFFFD').replace(/\p{Surrogate}/gu, '\uFFFD')
}

function rowOf(record: UsageRecord): Record<string, unknown> {
  return Object.fromEntries(fieldNames.map((name) => [name, cell(fieldKinds[name], record[name])]))
}

function cell(kind: FieldKind, value: UsageRecord[keyof UsageRecord]): unknown {
  if (value === null) return null
  if (kind === 'time') return Date.parse(String(value))
  if (kind === 'usd') return whole(nanoUsdOf(Number(value)))
  if (kind === 'integer') return whole(Number(value))
  return value
}

/** A provider's number may be any; a `bigint` holds no more than 9.2e18, and one number must not hold up a batch. */
function whole(value: number): number {
  return Math.round(Math.max(-9e18, Math.min(9e18, value)))
}
