import { isUtf8 } from 'node:buffer'
import { join } from 'node:path'
import type { DatabaseSyncInstance } from '@photostructure/sqlite'
import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { everything } from '../../../../src/usage/query/filter.ts'
import type { UsageRecord } from '../../../../src/usage/record/record.ts'
import { openFile } from '../../../../src/usage/stores/sqlite/connection.ts'
import { SqliteReader } from '../../../../src/usage/stores/sqlite/reader.ts'
import { SqliteWriter } from '../../../../src/usage/stores/sqlite/writer.ts'
import type { Cursor } from '../../../../src/usage/stores/store.ts'
import { aRecord } from '../../../support/a-record.ts'
import { tempFolder } from '../../../support/temp-folder.ts'

const owner = { id: 'me', pid: process.pid, machine: 'here' }
const first: Cursor = { atMs: -1, id: '' }
const last: Cursor = { atMs: Date.parse('2100-01-01T00:00:00Z'), id: '' }

let database: DatabaseSyncInstance
let writer: SqliteWriter
let reader: SqliteReader

beforeEach(() => {
  const path = join(tempFolder(), 'usage.db')
  database = openFile(path, 'write')
  writer = new SqliteWriter(database, path)
  reader = new SqliteReader(database)
})
afterEach(() => database.close())

const add = (...records: UsageRecord[]) => writer.append(owner, { records, opened: [], ended: [] })

function textOf(ends: readonly Cursor[], format: 'json' | 'jsonl' | 'csv' = 'jsonl'): string {
  const pieces = reader.pieces({ filter: everything, format }, { after: first, ends })
  return Buffer.concat(pieces.map(({ bytes }) => bytes)).toString()
}
const linesOf = (...ends: Cursor[]) =>
  textOf([...ends, last])
    .split('\n')
    .slice(0, -1)
const recordsOf = (...ends: Cursor[]) => linesOf(...ends).map((line) => JSON.parse(line) as UsageRecord)
const idsOf = (...ends: Cursor[]) => recordsOf(...ends).map(({ id }) => id)

/** A cell as another program may have left it; bytes: text of them. */
function spoil(column: string, value: string | number | Uint8Array): void {
  // The driver ends a string at a NUL.
  const cell = typeof value === 'string' ? Buffer.from(value) : value
  const place = typeof cell === 'number' ? '?' : 'CAST(? AS TEXT)'
  database.prepare(`UPDATE records SET ${column} = ${place}`).run(cell)
}

describe('pieces of an export', () => {
  it('that begin and end among records of one moment have each once, in the order of their ids', () => {
    const records = Array.from({ length: 500 }, () => aRecord()).reverse()
    add(...records)
    const cuts = reader.cuts(everything, first, 7, 1_000)
    expect(cuts).toHaveLength(Math.floor(500 / 7))
    expect(new Set(cuts.map(({ atMs }) => atMs)).size).toBe(1)
    expect(idsOf(...cuts)).toEqual(records.map(({ id }) => id).reverse())
    const sizes = reader
      .pieces({ filter: everything, format: 'jsonl' }, { after: first, ends: [...cuts, last] })
      .map(({ records: n }) => n)
    expect(sizes).toEqual([...cuts.map(() => 7), 500 % 7])
  })

  it('are divided anew behind any place, at most so many times', () => {
    const records = Array.from({ length: 30 }, () => aRecord())
    add(...records)
    const cuts = reader.cuts(everything, first, 5, 4)
    expect(cuts.map(({ id }) => id)).toEqual([4, 9, 14, 19].map((at) => records[at]?.id))
    expect(reader.cuts(everything, cuts.at(-1) ?? first, 5, 4)).toHaveLength(2)
    expect(reader.cuts({ ...everything, sessionIds: ['s_9'] }, first, 1, 4)).toEqual([])
  })

  it('have what was there before once when records come and go between them', () => {
    const at = (minute: number) => ({
      timestamp: `2026-11-10T12:${String(minute).padStart(2, '0')}:00.000Z`,
    })
    const old = Array.from({ length: 10 }, (_, minute) => aRecord(at(minute)))
    const kept = Array.from({ length: 40 }, (_, minute) => aRecord(at(minute + 10)))
    add(...old, ...kept)
    const cuts = reader.cuts(everything, first, 4, 100)
    writer.removeBefore(Date.parse('2026-11-10T12:10:00.000Z'))
    const fresh = Array.from({ length: 40 }, (_, minute) => aRecord(at(minute + 10)))
    add(...fresh)
    const found = idsOf(...cuts)
    expect(new Set(found).size).toBe(found.length)
    expect([...found].sort()).toEqual([...kept, ...fresh].map(({ id }) => id).sort())
  })

  it('give back any text, time and amount', () => {
    fc.assert(
      fc.property(
        fc.array(
          fc.record({
            text: fc.string({ unit: 'grapheme', maxLength: 20 }),
            controls: fc.string({
              unit: fc.constantFrom('"', '\\', '\n', '\r', '\t', '\u0001', '\u001b', 'a'),
            }),
            atMs: fc.integer({ min: 0, max: Date.parse('2099-12-31T23:59:59.999Z') }),
            nano: fc.integer({ min: 0, max: 10 ** 15 - 1 }),
            ms: fc.integer({ min: 0, max: 10 ** 10 }),
          }),
          { minLength: 1, maxLength: 50 },
        ),
        (random) => {
          database.exec('DELETE FROM records')
          const records = random.map(({ text, controls, atMs, nano, ms }) =>
            aRecord({
              ...{ user_agent: text, app_title: controls, tags: { [controls]: text } },
              ...{ timestamp: new Date(atMs).toISOString(), cost_usd: nano / 1e9, ttft_ms: ms / 1000 },
            }),
          )
          add(...records)
          const sorted = [...records].sort((a, b) => (a.timestamp + a.id < b.timestamp + b.id ? -1 : 1))
          expect(recordsOf()).toEqual(sorted)
        },
      ),
      { numRuns: 100 },
    )
  })
})

