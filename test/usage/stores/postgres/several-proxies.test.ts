import { describe, expect, it, onTestFinished } from 'vitest'
import { everything } from '../../../../src/usage/query/filter.ts'
import type { UsageRecord } from '../../../../src/usage/record/record.ts'
import { addressOf } from '../../../../src/usage/stores/postgres/address.ts'
import { Connection } from '../../../../src/usage/stores/postgres/connection.ts'
import { migrate } from '../../../../src/usage/stores/postgres/migrations.ts'
import { PostgresReader } from '../../../../src/usage/stores/postgres/reader.ts'
import { removeBefore } from '../../../../src/usage/stores/postgres/retention.ts'
import { rollUp } from '../../../../src/usage/stores/postgres/rollup-writer.ts'
import { PostgresWriter } from '../../../../src/usage/stores/postgres/writer.ts'
import type { Batch, Owner } from '../../../../src/usage/stores/store.ts'
import { aRecord } from '../../../support/a-record.ts'
import { asked } from '../../../support/postgres.ts'
import { ledgerForEachTest } from '../../../support/postgres-ledger.ts'

const postgres = ledgerForEachTest()

const batch = (...records: UsageRecord[]): Batch => ({ records, opened: [], ended: [] })
const owner = (id: string, machine = 'here'): Owner => ({ id, pid: process.pid, machine })

const proxy = (silentMs?: number) => new PostgresWriter(postgres.connected(), silentMs)

async function idsThere(): Promise<string[]> {
  const rows = await asked<{ id: string }>(postgres.url, 'SELECT id FROM llmproxy_records ORDER BY id')
  return rows.map(({ id }) => id)
}

it('stores what several send at once, also the same, once, and nobody waits for ever', async () => {
  const writers = [proxy(), proxy(), proxy()]
  const shared = Array.from({ length: 200 }, (_, index) =>
    aRecord({ model: `m-${index}`, user_agent: `agent ${index}` }),
  )
  const appended = await Promise.all(
    Array.from({ length: 30 }, (_, index) => {
      const own = Array.from({ length: 20 }, () => aRecord({ model: `own-${index % 7}` }))
      // Each in an order of its own.
      const mixed = [...shared, ...own].sort(() => Math.random() - 0.5)
      return (writers[index % 3] as PostgresWriter).append(owner(`o${index % 3}`), batch(...mixed))
    }),
  )
  const ids = await idsThere()
  expect(ids).toHaveLength(200 + 30 * 20)
  expect(appended.reduce((sum, { stored }) => sum + stored, 0)).toBe(ids.length)
  expect(
    appended.every(({ stored, known, conflicts }) => stored + known === 220 && conflicts.length === 0),
  ).toBe(true)
})

const shuffled = <T>(list: readonly T[]) =>
  list
    .map((item) => [Math.random(), item] as const)
    .sort(([one], [other]) => one - other)
    .map(([, item]) => item)

it.each([
  ['the same records', (round: number, index: number) => ({ id: `x_shared_${round}_${index}` })],
  ['the same new names', (round: number, index: number) => ({ model: `m-${round}-${index}` })],
])('lets several send %s at once in whatever order, again and again', async (_name, shared) => {
  const writers = [proxy(), proxy(), proxy()]
  for (let round = 0; round < 5; round++) {
    const orders = writers.map(() =>
      shuffled(Array.from({ length: 1_500 }, (_, index) => aRecord(shared(round, index)))),
    )
    await Promise.all(
      writers.map((writer, index) => writer.append(owner(`o${index}`), batch(...(orders[index] ?? [])))),
    )
  }
  expect((await idsThere()).length % 1_500).toBe(0)
})

it('takes nobody for gone who has been silent only because the database was away', async () => {
  const open = aRecord()
  await proxy().append(owner('a', 'elsewhere'), { records: [], opened: [open], ended: [] })
  await asked(postgres.url, 'UPDATE llmproxy_owners SET seen_ms = seen_ms - 3600000')
  // This one has listened for less than the minute of silence that it waits for.
  expect(await proxy(60_000).closeOrphans(owner('b'))).toBe(0)
  const listening = proxy(1)
  await listening.append(owner('b'), batch(aRecord()))
  expect(await listening.closeOrphans(owner('b'))).toBe(1)
  expect(await idsThere()).toContain(open.id)
})

it('lets live whoever was heard of, on this machine or another', async () => {
  await proxy().append(owner('a', 'elsewhere'), { records: [], opened: [aRecord()], ended: [] })
  await proxy().append(owner('c'), { records: [], opened: [aRecord()], ended: [] })
  const listening = proxy(60_000)
  await listening.append(owner('b'), batch(aRecord()))
  expect(await listening.closeOrphans(owner('b'))).toBe(0)
})

it('lets live whoever writes just now', async () => {
  await proxy().append(owner('a', 'elsewhere'), { records: [], opened: [aRecord()], ended: [] })
  await asked(postgres.url, 'UPDATE llmproxy_owners SET seen_ms = 0')
  const listening = proxy(1)
  await listening.append(owner('b'), batch(aRecord()))
  const writing = new Connection(addressOf(postgres.url), { statementMs: 20_000, setUp: migrate })
  onTestFinished(() => writing.close())
  await writing.transaction(async (query) => {
    await query("UPDATE llmproxy_owners SET pid = 2 WHERE id = 'a'")
    expect(await listening.closeOrphans(owner('b'))).toBe(0)
  })
  expect(await listening.closeOrphans(owner('b'))).toBe(1)
})

