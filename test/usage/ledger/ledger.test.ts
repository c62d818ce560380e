import { expect, it } from 'vitest'
import { createLedger } from '../../../src/usage/ledger/ledger.ts'
import { type Batch, StoreError, type UsageStore } from '../../../src/usage/stores/store.ts'
import { aRecord } from '../../support/a-record.ts'
import { FakeClock } from '../../support/fake-clock.ts'

/** A ledger over a store that takes what it is given, or fails as the test says. */
function setUp({ maxPending = 100 } = {}) {
  const clock = new FakeClock()
  const batches: Batch[] = []
  const told: string[] = []
  let failure: StoreError | null = null
  const store = {
    append: (_owner: unknown, batch: Batch) => {
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
  const records = Array.from({ length: 5 }, () => aRecord())
  for (const record of records) ledger.add(record)
  expect(ledger.state()).toMatchObject({ pending_records: 3, dropped_records: 2 })
  fail(null)
  await advance(1_100)
  expect(stored()).toEqual(records.slice(2).map(({ id }) => id))
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