describe('a ledger into which another program wrote', () => {
  it('never gives a line that is no JSON, however a JSON column is damaged', () => {
    const sound = JSON.stringify(aRecord().attempt_log)
    const damage = fc.tuple(
      fc.nat(sound.length),
      fc.nat(3),
      fc.constantFrom(
        '',
        '"',
        '}',
        ']',
        ',',
        '\n',
        '\r\n',
        '\u0000',
        ' ',
        '{"a":',
        "'x'",
        '/* */',
        '1',
        '[]',
      ),
    )
    let refused = 0
    let given = 0
    add(aRecord())
    fc.assert(
      fc.property(fc.array(damage, { minLength: 1, maxLength: 3 }), (wounds) => {
        const spoilt = wounds.reduce(
          (text, [at, cut, noise]) => text.slice(0, at) + noise + text.slice(at + cut),
          sound,
        )
        spoil('attempt_log', spoilt)
        try {
          const [record, ...others] = recordsOf()
          expect(others).toEqual([])
          expect(Object.keys(record ?? {})).toEqual(Object.keys(aRecord()))
          given++
        } catch (error) {
          expect(String(error)).toMatch(/malformed JSON/)
          refused++
        }
      }),
      { numRuns: 2_000 },
    )
    expect(given).toBeGreaterThan(20)
    expect(refused).toBeGreaterThan(20)
  })

  it.each(['json', 'jsonl', 'csv'] as const)('gives as %s what it gave record by record', (format) => {
    add(aRecord(), aRecord())
    spoil('attempt_log', '[\n  {"a": 1,\r\n "b":"x"}]')
    spoil('tags', '{project:"web",}')
    spoil('replacement', '{"rule":"a"}\u0000 and more')
    spoil('attempts', 'many')
    spoil('total_duration_ms', Number.POSITIVE_INFINITY)
    spoil('stream', 7)
    const { lines } = reader.page({ filter: everything, order: 'oldest', after: null, limit: 10 })
    const plain = {
      json: lines.map((line) => `,\n${line}`),
      jsonl: lines.map((line) => `${line}\n`),
      csv: [],
    }
    const found = textOf([last], format)
    if (format === 'csv') expect(found.split('\n')).toHaveLength(3)
    else expect(found).toBe(plain[format].join(''))
    expect(JSON.parse(lines[0] ?? '')).toMatchObject({ attempts: 'many', tags: { project: 'web' } })
  })

  it('gives text for bytes that are none', () => {
    add(aRecord(), aRecord())
    spoil('user_agent', Buffer.from([0xff, 0x80]))
    const [piece] = reader.pieces({ filter: everything, format: 'jsonl' }, { after: first, ends: [last] })
    expect(isUtf8(piece?.bytes ?? Buffer.from([0xff]))).toBe(true)
    const lines = linesOf()
    expect(lines.map((line) => (JSON.parse(line) as UsageRecord).user_agent)).toEqual(
      lines.map(() => '\uFFFD\uFFFD'),
    )
  })

  it('refuses bytes where text belongs', () => {
    add(aRecord())
    database.prepare('UPDATE records SET model = ?').run(Buffer.from([0x00, 0xff]))
    expect(() => linesOf()).toThrow(/BLOB/)
  })
})