it('closes what a dead proxy had open once, however many look for it at once', async () => {
  const opened = Array.from({ length: 50 }, () =>
    aRecord({ outcome: 'incomplete', incomplete_reason: 'crash' }),
  )
  await proxy().append({ id: 'dead', pid: 2 ** 22 + 1, machine: 'here' }, { records: [], opened, ended: [] })
  const closed = await Promise.all([1, 2, 3, 4].map((number) => proxy().closeOrphans(owner(`o${number}`))))
  expect(closed.reduce((sum, count) => sum + count, 0)).toBe(50)
  expect(await asked(postgres.url, "SELECT id FROM llmproxy_owners WHERE id = 'dead'")).toEqual([])
})

it('takes what a spool tells of a dead proxy for what happened, and the rest of what it had open for a crash', async () => {
  const writer = proxy()
  const [ended, crashed] = [aRecord(), aRecord({ outcome: 'incomplete', incomplete_reason: 'crash' })]
  const dead: Owner = { id: 'dead', pid: 2 ** 22 + 1, machine: 'here' }
  const asCrash: UsageRecord = { ...ended, outcome: 'incomplete', incomplete_reason: 'crash' }
  await writer.appendOfGone(dead, { records: [], opened: [asCrash, crashed], ended: [] })
  await writer.appendOfGone(dead, { records: [ended], opened: [], ended: [ended.id] })
  expect(await writer.closeOrphans(owner('b'))).toBe(1)
  const reader = new PostgresReader(postgres.connected())
  const { lines } = await reader.page({ filter: everything, order: 'oldest', after: null, limit: 10 })
  expect(lines.map((line) => JSON.parse(line) as UsageRecord)).toEqual([ended, crashed])
})

describe('a proxy that was cut off from the database, and lives', () => {
  const ended = aRecord({ cost_usd: 0.25 })
  const asCrash: UsageRecord = { ...ended, outcome: 'incomplete', incomplete_reason: 'crash', cost_usd: null }
  const cutOff = owner('cut off', 'elsewhere')

  /** What it had open is taken for a crash by another. */
  async function takenForGone(): Promise<void> {
    await proxy().append(cutOff, { records: [], opened: [asCrash], ended: [] })
    await asked(postgres.url, 'UPDATE llmproxy_owners SET seen_ms = 0')
    const listening = proxy(1)
    await listening.append(owner('b'), batch(aRecord()))
    expect(await listening.closeOrphans(owner('b'))).toBe(1)
  }
  const found = async () => {
    const reader = new PostgresReader(postgres.connected())
    return (await reader.find(ended.id, 2)).map((line) => JSON.parse(line) as UsageRecord)
  }
  const tells = (record: UsageRecord) =>
    proxy().append(cutOff, { records: [record, aRecord()], opened: [], ended: [record.id] })

  it('tells later how its exchanges ended, which is what stays', async () => {
    await takenForGone()
    expect(await found()).toEqual([asCrash])
    expect(await tells(ended)).toEqual({ stored: 2, known: 0, conflicts: [] })
    expect(await found()).toEqual([ended])
    expect(await tells(ended)).toEqual({ stored: 1, known: 1, conflicts: [] })
  })

  it('changes no exchange of another that has the same id, and none that it ended itself', async () => {
    await takenForGone()
    const other = { ...ended, timestamp: '2026-11-12T00:00:00.000Z' }
    expect(await tells(other)).toEqual({ stored: 1, known: 0, conflicts: [ended.id] })
    expect(await tells(asCrash)).toEqual({ stored: 1, known: 1, conflicts: [] })
    expect(await found()).toEqual([asCrash])
    await tells(ended)
    expect(await tells({ ...ended, cost_usd: 7 })).toEqual({ stored: 1, known: 1, conflicts: [] })
    expect(await found()).toEqual([ended])
  })

  it('leaves what roll-ups hold as it is, so that they and the rows say the same', async () => {
    await takenForGone()
    await rollUp(postgres.connected(), { least: 1, most: 100, page: 10 })
    expect(await tells(ended)).toEqual({ stored: 1, known: 1, conflicts: [] })
    expect(await found()).toEqual([asCrash])
  })
})

it('removes many in pieces, and two that do it at once remove each once', async () => {
  const writer = proxy()
  for (let pieces = 0; pieces < 8; pieces++) {
    const old = Array.from({ length: 1_500 }, (_, index) =>
      aRecord({
        timestamp: new Date(Date.UTC(2026, 9, 1) + (pieces * 1_500 + index) * 60_000).toISOString(),
      }),
    )
    await writer.append(owner('a'), batch(...old))
  }
  const young = aRecord()
  await writer.append(owner('a'), batch(young))
  const before = Date.parse('2026-11-01T00:00:00Z')
  const removed = await Promise.all(
    [postgres.connected(), postgres.connected()].map((one) => removeBefore(one, before, 2_000)),
  )
  expect(removed.reduce((sum, count) => sum + count, 0)).toBe(12_000)
  expect(removed.every((count) => count < 12_000)).toBe(true)
  expect(await idsThere()).toEqual([young.id])
})
