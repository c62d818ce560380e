import { expect, it } from 'vitest'
import { fieldKinds, fieldNames } from '../../../../src/usage/record/fields.ts'
import type { UsageRecord } from '../../../../src/usage/record/record.ts'
import type { Cell } from '../../../../src/usage/stores/sqlite/columns.ts'
import {
  ownFields,
  type PackedGroup,
  packedRecords,
  sharedFields,
} from '../../../../src/usage/stores/sqlite/packed-batch.ts'
import { aRecord } from '../../../support/a-record.ts'

/** The cells of a group's records by their fields. */
function rowsOf({ shared, own }: PackedGroup): Record<string, Cell>[] {
  const rows: Record<string, Cell>[] = []
  for (let at = 0; at < own.length; at += ownFields.length) {
    const named = (names: readonly string[], cells: readonly Cell[]) =>
      names.map((name, index) => [name, cells[index] ?? null])
    const cells = own.slice(at, at + ownFields.length)
    rows.push(Object.fromEntries([...named(sharedFields, shared), ...named(ownFields, cells)]))
  }
  return rows
}

const otherValues = { text: 'other', integer: 7, real: 7.5, boolean: 'turned', usd: 7, time: '', json: '' }

/** The same but for one field. */
function withOther(record: UsageRecord, name: keyof UsageRecord): UsageRecord {
  const kind = fieldKinds[name]
  let value: unknown = otherValues[kind]
  if (kind === 'boolean') value = record[name] !== true
  if (kind === 'time') value = '2026-01-02T03:04:05.678Z'
  if (kind === 'json') value = Array.isArray(record[name]) ? [{ kind: 'input' }] : { other: 'value' }
  return { ...record, [name]: value }
}

it('records that have alike what a group shares are one group, whatever else they have', () => {
  const records = [aRecord(), aRecord({ total_tokens: 3 }), aRecord({ session_id: null })]
  const groups = packedRecords(records)
  expect(groups).toHaveLength(1)
  expect(groups.flatMap(rowsOf).map(({ id }) => id)).toEqual(records.map(({ id }) => id))
})

it.each(fieldNames)('a record that differs in %s alone keeps its own', (name) => {
  const record = aRecord({ tags: {}, tool_names: [] })
  const other = withOther(record, name)
  const alone = [packedRecords([record]), packedRecords([other])].map((groups) => groups.flatMap(rowsOf)[0])
  expect(alone[0]?.[name]).not.toEqual(alone[1]?.[name])
  expect(packedRecords([record, other]).flatMap(rowsOf)).toEqual(alone)
})

it('groups take in later records of their kind, behind those of another', () => {
  const [first, other, third] = [aRecord(), aRecord({ model: 'other' }), aRecord()]
  const groups = packedRecords([first, other, third])
  expect(groups.map((group) => rowsOf(group).map(({ id }) => id))).toEqual([[first.id, third.id], [other.id]])
})
