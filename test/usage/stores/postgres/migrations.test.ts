import { afterAll, beforeAll, expect, it } from 'vitest'
import { everything } from '../../../../src/usage/query/filter.ts'
import { openStore } from '../../../../src/usage/stores/index.ts'
import { addressOf } from '../../../../src/usage/stores/postgres/address.ts'
import { Connection } from '../../../../src/usage/stores/postgres/connection.ts'
import { migrate } from '../../../../src/usage/stores/postgres/migrations.ts'
import { aRecord } from '../../../support/a-record.ts'
import { asked, startPostgres, type TestPostgres } from '../../../support/postgres.ts'

let postgres: TestPostgres
beforeAll(async () => {
  postgres = await startPostgres()
})
afterAll(() => postgres?.close())

const open = (path: string, readOnly = false) =>
  openStore(path, {
    ...{ readOnly, machine: 'here', mostRecords: 1, flushIntervalMs: 1, onNotice: () => {} },
  })

it('lets several proxies start at once on an empty database', async () => {
  const url = await postgres.database()
  const connections = Array.from(
    { length: 6 },
    () => new Connection(addressOf(url), { statementMs: 20_000, setUp: migrate }),
  )
  await Promise.all(connections.map((connection) => connection.ask(() => Promise.resolve())))
  await Promise.all(connections.map((connection) => connection.close()))
  expect(await asked(url, 'SELECT version FROM llmproxy_form')).toEqual([{ version: expect.any(Number) }])
})

it('makes what roll-ups need: an ascending number of each record, and an index of those not rolled up', async () => {
  const url = await postgres.database()
  const store = open(url)
  const records = [aRecord(), aRecord()]
  const owner = { id: 'me', pid: process.pid, machine: 'here' }
  for (const record of records) await store.append(owner, { records: [record], opened: [], ended: [] })
  await store.close()
  const rows = await asked<{ id: string }>(
    url,
    'SELECT id FROM llmproxy_records WHERE NOT rolled ORDER BY seq',
  )
  expect(rows.map(({ id }) => id)).toEqual(records.map(({ id }) => id))
  const [index] = await asked<{ indexdef: string }>(
    url,
    "SELECT indexdef FROM pg_indexes WHERE tablename = 'llmproxy_records' AND indexdef LIKE '%WHERE%'",
  )
  expect(index?.indexdef).toMatch(/\(seq\) WHERE \(NOT rolled\)/)
})

it('leaves the database of a newer llmproxy as it is, and says so', async () => {
  const url = await postgres.database()
  const older = open(url)
  await older.prepare()
  await older.close()
  await asked(url, 'UPDATE llmproxy_form SET version = 99')
  const newer = /of a newer llmproxy \(version 99 of its form\); update llmproxy, or set another/
  for (const [store, ask] of [
    [open(url), 'prepare'],
    [open(url, true), 'count'],
  ] as const) {
    const asking = ask === 'prepare' ? store.prepare() : store.count(everything, 1)
    await expect(asking).rejects.toMatchObject({ code: 'failed', message: expect.stringMatching(newer) })
    await store.close()
  }
})

it('says that there is no ledger to who only reads, and makes none', async () => {
  const url = await postgres.database()
  const reader = open(url, true)
  await expect(reader.count(everything, 1)).rejects.toMatchObject({
    code: 'unreachable',
    message: expect.stringMatching(/^there is no ledger at postgres:\/\/127\.0\.0\.1:\d+\/ledger_\d+$/),
  })
  await reader.close()
  expect(await asked(url, "SELECT 1 FROM pg_tables WHERE tablename LIKE 'llmproxy%'")).toEqual([])
})
