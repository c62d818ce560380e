import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import type { UsageRecord } from '../../../../src/usage/record/record.ts'
import { openFile } from '../../../../src/usage/stores/sqlite/connection.ts'
import { SqliteReader } from '../../../../src/usage/stores/sqlite/reader.ts'
import { lastSteps, SqliteWriter } from '../../../../src/usage/stores/sqlite/writer.ts'
import { aRecord } from '../../../support/a-record.ts'
import { byHour, expectAlike, hourly } from '../../../support/ledger-steps.ts'
import { tempFolder } from '../../../support/temp-folder.ts'

const owner = { id: 'me', pid: process.pid, machine: 'here' }

let path: string
let writers: SqliteWriter[]

function open(): SqliteWriter {
  const writer = new SqliteWriter(openFile(path, 'write'), path)
  writers.push(writer)
  return writer
}

const add = (writer: SqliteWriter, records: readonly UsageRecord[]) =>
  writer.append(owner, { records, opened: [], ended: [] })

/** What roll-ups say must be what the records say. */
function expectRolledUp(writer: SqliteWriter, count: number): void {
  while (writer.rollUp(lastSteps));
  const database = openFile(path, 'read')
  const rolled = new SqliteReader(database, -1).stats(byHour)
  expect(rolled.request_count).toBe(count)
  expectAlike(rolled, new SqliteReader(database, Number.MAX_SAFE_INTEGER).stats(byHour))
  database.close()
}

beforeEach(() => {
  path = join(tempFolder(), 'usage.db')
  writers = []
})
afterEach(() => {
  for (const writer of writers) writer.close()
})

it('of many records at once each is told apart: new, sent before, of another exchange, guessed before', () => {
  const writer = open()
  const records = Array.from({ length: 100 }, () => aRecord())
  const [sent, foreign, guessed] = [records[3], records[50], records[98]] as UsageRecord[]
  const other = { ...(foreign as UsageRecord), timestamp: '2026-11-11T00:00:00.000Z' }
  const crash = { ...(guessed as UsageRecord), outcome: 'incomplete', incomplete_reason: 'crash' } as const
  add(writer, [sent as UsageRecord, other, crash])
  expect(add(writer, records)).toEqual({ stored: 98, known: 1, conflicts: [other.id] })
  expect(add(writer, records)).toEqual({ stored: 0, known: 99, conflicts: [other.id] })
  expectRolledUp(writer, 100)
})

it('what stands twice in one batch is stored once', () => {
  const writer = open()
  const record = aRecord()
  const moved = { ...record, timestamp: '2026-11-11T00:00:00.000Z' }
  expect(add(writer, [record, record, moved])).toEqual({ stored: 1, known: 1, conflicts: [record.id] })
  expectRolledUp(writer, 1)
})

it('two proxies that write in turns roll up each record once, whoever wrote it', () => {
  const [one, other] = [open(), open()]
  const records = hourly(1_200, '2026-11-10T00:05:00Z')
  for (let at = 0; at < records.length; at += 40) {
    const writer = (at / 40) % 3 === 0 ? other : one
    add(writer, records.slice(at, at + 40))
    if (at === 600) while (one.rollUp({ gathered: 50, least: 1, stored: 100 }));
  }
  while (other.rollUp(lastSteps));
  expectRolledUp(one, records.length)
})

it('a batch that could not be committed leaves nothing in the roll-ups', () => {
  const writer = open()
  add(writer, hourly(50, '2026-11-10T00:05:00Z'))
  const broken = { ...aRecord(), id: null } as unknown as UsageRecord
  expect(() => add(writer, [...hourly(40, '2026-11-11T00:05:00Z'), broken])).toThrow()
  add(writer, hourly(60, '2026-11-12T00:05:00Z'))
  expectRolledUp(writer, 110)
})
