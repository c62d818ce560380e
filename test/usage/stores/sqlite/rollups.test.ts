import { join } from 'node:path'
import type { DatabaseSyncInstance } from '@photostructure/sqlite'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { StatsQuery } from '../../../../src/usage/query/filter.ts'
import type { UsageRecord } from '../../../../src/usage/record/record.ts'
import type { Stats } from '../../../../src/usage/statistics/aggregate.ts'
import { openFile } from '../../../../src/usage/stores/sqlite/connection.ts'
import { SqliteReader } from '../../../../src/usage/stores/sqlite/reader.ts'
import { SqliteWriter } from '../../../../src/usage/stores/sqlite/writer.ts'
import type { Appended } from '../../../../src/usage/stores/store.ts'
import { byHour, expectAlike, hourly, type LedgerStep, randomSteps } from '../../../support/ledger-steps.ts'
import { randomQuery } from '../../../support/random-queries.ts'
import { tempFolder } from '../../../support/temp-folder.ts'

const owner = { id: 'me', pid: process.pid, machine: 'here' }

class Ledger {
  readonly #path = join(tempFolder(), 'usage.db')
  #database: DatabaseSyncInstance = openFile(this.#path, 'write')
  #writer = new SqliteWriter(this.#database, this.#path)

  append(records: readonly UsageRecord[]): Appended {
    return this.#writer.append(owner, { records, opened: [], ended: [] })
  }

