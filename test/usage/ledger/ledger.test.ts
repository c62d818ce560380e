import { expect, it } from 'vitest'
import { createLedger } from '../../../src/usage/ledger/ledger.ts'
import { type Appended, type Batch, StoreError, type UsageStore } from '../../../src/usage/stores/store.ts'
import { aRecord } from '../../support/a-record.ts'
import { FakeClock } from '../../support/fake-clock.ts'

/** A ledger over a store that takes what it is given, or fails as the test says. */
function setUp({ maxPending = 100 } = {}) {
  const clock = new FakeClock()
  const batches: Batch[] = []
  const told: string[] = []
  let failure: StoreError | null = null
  let held: Promise<void> = Promise.resolve()
  const store = {
    append: async (_owner: unknown, batch: Batch) => {
      await held
      if (failure) return Promise.reject(failure)
      batches.push(batch)
      return Promise.resolve({ stored: batch.records.length, known: 0, conflicts: [] })
    },
    release: async () => {},
  } as unknown as UsageStore
  const ledger = createLedger({
    ...{ store, clock, owner: { id: 'me', pid: 1, machine: 'here' } },
    maxPending: () => maxPending,
    onTrouble: (error) => told.push(`trouble: ${error.message}`),
    onRecovered: () => told.push('recovered'),
  })
  const settle = async () => {
    for (let turn = 0; turn < 20; turn++) await Promise.resolve()
  }
  return {
    ...{ clock, batches, told, ledger },
    fail: (next: StoreError | null) => {
      failure = next
    },
    /** The store takes nothing until the function that it returns is called. */
    hang() {
      let release = () => {}
      held = new Promise((resolve) => {
        release = resolve
      })
      return () => {
        held = Promise.resolve()
        release()
      }
    },
    async advance(ms: number) {
      clock.advance(ms)
      await settle()
    },
    stored: () => batches.flatMap(({ records }) => records.map(({ id }) => id)),
  }
}

it('writes records that close together in one commit, within 50 ms', async () => {
  const { ledger, advance, batches } = setUp()
  const records = [aRecord(), aRecord(), aRecord()]
  for (const record of records) ledger.add(record)
  expect(batches).toHaveLength(0)
  await advance(50)
  expect(batches.map((batch) => batch.records)).toEqual([records])
  expect(ledger.state()).toMatchObject({
    writable: true,
    pending_records: 0,
    dropped_records: 0,
    last_error: null,
  })
})

it('keeps what the store does not take, says so once, tries again and loses nothing', async () => {
  const { ledger, advance, fail, told, stored } = setUp()
  const [first, second] = [aRecord(), aRecord()]
  fail(new StoreError('disk_full', 'no space'))
  ledger.add(first)
  await advance(3_500)
  ledger.add(second)
  await advance(3_500)
  expect(told).toEqual(['trouble: no space'])
  expect(ledger.state()).toMatchObject({ writable: false, pending_records: 2, last_error: 'no space' })
  fail(null)
  await advance(1_500)
  expect(stored()).toEqual([first.id, second.id])
  expect(told).toEqual(['trouble: no space', 'recovered'])
  expect(ledger.state()).toMatchObject({ writable: true, pending_records: 0 })
})

it('drops the oldest beyond its bound, and counts them', async () => {
  const { ledger, advance, fail, stored } = setUp({ maxPending: 3 })
  fail(new StoreError('disk_full', 'no space'))
  const records = Array.from({ length: 7 }, () => aRecord())
  for (const record of records.slice(0, 5)) ledger.add(record)
  await advance(50)
  expect(ledger.state()).toMatchObject({ pending_records: 3, dropped_records: 2 })
  for (const record of records.slice(5)) ledger.add(record)
  expect(ledger.state()).toMatchObject({ pending_records: 3, dropped_records: 4 })
  fail(null)
  await advance(1_100)
  expect(stored()).toEqual(records.slice(4).map(({ id }) => id))
})

it('drops nothing while the store takes what comes, however much at once, and passes it in small batches', async () => {
  const { ledger, advance, stored, batches } = setUp({ maxPending: 3 })
  const records = Array.from({ length: 1_001 }, () => aRecord())
  for (const record of records) ledger.add(record)
  for (let commit = 0; commit < 10; commit++) await advance(10)
  expect(ledger.state()).toMatchObject({ pending_records: 0, dropped_records: 0 })
  expect(stored()).toEqual(records.map(({ id }) => id))
  expect(Math.max(...batches.map((batch) => batch.records.length))).toBeLessThanOrEqual(200)
})

