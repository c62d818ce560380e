import { join } from 'node:path'
import { expect, it } from 'vitest'
import { everything } from '../../src/usage/query/filter.ts'
import { openStore } from '../../src/usage/stores/index.ts'
import type { Cursor, PageQuery, UsageStore } from '../../src/usage/stores/store.ts'
import { aRecord } from '../support/a-record.ts'
import { startLedgerWriter } from '../support/ledger-writer.ts'
import { tempFolder } from '../support/temp-folder.ts'

const begin = Date.parse('2026-11-01T00:00:00Z')
const end = begin + 7 * 86_400_000
const before = 20_000
const appended = 50_000

const open = (path: string): UsageStore =>
  openStore(path, {
    ...{ readOnly: false, machine: 'here', mostRecords: 1, flushIntervalMs: 1, onNotice: () => {} },
  })

async function fill(store: UsageStore): Promise<string[]> {
  const ids: string[] = []
  while (ids.length < before) {
    const records = Array.from({ length: 2_000 }, () =>
      aRecord({ timestamp: new Date(begin + Math.floor(Math.random() * (end - begin))).toISOString() }),
    )
    await store.append({ id: 'me', pid: process.pid, machine: 'here' }, { records, opened: [], ended: [] })
    ids.push(...records.map(({ id }) => id))
  }
  return ids
}

async function pageThrough(store: UsageStore, order: PageQuery['order']): Promise<string[]> {
  const ids: string[] = []
  let after: Cursor | null = null
  do {
    const page = await store.page({ filter: everything, order, after, limit: 1_000 })
    ids.push(...page.lines.map((line) => /"id":"(x_[0-9a-z]+)"/.exec(line)?.[1] ?? line))
    after = page.next
  } while (after !== null)
  return ids
}

async function exportOf(store: UsageStore): Promise<string[]> {
  const ids: string[] = []
  for await (const { bytes } of store.pieces({ filter: everything, format: 'jsonl' })) {
    ids.push(
      ...(Buffer.from(bytes)
        .toString()
        .match(/(?<=^\{"id":")x_\w+/gm) ?? []),
    )
  }
  return ids
}

const readings = [
  (store: UsageStore) => pageThrough(store, 'oldest'),
  (store: UsageStore) => pageThrough(store, 'newest'),
  exportOf,
]

it('pages and exports that are read while another process writes between them have each record of before once', async () => {
  const path = join(tempFolder(), 'usage.db')
  const store = open(path)
  const known = await fill(store)
  const writer = await startLedgerWriter({
    ...{ path, name: 'other', records: appended, perMs: 0, between: [begin, end] },
  })
  let writing = true
  const written = writer.go().finally(() => {
    writing = false
  })
  let passes = 0
  let grown = 0
  while (writing) {
    const found = await (readings[passes++ % readings.length] ?? exportOf)(store)
    const distinct = new Set(found)
    expect(distinct.size).toBe(found.length)
    expect(known.filter((id) => !distinct.has(id))).toEqual([])
    if (found.length > before && found.length < before + appended) grown++
  }
  await written
  expect(grown).toBeGreaterThan(0)
  expect(await pageThrough(store, 'oldest')).toHaveLength(before + appended)
  expect(await exportOf(store)).toEqual(await pageThrough(store, 'oldest'))
  await store.close()
  console.log(`${passes} times through the ledger while it grew`)
})
