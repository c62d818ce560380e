import { join } from 'node:path'
import type { DatabaseSyncInstance } from '@photostructure/sqlite'
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { everything, type StatsQuery } from '../../../../src/usage/query/filter.ts'
import type { UsageRecord } from '../../../../src/usage/record/record.ts'
import type { Stats } from '../../../../src/usage/statistics/aggregate.ts'
import { openFile } from '../../../../src/usage/stores/sqlite/connection.ts'
import { SqliteReader } from '../../../../src/usage/stores/sqlite/reader.ts'
import { SqliteWriter } from '../../../../src/usage/stores/sqlite/writer.ts'
import { aRecord } from '../../../support/a-record.ts'
import { randomQuery } from '../../../support/random-queries.ts'
import { randomRecord } from '../../../support/random-records.ts'
import { tempFolder } from '../../../support/temp-folder.ts'

const owner = { id: 'me', pid: process.pid, machine: 'here' }
const begin = Date.parse('2026-10-20T00:00:00Z')

/** What happens to a ledger between two questions. */
type Step =
  | { kind: 'add'; records: UsageRecord[] }
  | { kind: 'roll'; rows: number }
  | { kind: 'retain'; fromMs: number }
  | { kind: 'restart' }

const days = 12
/** Closer together than they come, so that a retention cuts hours and days that have some on both sides. */
const records = fc.array(randomRecord, { minLength: 10, maxLength: 40, size: 'max' }).map((some) =>
  some.map((record) => {
    const afterMs = (Date.parse(record.timestamp) - begin) % (days * 86_400_000)
    return { ...record, timestamp: new Date(begin + afterMs).toISOString() }
  }),
)
const add = records.map((some): Step => ({ kind: 'add', records: some }))
const rolled = fc.integer({ min: 1, max: 20 }).map((rows): Step => ({ kind: 'roll', rows }))
const retain = fc
  .integer({ min: 0, max: (days + 0.5) * 86_400_000 })
  .map((afterMs): Step => ({ kind: 'retain', fromMs: begin + afterMs }))
const step = fc.oneof(
  { weight: 3, arbitrary: add },
  { weight: 4, arbitrary: rolled },
  { weight: 2, arbitrary: retain },
  { weight: 1, arbitrary: fc.constant<Step>({ kind: 'restart' }) },
)

const places = ['count', 'min', 'max', 'avg', 'p50', 'p95', 'p99']

/** Equal but for what a sketch may be off: percentiles by 1 %, means by the order in which they were added up. */
function expectAlike(found: object, exact: object): void {
  for (const [name, value] of Object.entries(exact)) {
    const other = (found as Record<string, unknown>)[name]
    if (name === 'percentile_method' || name === 'unique_sessions_method') continue
    if (name.endsWith('_stats') && value !== null) {
      for (const place of places) {
        const [key = ''] = Object.keys(value).filter((one) => one.startsWith(place))
        const [is, should] = [other, value].map(
          (stats) => (stats as Record<string, number>)[key] ?? Number.NaN,
        )
        expect(
          Math.abs((is ?? 0) - (should ?? 0)),
          `${name}.${key}: ${is} for ${should}`,
        ).toBeLessThanOrEqual(Math.abs(should ?? 0) * (place.startsWith('p') ? 0.01001 : 1e-9))
      }
    } else if (name === 'groups') {
      const groups = value as object[]
      expect((other as object[]).length).toBe(groups.length)
      for (const [index, group] of groups.entries()) expectAlike((other as object[])[index] ?? {}, group)
    } else expect(other, name).toEqual(value)
  }
}

class Ledger {
  readonly #path = join(tempFolder(), 'usage.db')
  #database: DatabaseSyncInstance = openFile(this.#path, 'write')
  #writer = new SqliteWriter(this.#database)

  do(step: Step): void {
    if (step.kind === 'add') this.#writer.append(owner, { records: step.records, opened: [], ended: [] })
    if (step.kind === 'roll') while (this.#writer.rollUp({ gathered: step.rows, stored: 2 * step.rows }));
    if (step.kind === 'retain') this.#writer.removeBefore(step.fromMs)
    if (step.kind === 'restart') {
      this.close()
      this.#database = openFile(this.#path, 'write')
      this.#writer = new SqliteWriter(this.#database)
    }
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
      fc.array(step, { minLength: 5, maxLength: 18, size: 'max' }),
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

const hourly = (count: number, from: string) =>
  Array.from({ length: count }, (_, index) =>
    aRecord({ timestamp: new Date(Date.parse(from) + index * 600_000).toISOString() }),
  )
const all: StatsQuery = { filter: everything, leg: null, groupBy: ['hour'], orderBy: null, limit: null }

it('a retention that cuts an hour leaves the rest of it in the roll-ups, of the hour and of the day', () => {
  const ledger = new Ledger()
  ledger.do({ kind: 'add', records: hourly(300, '2026-11-10T00:05:00Z') })
  ledger.do({ kind: 'roll', rows: 150 })
  ledger.do({ kind: 'retain', fromMs: Date.parse('2026-11-10T07:30:00Z') })
  const { groups } = ledger.rolled(all)
  expect(groups?.[0]).toMatchObject({ hour: '2026-11-10T07:00', request_count: 3 })
  expect(groups?.[1]).toMatchObject({ hour: '2026-11-10T08:00', request_count: 6 })
  expectAlike(ledger.rolled({ ...all, groupBy: ['day'] }), ledger.exact({ ...all, groupBy: ['day'] }))
  ledger.close()
})

it('records that come after all others were removed are counted, though they have the numbers of those', () => {
  const ledger = new Ledger()
  ledger.do({ kind: 'add', records: hourly(20, '2026-11-10T00:05:00Z') })
  ledger.do({ kind: 'roll', rows: 10 })
  ledger.do({ kind: 'retain', fromMs: Date.parse('2026-11-12T00:00:00Z') })
  ledger.do({ kind: 'add', records: hourly(7, '2026-11-13T00:05:00Z') })
  expect(ledger.rolled({ ...all, groupBy: [] }).request_count).toBe(7)
  ledger.close()
})
