import fc from 'fast-check'
import { afterAll, beforeAll, beforeEach, expect, it, onTestFinished, vi } from 'vitest'
import type { StatsQuery } from '../../../../src/usage/query/filter.ts'
import type { UsageRecord } from '../../../../src/usage/record/record.ts'
import type { Stats } from '../../../../src/usage/statistics/aggregate.ts'
import { openStore } from '../../../../src/usage/stores/index.ts'
import { addressOf } from '../../../../src/usage/stores/postgres/address.ts'
import { insertRecords, rowsJson } from '../../../../src/usage/stores/postgres/columns.ts'
import { Connection } from '../../../../src/usage/stores/postgres/connection.ts'
import { checkForm, migrate } from '../../../../src/usage/stores/postgres/migrations.ts'
import { PostgresReader } from '../../../../src/usage/stores/postgres/reader.ts'
import { removeBefore } from '../../../../src/usage/stores/postgres/retention.ts'
import { rollUp } from '../../../../src/usage/stores/postgres/rollup-writer.ts'
import { PostgresWriter } from '../../../../src/usage/stores/postgres/writer.ts'
import { aRecord } from '../../../support/a-record.ts'
import { byHour, expectAlike, hourly, type LedgerStep, randomSteps } from '../../../support/ledger-steps.ts'
import { asked, startPostgres, type TestPostgres } from '../../../support/postgres.ts'
import { randomQuery } from '../../../support/random-queries.ts'

const owner = { id: 'me', pid: process.pid, machine: 'here' }
const tables = [
  ...['records', 'seen', 'owners', 'open_exchanges', 'rollup_keys', 'rollup_sums', 'rollup_sketches'],
].map((name) => `llmproxy_${name}`)
const inAll: StatsQuery = { ...byHour, groupBy: [] }

/** Of who changes roll-ups. */
const rollupLock = 7_310_115_847

let postgres: TestPostgres
let url: string
beforeAll(async () => {
  postgres = await startPostgres()
})
afterAll(() => postgres?.close())
beforeEach(async () => {
  url = await postgres.database()
})

function connected(): Connection {
  const connection = new Connection(addressOf(url), { statementMs: 20_000, setUp: migrate })
  onTestFinished(() => connection.close())
  return connection
}

class Ledger {
  readonly connection = connected()
  #writer = new PostgresWriter(this.connection)

  async do(step: LedgerStep): Promise<void> {
    if (step.kind === 'add') await this.add(step.records)
    if (step.kind === 'roll') await this.roll(step.rows)
    // Few at once, so that most retentions take several pieces.
    if (step.kind === 'retain') await removeBefore(this.connection, step.fromMs, 20)
    if (step.kind === 'restart') {
      await this.connection.close()
      this.#writer = new PostgresWriter(this.connection)
    }
  }

  async add(records: readonly UsageRecord[]): Promise<void> {
    await this.#writer.append(owner, { records, opened: [], ended: [] })
  }

  /** All but the rest. */
  async roll(rows: number): Promise<void> {
    while (await rollUp(this.connection, { least: 2 * rows, most: 2 * rows, page: rows }));
  }

  /** From the roll-ups wherever they know it. */
  rolled(query: StatsQuery): Promise<Stats> {
    return new PostgresReader(this.connection, -1).stats(query)
  }

  exact(query: StatsQuery): Promise<Stats> {
    return new PostgresReader(this.connection, Number.MAX_SAFE_INTEGER).stats(query)
  }

  async expectRight(query: StatsQuery): Promise<Stats> {
    const found = await this.rolled(query)
    expectAlike(found, await this.exact(query))
    return found
  }

  /** As a new one, without making tables. */
  async empty(): Promise<void> {
    await this.connection.ask((query) => query(`TRUNCATE ${tables.join(', ')}`))
    await this.do({ kind: 'restart' })
  }

  async unrolled(): Promise<number> {
    const rows = await asked(url, 'SELECT 1 FROM llmproxy_records WHERE NOT rolled')
    return rows.length
  }
}

it('roll-ups say what the records say, after inserts, retention and restarts, for any filter and grouping', async () => {
  const ledger = new Ledger()
  let rolledUp = 0
  await fc.assert(
    fc.asyncProperty(
      randomSteps,
      fc.array(randomQuery, { minLength: 10, maxLength: 20, size: 'max' }),
      async (steps, queries) => {
        await ledger.empty()
        for (const one of steps) await ledger.do(one)
        for (const query of queries) {
          const found = await ledger.expectRight(query)
          if (found.percentile_method === 'ddsketch') rolledUp++
        }
      },
    ),
    { numRuns: 30, endOnFailure: process.env.END === '1' },
  )
  // Else nothing was compared but records with records.
  expect(rolledUp).toBeGreaterThan(30)
}, 60_000)

