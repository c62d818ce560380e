import { fork } from 'node:child_process'
import { once } from 'node:events'
import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, afterEach, beforeAll, beforeEach, expect, it, onTestFinished, vi } from 'vitest'
import { systemClock } from '../../src/core/clock.ts'
import { createLedger, type Ledger } from '../../src/usage/ledger/ledger.ts'
import { openStore } from '../../src/usage/stores/index.ts'
import type { Owner, UsageStore } from '../../src/usage/stores/store.ts'
import { aRecord } from '../support/a-record.ts'
import { asked, startPostgres, type TestPostgres } from '../support/postgres.ts'
import { tempFolder } from '../support/temp-folder.ts'

const me: Owner = { id: 'me', pid: process.pid, machine: 'here' }
let postgres: TestPostgres
let url: string
let folder: string
const notices: string[] = []
const told: string[] = []

beforeAll(async () => {
  postgres = await startPostgres()
})
afterAll(() => postgres?.close())
beforeEach(async () => {
  url = await postgres.database()
  folder = join(tempFolder(), 'usage-spool')
  notices.length = 0
  told.length = 0
})
const stores: UsageStore[] = []
afterEach(async () => {
  await Promise.all(stores.splice(0).map((store) => store.close()))
})

function open(): UsageStore {
  const store = openStore(url, {
    ...{ readOnly: false, machine: 'here', mostRecords: 1, flushIntervalMs: 1, spoolFolder: folder },
    onNotice: (notice) => notices.push(notice),
  })
  stores.push(store)
  return store
}

const ledgerOf = (store: UsageStore) =>
  createLedger({
    ...{ store, owner: me, clock: systemClock, maxPending: () => 100_000 },
    onTrouble: (error) => told.push(error.message),
    onRecovered: () => told.push('recovered'),
  })

/** Adds records without end, as fast as a busy proxy closes exchanges; its own list of them. */
function keepAdding(ledger: Ledger): { ids: string[]; stop: () => void } {
  const ids: string[] = []
  const timer = setInterval(() => {
    for (let count = 0; count < 5; count++) {
      const record = aRecord({ model: `m-${ids.length % 11}` })
      ids.push(record.id)
      ledger.add(record)
    }
  }, 10)
  onTestFinished(() => clearInterval(timer))
  return { ids, stop: () => clearInterval(timer) }
}

const untilMore = (ids: readonly string[], more: number) => {
  const before = ids.length
  return vi.waitFor(() => expect(ids.length).toBeGreaterThan(before + more), 10_000)
}
async function idsThere(): Promise<string[]> {
  return (await asked<{ id: string }>(url, 'SELECT id FROM llmproxy_records')).map(({ id }) => id)
}

it.each(['stop', 'kill'] as const)(
  'has the same books as who made the records after the server was gone under load (%s)',
  async (how) => {
    const store = open()
    await store.prepare()
    const ledger = ledgerOf(store)
    const load = keepAdding(ledger)
    await untilMore(load.ids, 200)
    await postgres[how]()
    await vi.waitFor(() => expect(ledger.state().writable).toBe(false), 10_000)
    await untilMore(load.ids, 400)
    expect(ledger.state()).toMatchObject({ writable: false, dropped_records: 0 })
    expect(ledger.state().last_error).toMatch(/the database of the ledger cannot be reached/)
    expect(ledger.state().pending_records).toBeGreaterThan(300)
    expect(readdirSync(folder).filter((name) => name.endsWith('.jsonl'))).toHaveLength(1)
    await postgres.start()
    await untilMore(load.ids, 200)
    await vi.waitFor(() => expect(ledger.state()).toMatchObject({ writable: true, last_error: null }), 10_000)
    load.stop()
    await ledger.close()
    const there = await idsThere()
    expect(there.sort()).toEqual([...load.ids].sort())
    expect(told).toEqual([expect.stringMatching(/cannot be reached/), 'recovered'])
    await store.close()
    expect(readdirSync(folder)).toEqual([])
  },
)

it('loses nothing that was told to be safe when the proxy is killed while the database is away', async () => {
  const store = open()
  await store.prepare()
  await store.close()
  await postgres.stop()
  const child = fork(
    fileURLToPath(new URL('../usage/stores/postgres/appending-process.ts', import.meta.url)),
    [url, folder],
    {
      execArgv: ['--import', 'tsx'],
    },
  )
  onTestFinished(() => void child.kill('SIGKILL'))
  const safe: string[] = []
  child.on('message', (ids: string[]) => safe.push(...ids))
  await vi.waitFor(() => expect(safe.length).toBeGreaterThan(200), 15_000)
  child.kill('SIGKILL')
  await once(child, 'exit')

  // A start while the database is still away must not lose them either.
  const early = open()
  await expect(early.prepare()).rejects.toMatchObject({ code: 'unreachable' })
  await early.close()
  await postgres.start()
  const next = open()
  await next.prepare()
  await vi.waitFor(async () => expect(await idsThere()).toEqual(expect.arrayContaining(safe)), 10_000)
  expect(notices.join('\n')).toMatch(/what 1 ended proxies could not send is taken over/)
  await next.close()
  expect(readdirSync(folder)).toEqual([])
})

it('is taken over by another proxy of that home which runs already', async () => {
  const running = open()
  await running.prepare()
  const dying = open()
  await dying.prepare()
  await postgres.stop()
  const record = aRecord()
  expect(
    await dying.append({ ...me, id: 'dying' }, { records: [record], opened: [], ended: [] }),
  ).toMatchObject({
    unsent: { records: 1, code: 'unreachable' },
  })
  await dying.close()
  await postgres.start()
  await vi.waitFor(() => running.closeOrphans(me, Date.now()), 10_000)
  await vi.waitFor(async () => expect(await idsThere()).toEqual([record.id]), 10_000)
})

it('waits for a database that is not there at the start, and lets nothing of that time go', async () => {
  await postgres.stop()
  const store = open()
  await expect(store.prepare()).rejects.toMatchObject({ code: 'unreachable' })
  const ledger = ledgerOf(store)
  const record = aRecord()
  ledger.add(record)
  await vi.waitFor(
    () => expect(ledger.state()).toMatchObject({ writable: false, pending_records: 1 }),
    10_000,
  )
  await postgres.start()
  await vi.waitFor(() => expect(ledger.state()).toMatchObject({ writable: true, pending_records: 0 }), 10_000)
  expect(await idsThere()).toEqual([record.id])
  await ledger.close()
})

it('says when it ends how many records wait for the next start', async () => {
  const store = open()
  await store.prepare()
  const ledger = ledgerOf(store)
  await postgres.stop()
  onTestFinished(() => postgres.start())
  ledger.add(aRecord())
  ledger.add(aRecord())
  await ledger.close()
  expect(notices).toEqual([
    expect.stringMatching(/^2 usage records are not in the database yet; they wait in/),
  ])
})
