import fc from 'fast-check'
import { expect } from 'vitest'
import { everything, type StatsQuery } from '../../src/usage/query/filter.ts'
import type { UsageRecord } from '../../src/usage/record/record.ts'
import { aRecord } from './a-record.ts'
import { randomRecord } from './random-records.ts'

const begin = Date.parse('2026-10-20T00:00:00Z')

/** What happens to a ledger between two questions. */
export type LedgerStep =
  | { kind: 'add'; records: UsageRecord[] }
  | { kind: 'roll'; rows: number }
  | { kind: 'retain'; fromMs: number }
  | { kind: 'restart' }

const days = 26
/** Closer together than they come, so that a retention cuts hours and days that have some on both sides. */
const records = fc.array(randomRecord, { minLength: 10, maxLength: 40, size: 'max' }).map((some) =>
  some.map((record) => {
    const afterMs = (Date.parse(record.timestamp) - begin) % (days * 86_400_000)
    return { ...record, timestamp: new Date(begin + afterMs).toISOString() }
  }),
)
const add = records.map((some): LedgerStep => ({ kind: 'add', records: some }))
const rolled = fc.integer({ min: 1, max: 20 }).map((rows): LedgerStep => ({ kind: 'roll', rows }))
const retain = fc
  .integer({ min: 0, max: (days + 0.5) * 86_400_000 })
  .map((afterMs): LedgerStep => ({ kind: 'retain', fromMs: begin + afterMs }))
const step = fc.oneof(
  { weight: 3, arbitrary: add },
  { weight: 4, arbitrary: rolled },
  { weight: 2, arbitrary: retain },
  { weight: 1, arbitrary: fc.constant<LedgerStep>({ kind: 'restart' }) },
)

export const randomSteps = fc.array(step, { minLength: 5, maxLength: 18, size: 'max' })

const places = ['count', 'min', 'max', 'avg', 'p50', 'p95', 'p99']

/** Equal but for what a sketch may be off: percentiles by 1 %, means by the order in which they were added up. */
export function expectAlike(found: object, exact: object): void {
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

/** Six an hour. */
export const hourly = (count: number, from: string) =>
  Array.from({ length: count }, (_, index) =>
    aRecord({ timestamp: new Date(Date.parse(from) + index * 600_000).toISOString() }),
  )

export const byHour: StatsQuery = {
  filter: everything,
  leg: null,
  groupBy: ['hour'],
  orderBy: null,
  limit: null,
}