it('a retention that cuts an hour leaves the rest of it in the roll-ups, of the hour and of the day', async () => {
  const ledger = new Ledger()
  await ledger.add(hourly(300, '2026-11-10T00:05:00Z'))
  await ledger.roll(150)
  await ledger.do({ kind: 'retain', fromMs: Date.parse('2026-11-10T07:30:00Z') })
  const { groups } = await ledger.rolled(byHour)
  expect(groups?.[0]).toMatchObject({ hour: '2026-11-10T07:00', request_count: 3 })
  expect(groups?.[1]).toMatchObject({ hour: '2026-11-10T08:00', request_count: 6 })
  await ledger.expectRight({ ...byHour, groupBy: ['day'] })
})

it('statistics are those of the rows at every moment of a retention', async () => {
  const ledger = new Ledger()
  await ledger.add(hourly(400, '2026-11-10T00:05:00Z'))
  await ledger.roll(100)
  // An old one that came late, and is not rolled up.
  await ledger.add(hourly(1, '2026-11-10T03:30:00Z'))
  let removed: number | undefined
  const retaining = removeBefore(connected(), Date.parse('2026-11-12T07:30:00Z'), 20).then((count) => {
    removed = count
  })
  const counts = new Set<number>()
  const stopping = connected()
  while (removed === undefined) {
    // Who waits longest for the lock has it next: each time one piece more is done.
    await stopping.transaction(async (query) => {
      await query('SELECT pg_advisory_xact_lock($1)', [rollupLock])
      const { request_count } = await ledger.expectRight(byHour)
      await ledger.expectRight({ ...byHour, groupBy: ['day'] })
      counts.add(request_count)
    })
  }
  await retaining
  expect(removed).toBe(334)
  expect(counts.size).toBeGreaterThan(10)
  await ledger.expectRight(byHour)
})

it('two proxies that roll up at once hold each record once', async () => {
  const ledger = new Ledger()
  const all = Array.from({ length: 1_200 }, (_, index) => aRecord({ model: `m-${index % 5}` }))
  await ledger.add(all.slice(0, 600))
  const others = [connected(), connected(), connected()]
  const rollAll = async (connection: Connection) => {
    for (let tries = 0; tries < 20; tries++) await rollUp(connection, { least: 50, most: 50, page: 20 })
  }
  const adding = (async () => {
    for (let at = 600; at < 1_200; at += 50) await ledger.add(all.slice(at, at + 50))
  })()
  await Promise.all([adding, ...others.map(rollAll)])
  await ledger.roll(25)
  expect(await ledger.unrolled()).toBe(0)
  expect((await ledger.rolled(inAll)).request_count).toBe(1_200)
  await ledger.expectRight({ ...byHour, groupBy: ['model'] })
})

it('a proxy that finds another one rolling up goes on with what else it has to do', async () => {
  const ledger = new Ledger()
  await ledger.add(hourly(20, '2026-11-10T00:05:00Z'))
  const holder = connected()
  await holder.transaction(async (query) => {
    await query('SELECT pg_advisory_xact_lock($1)', [rollupLock])
    expect(await rollUp(ledger.connection, { least: 1, most: 20, page: 5 })).toBe(false)
    expect(await ledger.unrolled()).toBe(20)
  })
  expect(await rollUp(ledger.connection, { least: 1, most: 20, page: 5 })).toBe(true)
  expect(await ledger.unrolled()).toBe(0)
})

it('a record that was given its number earlier and is committed later is rolled up too', async () => {
  const ledger = new Ledger()
  const [early, late] = [aRecord(), aRecord()]
  await connected().transaction(async (query) => {
    await query(insertRecords, [rowsJson([early])])
    await ledger.add([late])
    expect(await rollUp(ledger.connection, { least: 1, most: 10, page: 10 })).toBe(true)
  })
  expect((await ledger.rolled(inAll)).request_count).toBe(2)
  expect(await rollUp(ledger.connection, { least: 1, most: 10, page: 10 })).toBe(true)
  expect(await ledger.unrolled()).toBe(0)
  expect((await ledger.rolled(inAll)).request_count).toBe(2)
})

