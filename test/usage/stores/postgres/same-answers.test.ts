import { join } from 'node:path'
import fc from 'fast-check'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { everything } from '../../../../src/usage/query/filter.ts'
import { fits } from '../../../../src/usage/query/fits.ts'
import { localTime } from '../../../../src/usage/query/local-time.ts'
import type { UsageRecord } from '../../../../src/usage/record/record.ts'
import { openStore } from '../../../../src/usage/stores/index.ts'
import { addressOf } from '../../../../src/usage/stores/postgres/address.ts'
import { Connection } from '../../../../src/usage/stores/postgres/connection.ts'
import { migrate } from '../../../../src/usage/stores/postgres/migrations.ts'
import { PostgresReader } from '../../../../src/usage/stores/postgres/reader.ts'
import { PostgresWriter } from '../../../../src/usage/stores/postgres/writer.ts'
import type { Owner, UsageStore } from '../../../../src/usage/stores/store.ts'
import { anEntry, aRecord } from '../../../support/a-record.ts'
import { startPostgres, type TestPostgres } from '../../../support/postgres.ts'
import { randomFilter, randomQuery } from '../../../support/random-queries.ts'
import { randomRecord } from '../../../support/random-records.ts'
import { tempFolder } from '../../../support/temp-folder.ts'

const me: Owner = { id: 'me', pid: process.pid, machine: 'here' }
let postgres: TestPostgres
let connection: Connection
let reader: PostgresReader
let writer: PostgresWriter
let records: UsageRecord[]

beforeAll(async () => {
  postgres = await startPostgres()
  connection = await newDatabase()
  reader = new PostgresReader(connection)
  writer = new PostgresWriter(connection)
  records = fc.sample(randomRecord, 1_500)
  await writer.append(me, { records, opened: [], ended: [] })
})
afterAll(async () => {
  await connection?.close()
  await postgres?.close()
})

async function newDatabase(): Promise<Connection> {
  return new Connection(addressOf(await postgres.database()), { statementMs: 20_000, setUp: migrate })
}

const inOrder = (list: readonly UsageRecord[]) =>
  [...list].sort((a, b) => (a.timestamp + a.id < b.timestamp + b.id ? -1 : 1)).map(({ id }) => id)

async function idsThatFit(filter: typeof everything): Promise<string[]> {
  const { lines } = await reader.page({ filter, order: 'oldest', after: null, limit: 10_000 })
  return lines.map((line) => (JSON.parse(line) as UsageRecord).id)
}

it('finds for any filter the records that fit it, and counts as many', async () => {
  await fc.assert(
    fc.asyncProperty(randomFilter, fc.constantFrom(null, true, false), async (chosen, replaced) => {
      const filter = { ...chosen, replaced }
      const expected = inOrder(records.filter((record) => fits(record, filter)))
      expect(await idsThatFit(filter)).toEqual(expected)
      expect(await reader.count(filter, 10_000)).toBe(expected.length)
    }),
    { numRuns: 150 },
  )
})

it.each([
  ['tags', ['job']],
  ['tags', ["job=o'brien"]],
  ['tags', ['project=web', 'job']],
  ['tags', ['project=']],
  ['backends', ['openai.us']],
  ['sessionIds', ['s_1', 's_3']],
  ['requestedModels', ['gpt-4o*']],
  ['models', ['nothing-of-the-kind']],
  ['frontendTypes', ['openai-chat']],
  ['userAgents', ['test/1.0', 'other']],
])('finds by %s what fits %j', async (name, words) => {
  const filter = { ...everything, [name]: words }
  const expected = inOrder(records.filter((record) => fits(record, filter)))
  expect(await idsThatFit(filter)).toEqual(expected)
})

it('says of a random ledger what SQLite says of it', async () => {
  const sqlite: UsageStore = openStore(join(tempFolder(), 'usage.db'), {
    ...{ readOnly: false, machine: 'here', mostRecords: 1, flushIntervalMs: 1, onNotice: () => {} },
  })
  await sqlite.prepare()
  await sqlite.append(me, { records, opened: [], ended: [] })
  try {
    await fc.assert(
      fc.asyncProperty(randomQuery, async (query) => {
        expect(await reader.stats(query)).toEqual(await sqlite.stats(query))
      }),
      { numRuns: 60 },
    )
    expect(await reader.unseen({ ...everything, models: ['gpt-4o', 'gpt-5'], tags: ['job', 'jop'] })).toEqual(
      await sqlite.unseen({ ...everything, models: ['gpt-4o', 'gpt-5'], tags: ['job', 'jop'] }),
    )
    const byUser = (spent: readonly { user: string }[]) =>
      [...spent].sort((a, b) => (a.user < b.user ? -1 : 1))
    expect(byUser(await reader.spentSince(Date.parse('2026-10-25T00:00:00Z')))).toEqual(
      byUser(await sqlite.spentSince(Date.parse('2026-10-25T00:00:00Z'))),
    )
    expect([...(await reader.lastTurns(10))]).toEqual(
      expect.arrayContaining([...(await sqlite.lastTurns(10))]),
    )
  } finally {
    await sqlite.close()
  }
})

