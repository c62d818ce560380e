import { join } from 'node:path'
import type { DatabaseSyncInstance } from '@photostructure/sqlite'
import fc from 'fast-check'
import { expect, it } from 'vitest'
import type { StatsQuery } from '../../../../src/usage/query/filter.ts'
import type { Stats } from '../../../../src/usage/statistics/aggregate.ts'
import { openFile } from '../../../../src/usage/stores/sqlite/connection.ts'
import { SqliteReader } from '../../../../src/usage/stores/sqlite/reader.ts'
import { SqliteWriter } from '../../../../src/usage/stores/sqlite/writer.ts'
import { byHour, expectAlike, hourly, type LedgerStep, randomSteps } from '../../../support/ledger-steps.ts'
import { randomQuery } from '../../../support/random-queries.ts'
import { tempFolder } from '../../../support/temp-folder.ts'

const owner = { id: 'me', pid: process.pid, machine: 'here' }

class Ledger {
  readonly #path = join(tempFolder(), 'usage.db')
  #database: DatabaseSyncInstance = openFile(this.#path, 'write')
  #writer = new SqliteWriter(this.#database, this.#path)

  do(step: LedgerStep): void {
    if (step.kind === 'add') this.#writer.append(owner, { records: step.records, opened: [], ended: [] })
    if (step.kind === 'roll') while (this.#writer.rollUp({ gathered: step.rows, stored: 2 * step.rows }));
    if (step.kind === 'retain') this.#writer.removeBefore(step.fromMs)
    if (step.kind === 'restart') {
      this.close()
      this.#database = openFile(this.#path, 'write')
      this.#writer = new SqliteWriter(this.#database, this.#path)
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
