import fc from 'fast-check'
import { expect, it, onTestFinished, vi } from 'vitest'
import type { StatsQuery } from '../../../../src/usage/query/filter.ts'
import type { UsageRecord } from '../../../../src/usage/record/record.ts'
import type { Stats } from '../../../../src/usage/statistics/aggregate.ts'
import { openStore } from '../../../../src/usage/stores/index.ts'
import { addressOf } from '../../../../src/usage/stores/postgres/address.ts'
import { insertRecords, rowsJson } from '../../../../src/usage/stores/postgres/columns.ts'
import { Connection, type Query } from '../../../../src/usage/stores/postgres/connection.ts'
import { checkForm } from '../../../../src/usage/stores/postgres/migrations.ts'
import { PostgresReader } from '../../../../src/usage/stores/postgres/reader.ts'
import { removeBefore } from '../../../../src/usage/stores/postgres/retention.ts'
import { rollUp } from '../../../../src/usage/stores/postgres/rollup-writer.ts'
import { PostgresWriter } from '../../../../src/usage/stores/postgres/writer.ts'
import type { UsageStore } from '../../../../src/usage/stores/store.ts'
import { aRecord } from '../../../support/a-record.ts'
import { byHour, expectAlike, hourly, type LedgerStep, randomSteps } from '../../../support/ledger-steps.ts'
import { asked } from '../../../support/postgres.ts'
import { ledgerForEachTest } from '../../../support/postgres-ledger.ts'
import { randomQuery } from '../../../support/random-queries.ts'

const owner = { id: 'me', pid: process.pid, machine: 'here' }
const tables = [
  ...['records', 'seen', 'owners', 'open_exchanges', 'rollup_keys', 'rollup_sums', 'rollup_sketches'],
].map((name) => `llmproxy_${name}`)
const inAll: StatsQuery = { ...byHour, groupBy: [] }

/** Of who changes roll-ups. */
const rollupLock = 7_310_115_847

const postgres = ledgerForEachTest()

function opened(): UsageStore {
  const store = openStore(postgres.url, {
    ...{ readOnly: false, machine: 'here', mostRecords: 1, flushIntervalMs: 1, onNotice: () => {} },
  })
  onTestFinished(() => store.close())
  return store
}

/** The process of the database's in which something waits for a lock. */
function untilWaiting(which: string): Promise<{ pid: number; since: string }> {
  return vi.waitFor(async () => {
    const [waiting] = await asked<{ pid: number; since: string }>(
      postgres.url,
      `SELECT pid, xact_start::text AS since FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database() AND ${which}`,
    )
    if (!waiting) throw new Error('nobody waits')
    return waiting
  }, 10_000)
}

class Ledger {
  readonly connection = postgres.connected()
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
    const rows = await asked(postgres.url, 'SELECT 1 FROM llmproxy_records WHERE NOT rolled')
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
    { numRuns: 30 },
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
  // More than a piece, and of one moment.
  await ledger.add(Array.from({ length: 40 }, () => aRecord({ timestamp: '2026-11-10T00:05:00.000Z' })))
  await ledger.roll(110)
  // Some that came late, and are not rolled up: one is removed, and one of the hour that is cut stays.
  await ledger.add([...hourly(1, '2026-11-10T03:30:00Z'), ...hourly(1, '2026-11-12T07:40:00Z')])
  let removed: number | undefined
  const retaining = removeBefore(postgres.connected(), Date.parse('2026-11-12T07:30:00Z'), 20).then(
    (count) => {
      removed = count
    },
  )
  const counts = new Set<number>()
  const stopping = postgres.connected()
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
  expect(removed).toBe(374)
  expect(counts.size).toBeGreaterThan(10)
  await ledger.expectRight(byHour)
})

it('two proxies that roll up at once hold each record once', async () => {
  const ledger = new Ledger()
  const all = Array.from({ length: 1_200 }, (_, index) => aRecord({ model: `m-${index % 5}` }))
  await ledger.add(all.slice(0, 600))
  const others = [postgres.connected(), postgres.connected(), postgres.connected()]
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
  const holder = postgres.connected()
  await holder.transaction(async (query) => {
    await query('SELECT pg_advisory_xact_lock($1)', [rollupLock])
    expect(await rollUp(ledger.connection, { least: 1, most: 20, page: 5 })).toBe(false)
    expect(await ledger.unrolled()).toBe(20)
  })
  expect(await rollUp(ledger.connection, { least: 1, most: 20, page: 5 })).toBe(true)
  expect(await ledger.unrolled()).toBe(0)
})

it('a question sees one moment, though another proxy rolls up while it reads', async () => {
  const ledger = new Ledger()
  await ledger.add(hourly(60, '2026-11-10T00:05:00Z'))
  await ledger.roll(10)
  await ledger.add(hourly(60, '2026-11-10T00:05:00Z'))
  const other = new Ledger()
  const reading = postgres.connected()
  let rolls = 0
  const interrupted = Object.create(reading, {
    ask: {
      value: (work: (query: Query) => Promise<unknown>) =>
        reading.ask((query) =>
          work(async (sql, ...rest) => {
            // Behind the roll-ups it reads what they do not hold.
            if (sql.includes('WHERE NOT rolled')) await other.roll(10).then(() => rolls++)
            return await query(sql, ...rest)
          }),
        ),
    },
  }) as Connection
  const { request_count } = await new PostgresReader(interrupted, -1).stats(inAll)
  expect(rolls).toBe(1)
  expect(await ledger.unrolled()).toBe(0)
  expect(request_count).toBe(120)
})

