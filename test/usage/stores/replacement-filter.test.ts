import { join } from 'node:path'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { everything, type UsageFilter } from '../../../src/usage/query/filter.ts'
import { fits } from '../../../src/usage/query/fits.ts'
import type { ReplacementDecision, UsageRecord } from '../../../src/usage/record/record.ts'
import { openStore } from '../../../src/usage/stores/index.ts'
import { openFile } from '../../../src/usage/stores/sqlite/connection.ts'
import { whereOf } from '../../../src/usage/stores/sqlite/where.ts'
import type { Owner, UsageStore } from '../../../src/usage/stores/store.ts'
import { aRecord } from '../../support/a-record.ts'
import { asked, startPostgres, type TestPostgres } from '../../support/postgres.ts'
import { randomFilter } from '../../support/random-queries.ts'
import { randomRecord } from '../../support/random-records.ts'
import { tempFolder } from '../../support/temp-folder.ts'

const me: Owner = { id: 'me', pid: process.pid, machine: 'here' }
const all: readonly ReplacementDecision[] = [
  ...(['replaced', 'lost_roll', 'first_turn', 'cool_down', 'opted_out', 'no_place'] as const),
  'target_unusable',
]
let postgres: TestPostgres
beforeAll(async () => {
  postgres = await startPostgres()
})
afterAll(() => postgres?.close())

const open = (path: string): UsageStore =>
  openStore(path, {
    // So few in memory that most are in the JSON file's archive.
    ...{ readOnly: false, machine: 'here', mostRecords: 100, flushIntervalMs: 1, onNotice: () => {} },
  })

describe.each([
  ['usage.db', () => join(tempFolder(), 'usage.db')],
  ['usage.json', () => join(tempFolder(), 'usage.json')],
  ['postgres://', () => postgres.database()],
])('what replacement decided, asked of %s', (_name, path) => {
  let store: UsageStore
  const records = [
    ...fc.sample(randomRecord, 400),
    ...all.map((decision) => aRecord({ replacement: { rule: '*=openai:gpt-4o-mini', decision } })),
  ]
  const fitting = (filter: UsageFilter) =>
    records
      .filter((record) => fits(record, filter))
      .sort((a, b) => (a.timestamp + a.id < b.timestamp + b.id ? -1 : 1))
      .map(({ id }) => id)
  const idsOf = (lines: readonly string[]) => lines.map((line) => (JSON.parse(line) as UsageRecord).id)

  beforeAll(async () => {
    store = open(await path())
    await store.prepare()
    await store.append(me, { records, opened: [], ended: [] })
  })
  afterAll(() => store?.close())

  it.each(all)('%s finds those records and no others', async (decision) => {
    const filter = { ...everything, replacementDecisions: [decision] }
    const { lines } = await store.page({ filter, order: 'oldest', after: null, limit: 1_000 })
    expect(lines.length).toBeGreaterThan(0)
    for (const line of lines) {
      expect((JSON.parse(line) as UsageRecord).replacement).toMatchObject({ decision })
    }
    expect(idsOf(lines)).toEqual(fitting(filter))
  })

  it('any of them with any other filter finds what fits, page by page, counted, summed up and exported', async () => {
    const decisions = fc.subarray([...all], { minLength: 1 })
    await fc.assert(
      fc.asyncProperty(randomFilter, decisions, async (chosen, replacementDecisions) => {
        const filter = { ...chosen, replacementDecisions }
        const expected = fitting(filter)
        const found: string[] = []
        let after = null
        do {
          const page = await store.page({ filter, order: 'oldest', after, limit: 40 })
          found.push(...idsOf(page.lines))
          after = page.next
        } while (after !== null)
        expect(found).toEqual(expected)
        expect(await store.count(filter, 1_000)).toBe(expected.length)
        const { request_count } = await store.stats({
          ...{ filter, groupBy: [], leg: null, orderBy: null, limit: null },
        })
        // Of a backend they count attempts.
        if (filter.backends.length === 0) expect(request_count).toBe(expected.length)
        let exported = 0
        for await (const piece of store.pieces({ filter, format: 'jsonl' })) exported += piece.records
        expect(exported).toBe(expected.length)
      }),
      { numRuns: 25 },
    )
  })
})

it('SQLite looks into the index of what replacement decided, and goes through nothing else', () => {
  const path = join(tempFolder(), 'usage.db')
  const database = openFile(path, 'write')
  const where = whereOf(
    { ...everything, fromMs: 0, untilMs: 1, replacementDecisions: ['lost_roll'] },
    () => [],
  )
  for (const direction of ['ASC', 'DESC']) {
    const plan = database
      .prepare(
        `EXPLAIN QUERY PLAN SELECT id FROM records WHERE (timestamp, id) > (?, ?) AND ${where.sql}
         ORDER BY timestamp ${direction}, id ${direction}`,
      )
      .all(0, '', ...where.values) as { detail: string }[]
    expect(plan.map(({ detail }) => detail)).toEqual([
      expect.stringContaining('USING INDEX records_replacement'),
    ])
  }
  database.close()
})

it('PostgreSQL has such an index, and takes it where few records are in it', async () => {
  const url = await postgres.database()
  const store = open(url)
  await store.prepare()
  await store.append(me, { records: Array.from({ length: 2_000 }, () => aRecord()), opened: [], ended: [] })
  await store.close()
  await asked(url, 'ANALYZE llmproxy_records')
  const plan = await asked<{ 'QUERY PLAN': string }>(
    url,
    `EXPLAIN SELECT id FROM llmproxy_records WHERE "timestamp" >= 0 AND replacement IS NOT NULL
       AND replacement ->> 'decision' = ANY ('{replaced,lost_roll}'::text[]) ORDER BY "timestamp", id LIMIT 500`,
  )
  expect(plan.map((row) => row['QUERY PLAN']).join('\n')).toContain('llmproxy_records_replacement')
})

it('brings a ledger without the index up to date, and answers who only reads an older one', async () => {
  const path = join(tempFolder(), 'usage.db')
  const record = aRecord({ replacement: { rule: '*=a:b', decision: 'lost_roll' } })
  const made = open(path)
  await made.append(me, { records: [record, aRecord()], opened: [], ended: [] })
  await made.close()
  const older = openFile(path, 'write')
  older.exec('DROP INDEX records_replacement; DROP TABLE opt_outs; PRAGMA user_version = 2')
  older.close()
  const filter: UsageFilter = { ...everything, replacementDecisions: ['lost_roll'] }
  const reader = openStore(path, {
    ...{ readOnly: true, machine: 'here', mostRecords: 1, flushIntervalMs: 1, onNotice: () => {} },
  })
  expect(await reader.count(filter, 10)).toBe(1)
  await reader.close()
  const writer = open(path)
  await writer.prepare()
  await writer.close()
  const mended = openFile(path, 'read')
  expect(
    mended.prepare("SELECT name FROM sqlite_master WHERE name = 'records_replacement'").all(),
  ).toHaveLength(1)
  mended.close()
})
