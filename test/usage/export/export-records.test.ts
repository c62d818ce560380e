import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { exportRecords } from '../../../src/usage/export/export-records.ts'
import type { ExportFormat } from '../../../src/usage/export/piece.ts'
import { everything, type UsageFilter } from '../../../src/usage/query/filter.ts'
import { fits } from '../../../src/usage/query/fits.ts'
import type { UsageRecord } from '../../../src/usage/record/record.ts'
import { openStore } from '../../../src/usage/stores/index.ts'
import type { UsageStore } from '../../../src/usage/stores/store.ts'
import { aRecord } from '../../support/a-record.ts'
import { randomRecord } from '../../support/random-records.ts'
import { tempFolder } from '../../support/temp-folder.ts'

const nowMs = Date.parse('2026-11-20T10:00:00Z')
const owner = { id: 'me', pid: process.pid, machine: 'here' }
const hard = [
  'a "quoted" word',
  'C:\\temp\\new',
  'two\nlines\r\n',
  'a,b;c\td',
  '\u0001\u001f\u007f\u2028',
  'Füße 日本 😀',
  '=1+1',
]

let records: UsageRecord[]
let store: UsageStore
/** As the ledger gives each record alone. */
let lines: Map<string, string>

beforeAll(async () => {
  records = fc.sample(randomRecord, 5_000)
  records.push(...hard.map((user_agent) => aRecord({ user_agent, tags: { [user_agent]: user_agent } })))
  store = openStore(join(tempFolder(), 'usage.db'), {
    ...{ readOnly: false, machine: 'here', mostRecords: 1, flushIntervalMs: 1, onNotice: () => {} },
  })
  await store.append(owner, { records, opened: [], ended: [] })
  const asked = { filter: all, order: 'newest', after: null, limit: 10_000 } as const
  const page = await store.page(asked)
  lines = new Map(page.lines.map((line) => [(JSON.parse(line) as UsageRecord).id, line]))
})
afterAll(() => store.close())

const purposes = ['chat', 'title', 'count_tokens'] as const
const all: UsageFilter = { ...everything, callPurposes: [...purposes] }

const exported = (filter: UsageFilter, format: ExportFormat) =>
  text(exportRecords(store, filter, format, nowMs).pieces)

function expected(filter: UsageFilter): { record: UsageRecord; line: string }[] {
  return records
    .filter((record) => fits(record, filter))
    .sort((a, b) => (a.timestamp + a.id < b.timestamp + b.id ? -1 : 1))
    .map((record) => ({ record, line: lines.get(record.id) ?? '' }))
}

/** RFC 4180, with the apostrophe before what a spreadsheet would compute. */
function csv(rows: readonly (readonly unknown[])[]): string {
  const cell = (value: unknown) => {
    const plain = value === null ? '' : typeof value === 'object' ? JSON.stringify(value) : String(value)
    const safe = typeof value === 'string' && /^[=+\-@\t\r]/.test(plain) ? `'${plain}` : plain
    return /[",\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe
  }
  return rows.map((row) => `${row.map(cell).join(',')}\n`).join('')
}

const filters: Record<string, UsageFilter> = {
  'of everything': all,
  'of what is usually meant': everything,
  'of a window': {
    ...all,
    fromMs: Date.parse('2026-10-25T00:00:00Z'),
    untilMs: Date.parse('2026-11-01T12:00:00Z'),
  },
  'of one session': { ...all, sessionIds: ['s_2'] },
  'of two users and a model': { ...all, proxyUsers: ['ann', 'bob'], models: ['gpt-4o'] },
  'of hours of the day in Berlin': { ...all, hours: [2, 3], timeZone: 'Europe/Berlin' },
}

describe.each(Object.entries(filters))('an export %s', (_name, filter) => {
  it('has as JSON Lines each record as the ledger gives it, oldest first', async () => {
    const found = expected(filter)
    expect(found.length).toBeGreaterThan(50)
    expect(await exported(filter, 'jsonl')).toBe(found.map(({ line }) => `${line}\n`).join(''))
  })

  it('has as JSON the same in one document, with their number', async () => {
    const found = expected(filter)
    const whole = await exported(filter, 'json')
    const at = whole.indexOf('"records":[')
    expect(whole.slice(at)).toBe(
      `"records":[\n${found.map(({ line }) => line).join(',\n')}\n],"record_count":${found.length}}\n`,
    )
    const { version, exported_at, records: read } = JSON.parse(whole)
    expect({ version, exported_at }).toEqual({ version: 1, exported_at: '2026-11-20T10:00:00.000Z' })
    expect(read).toEqual(found.map(({ record }) => record))
  })

  it('has as CSV a row each under the names of the fields', async () => {
    const found = expected(filter)
    const names = Object.keys(aRecord()) as (keyof UsageRecord)[]
    expect(await exported(filter, 'csv')).toBe(
      csv([names, ...found.map(({ record }) => names.map((name) => record[name]))]),
    )
  })
})

it('an export of nothing is empty, and a whole document', async () => {
  const nothing: UsageFilter = { ...all, proxyUsers: ['nobody'] }
  expect(await exported(nothing, 'jsonl')).toBe('')
  expect(JSON.parse(await exported(nothing, 'json'))).toMatchObject({ records: [], record_count: 0 })
  expect(await exported(nothing, 'csv')).toBe(csv([Object.keys(aRecord())]))
})