  do(step: LedgerStep): void {
    if (step.kind === 'add') this.append(step.records)
    if (step.kind === 'roll')
      while (this.#writer.rollUp({ gathered: step.rows, least: step.rows, stored: 2 * step.rows }));
    if (step.kind === 'retain') this.#writer.removeBefore(step.fromMs)
    if (step.kind === 'restart') {
      this.close()
      this.#database = openFile(this.#path, 'write')
      this.#writer = new SqliteWriter(this.#database, this.#path)
    }
  }

  /** A piece of the work, as the thread does one after each commit; up to which row the roll-ups go then. */
  rollOnce(): number {
    this.#writer.rollUp()
    const [rolled] = this.#database.prepare('SELECT up_to AS upTo FROM rolled').all() as { upTo: number }[]
    return rolled?.upTo ?? 0
  }

  /** Rolls up until the first roll-ups of a week are made. */
  rollToFirstWeek(): void {
    while (this.weeks().length === 0) this.#writer.rollUp({ gathered: 100, least: 1, stored: 1 })
  }

  /** The weeks that have roll-ups, by when they begin. */
  weeks(): string[] {
    const rows = this.#database
      .prepare("SELECT DISTINCT begins_ms AS at FROM rollup_sums WHERE unit = 'week' ORDER BY at")
      .all() as { at: number }[]
    return rows.map(({ at }) => new Date(at).toISOString().slice(0, 10))
  }

  /** From the roll-ups wherever they know it. */
  rolled(query: StatsQuery): Stats {
    return new SqliteReader(this.#database, -1).stats(query)
  }

  exact(query: StatsQuery): Stats {
    return new SqliteReader(this.#database, Number.MAX_SAFE_INTEGER).stats(query)
  }

  close(): void {
    this.#writer.close()
  }
}

it('roll-ups say what the records say, after inserts, retention and restarts, for any filter and grouping', () => {
  let rolledUp = 0
  fc.assert(
    fc.property(
      randomSteps,
      fc.array(randomQuery, { minLength: 10, maxLength: 20, size: 'max' }),
      (steps, queries) => {
        const ledger = new Ledger()
        for (const one of steps) ledger.do(one)
        for (const query of queries) {
          const found = ledger.rolled(query)
          if (found.percentile_method === 'ddsketch') rolledUp++
          expectAlike(found, ledger.exact(query))
        }
        ledger.close()
      },
    ),
    { numRuns: 30 },
  )
  // Else nothing was compared but records with records.
  expect(rolledUp).toBeGreaterThan(30)
})

it('a retention that cuts an hour leaves the rest of it in the roll-ups, of the hour and of the day', () => {
  const ledger = new Ledger()
  ledger.do({ kind: 'add', records: hourly(300, '2026-11-10T00:05:00Z') })
  ledger.do({ kind: 'roll', rows: 150 })
  ledger.do({ kind: 'retain', fromMs: Date.parse('2026-11-10T07:30:00Z') })
  const { groups } = ledger.rolled(byHour)
  expect(groups?.[0]).toMatchObject({ hour: '2026-11-10T07:00', request_count: 3 })
  expect(groups?.[1]).toMatchObject({ hour: '2026-11-10T08:00', request_count: 6 })
  expectAlike(ledger.rolled({ ...byHour, groupBy: ['day'] }), ledger.exact({ ...byHour, groupBy: ['day'] }))
  ledger.close()
})

it('records that come after all others were removed are counted, though they have the numbers of those', () => {
  const ledger = new Ledger()
  ledger.do({ kind: 'add', records: hourly(20, '2026-11-10T00:05:00Z') })
  ledger.do({ kind: 'roll', rows: 10 })
  ledger.do({ kind: 'retain', fromMs: Date.parse('2026-11-12T00:00:00Z') })
  ledger.do({ kind: 'add', records: hourly(7, '2026-11-13T00:05:00Z') })
  expect(ledger.rolled({ ...byHour, groupBy: [] }).request_count).toBe(7)
  ledger.close()
})

it('roll-ups keep up with commits of any size, a piece of the work after each', () => {
  const ledger = new Ledger()
  let upTo = 0
  for (let commit = 1; commit <= 20; commit++) {
    ledger.do({ kind: 'add', records: hourly(1_000, '2026-11-10T00:05:00Z') })
    upTo = ledger.rollOnce()
  }
  expect(20_000 - upTo).toBeLessThanOrEqual(7_000)
  ledger.close()
})

it('a crash that another proxy had guessed is replaced by what happened, in the roll-ups too', () => {
  const ledger = new Ledger()
  const records = hourly(2_000, '2026-10-15T00:05:00Z')
  const guessed = records.slice(5, 8).map((record) => ({
    ...{ ...record, outcome: 'incomplete' as const, incomplete_reason: 'crash' as const, cost_usd: null },
  }))
  ledger.do({ kind: 'add', records: [...guessed, ...records.slice(8)] })
  ledger.do({ kind: 'roll', rows: 100 })
  expect(ledger.weeks()).toEqual(['2026-10-15'])
  const [first, second, third] = records.slice(5, 8)
  expect(ledger.append([first as UsageRecord, guessed[1] as UsageRecord])).toMatchObject({
    stored: 1,
    known: 1,
  })
  ledger.do({ kind: 'roll', rows: 1 })
  expect(ledger.append([third as UsageRecord, third as UsageRecord])).toMatchObject({ stored: 1, known: 1 })
  for (const groupBy of [['hour'], ['day'], ['outcome']] as const) {
    const query: StatsQuery = { ...byHour, groupBy: [...groupBy] }
    expectAlike(ledger.rolled(query), ledger.exact(query))
  }
  const { groups } = ledger.rolled({ ...byHour, groupBy: ['outcome'] })
  expect(groups?.map(({ outcome, request_count: count }) => [outcome, count])).toEqual([
    ['complete', 1994],
    ['incomplete', 1],
  ])
  expect(ledger.append([second as UsageRecord])).toMatchObject({ stored: 1 })
  ledger.close()
})

describe('roll-ups of weeks', () => {
  const roll: LedgerStep = { kind: 'roll', rows: 100 }
  const byUser: StatsQuery = { ...byHour, groupBy: ['proxy_user'] }
  /** More users than are rolled up at once, each with a record every eight hours. */
  const ofUsers = (days: number, from: string) =>
    hourly(days * 144, from).map((record, index) => ({ ...record, proxy_user: `user ${index % 48}` }))

  it('are made of those that have been over for a day, and answer as the records do', () => {
    const ledger = new Ledger()
    // Thursdays, as 1970-01-01 was one, are the 1st, the 8th, the 15th and the 22nd.
    ledger.do({ kind: 'add', records: ofUsers(20, '2026-10-03T00:05:00Z') })
    ledger.do(roll)
    expect(ledger.weeks()).toEqual(['2026-10-01', '2026-10-08'])
    expectAlike(ledger.rolled(byUser), ledger.exact(byUser))
    ledger.do({ kind: 'add', records: ofUsers(2, '2026-10-23T00:05:00Z') })
    ledger.do(roll)
    expect(ledger.weeks()).toEqual(['2026-10-01', '2026-10-08', '2026-10-15'])
    expectAlike(ledger.rolled(byUser), ledger.exact(byUser))
    ledger.close()
  })

  it('take in what comes after they were made, of weeks before the first one too', () => {
    const ledger = new Ledger()
    ledger.do({ kind: 'add', records: ofUsers(20, '2026-10-03T00:05:00Z') })
    ledger.do(roll)
    ledger.do({ kind: 'add', records: ofUsers(3, '2026-10-09T00:05:00Z') })
    ledger.do({ kind: 'add', records: ofUsers(3, '2026-09-04T00:05:00Z') })
    ledger.do(roll)
    expect(ledger.weeks()).toEqual(['2026-09-03', '2026-10-01', '2026-10-08'])
    expectAlike(ledger.rolled(byUser), ledger.exact(byUser))
    ledger.close()
  })

  it('take in what comes while they are half made', () => {
    const ledger = new Ledger()
    ledger.do({ kind: 'add', records: ofUsers(20, '2026-10-01T00:05:00Z') })
    ledger.rollToFirstWeek()
    ledger.do({ kind: 'add', records: ofUsers(3, '2026-10-04T00:05:00Z') })
    ledger.do(roll)
    expectAlike(ledger.rolled(byUser), ledger.exact(byUser))
    ledger.close()
  })

  it('that a retention cuts are made anew of what is left', () => {
    const ledger = new Ledger()
    ledger.do({ kind: 'add', records: ofUsers(30, '2026-10-03T00:05:00Z') })
    ledger.do(roll)
    ledger.do({ kind: 'retain', fromMs: Date.parse('2026-10-11T13:20:00Z') })
    expect(ledger.weeks()).toEqual(['2026-10-08', '2026-10-15', '2026-10-22'])
    expectAlike(ledger.rolled(byUser), ledger.exact(byUser))
    ledger.close()
  })

  it('follow a clock that ran ahead for a moment', () => {
    const ledger = new Ledger()
    ledger.do({ kind: 'add', records: hourly(200, '2046-01-01T00:00:00Z') })
    ledger.do(roll)
    ledger.do({ kind: 'add', records: ofUsers(20, '2026-10-03T00:05:00Z') })
    ledger.do(roll)
    expectAlike(ledger.rolled(byUser), ledger.exact(byUser))
    expect(ledger.weeks()).toContain('2026-10-08')
    ledger.close()
  })
})