it('a record that was given its number earlier and is committed later is rolled up too', async () => {
  const ledger = new Ledger()
  const [early, late] = [aRecord(), aRecord()]
  let rolling: Promise<boolean> | undefined
  const holder = postgres.connected()
  await holder.transaction(async (hold) => {
    // The roll has read what there is, and waits before it writes.
    await hold('LOCK TABLE llmproxy_rollup_sketches IN SHARE MODE')
    await postgres.connected().transaction(async (query) => {
      await query(insertRecords, [rowsJson([early])])
      await ledger.add([late])
      rolling = rollUp(postgres.connected(), { least: 1, most: 10, page: 10 })
      await untilWaiting("query LIKE '%llmproxy_rollup_sketches%'")
    })
  })
  expect(await rolling).toBe(true)
  expect((await ledger.rolled(inAll)).request_count).toBe(2)
  expect(await ledger.unrolled()).toBe(1)
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
    const dying = postgres.connected()
    let rolling: Promise<boolean> | undefined
    // It may read there and waits when it wants to write.
    await postgres.connected().transaction(async (query) => {
      await query(`LOCK TABLE ${table} IN SHARE MODE`)
      rolling = rollUp(dying, { least: 1, most: 60, page: 20 })
      rolling.catch(() => {})
      const { pid } = await untilWaiting(`query LIKE '%${table}%'`)
      await asked(postgres.url, 'SELECT pg_terminate_backend($1)', [pid])
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

it('more roll-ups than are read at once are all counted, each once', async () => {
  const ledger = new Ledger()
  const some = Array.from({ length: 600 }, (_, index) => `m-${index}`)
  for (const hour of ['01', '02', '03', '04']) {
    await ledger.add(some.map((model) => aRecord({ model, timestamp: `2026-11-10T${hour}:30:00.000Z` })))
  }
  await ledger.roll(600)
  const { groups } = await ledger.rolled(byHour)
  expect(groups?.map(({ request_count }) => request_count)).toEqual([600, 600, 600, 600])
})

it('names of any length are kept, and have their roll-ups', async () => {
  const ledger = new Ledger()
  // Nothing of it repeats: the database would make that shorter.
  const long = Array.from({ length: 1_000 }, (_, index) => `${index * 7919}-`).join('')
  const records = [long, `${long}x`].map((name) => aRecord({ client_app: name, requested_model: name }))
  await ledger.add(records)
  await ledger.roll(1)
  expect(await ledger.unrolled()).toBe(0)
  const { groups } = await ledger.expectRight({ ...byHour, groupBy: ['client_app'] })
  expect(groups).toHaveLength(2)
  const wanted = { ...byHour, filter: { ...byHour.filter, requestedModels: [long] } }
  expect((await ledger.rolled(wanted)).request_count).toBe(1)
})

const inThousands = async (store: UsageStore, thousands: number) => {
  for (let batches = 0; batches < thousands; batches++) {
    const records = hourly(1_000, '2026-11-10T00:05:00Z')
    const appended = await store.append(owner, { records, opened: [], ended: [] })
    expect(appended).toMatchObject({ stored: 1_000 })
  }
}
const untilUnrolled = (ledger: Ledger, left: number) =>
  vi.waitFor(async () => expect(await ledger.unrolled()).toBe(left), 20_000)

it('a store rolls up by itself once some thousands wait, also those that it finds', async () => {
  const ledger = new Ledger()
  await ledger.add(hourly(5_100, '2026-11-10T00:05:00Z'))
  expect((await ledger.expectRight(inAll)).request_count).toBe(5_100)
  const store = opened()
  await store.prepare()
  await untilUnrolled(ledger, 100)
  await inThousands(store, 4)
  expect(await ledger.unrolled()).toBe(4_100)
  await inThousands(store, 1)
  await untilUnrolled(ledger, 100)
  expect((await ledger.rolled(inAll)).request_count).toBe(10_100)
}, 30_000)

it('appends go on while a roll is held up, and when its connection dies; the next rows begin another', async () => {
  const ledger = new Ledger()
  const store = opened()
  await store.prepare()
  await postgres.connected().transaction(async (query) => {
    await query('LOCK TABLE llmproxy_rollup_sketches IN SHARE MODE')
    await inThousands(store, 5)
    const waiting = await untilWaiting("query LIKE '%llmproxy_rollup_sketches%'")
    await inThousands(store, 1)
    // Still the same.
    expect(await untilWaiting("query LIKE '%llmproxy_rollup_sketches%'")).toEqual(waiting)
    await asked(postgres.url, 'SELECT pg_terminate_backend($1)', [waiting.pid])
    await inThousands(store, 1)
    expect(await ledger.unrolled()).toBe(7_000)
  })
  await inThousands(store, 3)
  await untilUnrolled(ledger, 0)
  expect((await ledger.rolled(inAll)).request_count).toBe(10_000)
}, 30_000)

it('the database of an older llmproxy that is only read answers from its rows', async () => {
  const ledger = new Ledger()
  await ledger.add(hourly(30, '2026-11-10T00:05:00Z'))
  await ledger.connection.close()
  await asked(postgres.url, 'DROP TABLE llmproxy_rollup_keys, llmproxy_rollup_sums, llmproxy_rollup_sketches')
  await asked(postgres.url, 'UPDATE llmproxy_form SET version = 1')
  const reading = new Connection(addressOf(postgres.url), {
    ...{ statementMs: 20_000, setUp: (query) => checkForm(query, 'here') },
  })
  onTestFinished(() => reading.close())
  const found = await new PostgresReader(reading, -1).stats(byHour)
  expect(found).toMatchObject({ request_count: 30, percentile_method: 'exact' })
})