it('bounds what waits for a write that hangs, and drops nothing of it', async () => {
  const { ledger, advance, hang, stored } = setUp({ maxPending: 3 })
  const release = hang()
  const records = Array.from({ length: 10_050 }, () => aRecord())
  for (const record of records.slice(0, 100)) ledger.add(record)
  await advance(10)
  for (const record of records.slice(100)) ledger.add(record)
  expect(ledger.state()).toMatchObject({ pending_records: 10_000, dropped_records: 50 })
  release()
  for (let commit = 0; commit < 60; commit++) await advance(10)
  expect(stored()).toEqual([...records.slice(0, 100), ...records.slice(150)].map(({ id }) => id))
})

it('tells of exchanges that are open in small batches too', async () => {
  const { ledger, advance, batches } = setUp()
  const records = Array.from({ length: 450 }, () => aRecord())
  for (const record of records) ledger.opened(record.id, () => record)
  await advance(110)
  for (let commit = 0; commit < 5; commit++) await advance(1)
  expect(batches.map(({ opened }) => opened.length)).toEqual([200, 200, 50])
})

it('tells the store what has been open longer than one commit, and when it is open no more', async () => {
  const { ledger, advance, batches } = setUp()
  const [long, short] = [aRecord(), aRecord()]
  ledger.opened(long.id, () => long)
  await advance(60)
  ledger.opened(short.id, () => short)
  ledger.add(short)
  await advance(45)
  expect(batches.flatMap(({ opened }) => opened)).toEqual([])
  await advance(60)
  expect(batches.flatMap(({ opened }) => opened)).toEqual([long])
  ledger.add(long)
  await advance(100)
  expect(batches.at(-1)).toMatchObject({ records: [long], ended: [long.id] })
})

it('lets the store hear of its owner while an exchange is open for long', async () => {
  const { ledger, advance, batches } = setUp()
  const record = aRecord()
  ledger.opened(record.id, () => record)
  await advance(300)
  const before = batches.length
  await advance(10_100)
  expect(batches.length).toBeGreaterThan(before)
})

it('counts ids that belong to another exchange as dropped', async () => {
  const clock = new FakeClock()
  const told: string[] = []
  const ledger = createLedger({
    store: { append: async () => ({ stored: 0, known: 0, conflicts: ['x_1'] }) } as unknown as UsageStore,
    ...{ clock, owner: { id: 'me', pid: 1, machine: 'here' }, maxPending: () => 9, onRecovered: () => {} },
    onTrouble: (error) => told.push(error.message),
  })
  ledger.add(aRecord({ id: 'x_1' }))
  await ledger.flush()
  expect(ledger.state().dropped_records).toBe(1)
  expect(told).toEqual([expect.stringMatching(/have the id of another exchange.*x_1/)])
})

it('keeps nothing of what is safe and not in the store yet, says that it is not, and asks until it is', async () => {
  const clock = new FakeClock()
  const told: string[] = []
  const batches: Batch[] = []
  let unsent: Appended['unsent']
  const ledger = createLedger({
    store: {
      append(_owner: unknown, batch: Batch) {
        batches.push(batch)
        return Promise.resolve({ stored: 0, known: 0, conflicts: [], ...(unsent && { unsent }) })
      },
    } as unknown as UsageStore,
    ...{ clock, owner: { id: 'me', pid: 1, machine: 'here' }, maxPending: () => 2 },
    onTrouble: (error) => told.push(error.message),
    onRecovered: () => told.push('recovered'),
  })
  const advance = async (ms: number) => {
    clock.advance(ms)
    for (let turn = 0; turn < 20; turn++) await Promise.resolve()
  }
  for (let records = 1; records <= 5; records++) {
    unsent = { records, code: 'unreachable', message: 'the database is away' }
    ledger.add(aRecord())
    // As soon as ever: what is not with the store yet dies with this process.
    await advance(50)
  }
  expect(batches.map(({ records }) => records.length)).toEqual([1, 1, 1, 1, 1])
  expect(ledger.state()).toMatchObject({
    ...{ writable: false, pending_records: 5, dropped_records: 0 },
    ...{ last_error: 'the database is away', last_write: null },
  })
  expect(told).toEqual(['the database is away'])
  unsent = undefined
  await advance(1_100)
  expect(batches.at(-1)).toEqual({ records: [], opened: [], ended: [] })
  expect(ledger.state()).toMatchObject({ writable: true, pending_records: 0, last_error: null })
  expect(told).toEqual(['the database is away', 'recovered'])
})