it.each(['keys', 'sums', 'sketches', 'records'])(
  'a roll whose connection dies while it writes the %s leaves nothing half',
  async (what) => {
    const ledger = new Ledger()
    await ledger.add(hourly(60, '2026-11-10T00:05:00Z'))
    await ledger.roll(5)
    await ledger.add(hourly(60, '2026-11-10T06:05:00Z').map((record) => ({ ...record, model: 'another' })))
    const table = what === 'records' ? 'llmproxy_records' : `llmproxy_rollup_${what}`
    const before = await ledger.exact(byHour)
    const dying = connected()
    const pid = await dying.ask(async (query) => {
      const { rows } = await query<{ pid: number }>('SELECT pg_backend_pid() AS pid')
      return rows[0]?.pid
    })
    let rolling: Promise<boolean> | undefined
    // It may read there and waits when it wants to write.
    await connected().transaction(async (query) => {
      await query(`LOCK TABLE ${table} IN SHARE MODE`)
      rolling = rollUp(dying, { least: 1, most: 60, page: 20 })
      rolling.catch(() => {})
      await vi.waitFor(async () => {
        const [waits] = await asked(
          url,
          "SELECT 1 FROM pg_stat_activity WHERE pid = $1 AND wait_event_type = 'Lock'",
          [pid],
        )
        expect(waits).toBeDefined()
      }, 10_000)
      await asked(url, 'SELECT pg_terminate_backend($1)', [pid])
    })
    await expect(rolling).rejects.toMatchObject({ code: 'unreachable' })
    expect(await ledger.unrolled()).toBe(60)
    expectAlike(await ledger.rolled(byHour), before)
    // The same connection is made anew, and does it.
    expect(await rollUp(dying, { least: 1, most: 60, page: 20 })).toBe(true)
    expect(await ledger.unrolled()).toBe(0)
    expectAlike(await ledger.rolled({ ...byHour, groupBy: ['hour'] }), before)
  },
)

it('names of any length have their roll-ups', async () => {
  const ledger = new Ledger()
  const long = Array.from({ length: 1_000 }, (_, index) => `${index * 7919}-`).join('')
  const records = [aRecord({ client_app: long }), aRecord({ client_app: `${long}x` })]
  await connected().ask((query) => query(insertRecords, [rowsJson(records)]))
  await ledger.roll(1)
  expect(await ledger.unrolled()).toBe(0)
  const { groups } = await ledger.expectRight({ ...byHour, groupBy: ['client_app'] })
  expect(groups).toHaveLength(2)
})

it('a store rolls up by itself once some thousands wait, also those that it finds', async () => {
  const isRolled = (left: number) =>
    vi.waitFor(async () => {
      const rows = await asked<{ n: number }>(
        url,
        'SELECT count(*)::int AS n FROM llmproxy_records WHERE NOT rolled',
      )
      expect(rows[0]?.n).toBe(left)
    }, 20_000)
  const ledger = new Ledger()
  await ledger.add(hourly(5_100, '2026-11-10T00:05:00Z'))
  const store = openStore(url, {
    ...{ readOnly: false, machine: 'here', mostRecords: 1, flushIntervalMs: 1, onNotice: () => {} },
  })
  onTestFinished(() => store.close())
  await store.prepare()
  await isRolled(100)
  for (let batches = 0; batches < 5; batches++) {
    await store.append(owner, {
      ...{ records: hourly(1_000, '2026-11-10T00:05:00Z'), opened: [], ended: [] },
    })
  }
  await isRolled(100)
  expect((await ledger.rolled(inAll)).request_count).toBe(10_100)
}, 30_000)

it('the database of an older llmproxy that is only read answers from its rows', async () => {
  const ledger = new Ledger()
  await ledger.add(hourly(30, '2026-11-10T00:05:00Z'))
  await ledger.connection.close()
  await asked(url, 'DROP TABLE llmproxy_rollup_keys, llmproxy_rollup_sums, llmproxy_rollup_sketches')
  await asked(url, 'UPDATE llmproxy_form SET version = 1')
  const reading = new Connection(addressOf(url), {
    ...{ statementMs: 20_000, setUp: (query) => checkForm(query, 'here') },
  })
  onTestFinished(() => reading.close())
  const found = await new PostgresReader(reading, -1).stats(byHour)
  expect(found).toMatchObject({ request_count: 30, percentile_method: 'exact' })
})