const oldNames = [
  ...['UTC', 'GMT', 'CET', 'MET', 'EET', 'WET', 'EST', 'MST', 'HST', 'EST5EDT', 'PST8PDT', 'Etc/GMT+5'],
  ...['europe/berlin', 'US/Pacific', 'Asia/Calcutta', 'Asia/Kathmandu', 'Japan', 'NZ', 'Zulu'],
]

it('reads local hours and weekdays as we do, in every time zone', async () => {
  // In summer and in winter, and around changes of the clocks.
  const times = [
    '2026-01-15T10:40',
    '2026-07-15T22:10',
    '2026-10-25T00:30',
    '2026-10-25T01:30',
    '2026-03-29T00:59',
  ]
  const all = times.map((time) => aRecord({ timestamp: `${time}:00.000Z` }))
  const clocks = await newDatabase()
  const asks = new PostgresReader(clocks)
  await new PostgresWriter(clocks).append(me, { records: all, opened: [], ended: [] })
  const isWrong = async (timeZone: string, { timestamp }: UsageRecord) => {
    const fromMs = Date.parse(timestamp)
    const { hour, weekday } = localTime(fromMs, timeZone)
    const then = { ...everything, timeZone, fromMs, untilMs: fromMs + 1 }
    const right = await asks.count({ ...then, hours: [hour], weekdays: [weekday] }, 1)
    const wrong = await asks.count({ ...then, weekdays: [(weekday + 1) % 7] }, 1)
    return right !== 1 || wrong !== 0
  }
  const wrong = new Set<string>()
  const zones = [...oldNames, ...Intl.supportedValuesOf('timeZone')]
  for (const zone of zones) for (const record of all) if (await isWrong(zone, record)) wrong.add(zone)
  await clocks.close()
  expect(oldNames.filter((zone) => wrong.has(zone))).toEqual([])
  // Some country always changes its clocks between the ages of the two tables of zones.
  expect([...wrong].length).toBeLessThan(zones.length / 100)
})

it('gives back whatever a record may hold, and only replaces what its text cannot hold', async () => {
  const numbers = fc.oneof(
    fc.double({ noNaN: true, noDefaultInfinity: true }).map((value) => value + 0),
    fc.constantFrom(0.1, 1e-7, 123_456_789.123_456_79, 1e21, 5e-324),
  )
  const text = fc.string({ unit: 'binary', maxLength: 12 })
  const anything = fc
    .record({ number: numbers, text, nano: fc.integer({ min: 0, max: 1e15 }), tag: text })
    .map(({ number, text, nano, tag }) =>
      aRecord({
        ...{ ttft_ms: number, stream_tps: number, user_agent: text, requested_model: text, app_title: text },
        ...{ cost_usd: nano / 1e9, tags: Object.fromEntries([[tag, text]]), tool_names: [text, 'Bash'] },
        attempt_log: [anEntry({}, { reason: text, ttft_ms: number })],
        replacement: null,
        proxy_user: text,
      }),
    )
  const odd = [
    ...fc.sample(anything, 300),
    aRecord({
      tags: { 'a\0b': 'c\ud800', '😀': '\\u0000' },
      user_agent: '"\\\n\t\x7f\u2028',
      tool_names: ['\0'],
    }),
  ]
  const held = (value: unknown): unknown =>
    JSON.parse(JSON.stringify(value).replaceAll(/(?<!\\)((?:\\\\)*)\\u(?:0000|d[89a-f]..)/gi, '$1\uFFFD'))
  const other = await newDatabase()
  await new PostgresWriter(other).append(me, { records: odd, opened: odd, ended: [] })
  const { lines } = await new PostgresReader(other).page({
    ...{ filter: everything, order: 'oldest', after: null, limit: 1_000 },
  })
  const byId = new Map(
    lines.map((line) => JSON.parse(line) as UsageRecord).map((record) => [record.id, record]),
  )
  for (const record of odd) expect(byId.get(record.id)).toEqual(held(record))
  await other.close()
})

it('takes numbers that no column can hold for the largest that it can, and goes on', async () => {
  const other = await newDatabase()
  const wild = aRecord({ cost_usd: 1e300, turn_number: 1.5, mutated_prompt_tokens: 1e25 })
  const tame = aRecord()
  const appended = await new PostgresWriter(other).append(me, {
    records: [wild, tame],
    opened: [],
    ended: [],
  })
  expect(appended).toEqual({ stored: 2, known: 0, conflicts: [] })
  const page = await new PostgresReader(other).page({
    ...{ filter: everything, order: 'oldest', after: null, limit: 1_000 },
  })
  expect(page.lines.map((line) => JSON.parse(line) as UsageRecord)).toContainEqual(tame)
  await other.close()
})

it('writes a page as a page of fields in their order, as they are exported', async () => {
  const { lines } = await reader.page({ filter: everything, order: 'newest', after: null, limit: 1 })
  const [line = '{}'] = lines
  expect(Object.keys(JSON.parse(line) as object)).toEqual(Object.keys(aRecord()))
})
