import { createHash } from 'node:crypto'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { everything } from '../../src/usage/query/filter.ts'
import type { UsageRecord } from '../../src/usage/record/record.ts'
import { openStore } from '../../src/usage/stores/index.ts'
import type { Cursor } from '../../src/usage/stores/store.ts'
import { essence, startLedgerWriter } from '../support/ledger-writer.ts'
import { tempFolder } from '../support/temp-folder.ts'

const processes = ['one', 'two', 'three']
const records = 200_000
const perMs = 10

async function allOf(path: string): Promise<UsageRecord[]> {
  const store = openStore(path, {
    ...{ readOnly: true, machine: '', mostRecords: 1, flushIntervalMs: 1, onNotice: () => {} },
  })
  const found: UsageRecord[] = []
  let after: Cursor | null = null
  do {
    const page = await store.page({ filter: everything, order: 'oldest', after, limit: 5_000 })
    found.push(...page.lines.map((line) => JSON.parse(line) as UsageRecord))
    after = page.next
  } while (after !== null)
  await store.close()
  return found
}

/** Of the records of one process, as it made its own. */
function hashOf(all: readonly UsageRecord[], name: string): string {
  const hash = createHash('sha256')
  const its = all.filter((record) => record.user_agent === name)
  for (const record of its.sort((a, b) => (a.id < b.id ? -1 : 1))) hash.update(essence(record))
  return hash.digest('hex')
}

/** Milliseconds, by the ids themselves, in which more than one process made one. */
function sharedMs(all: readonly UsageRecord[]): number {
  const makers = new Map<string, Set<string | null>>()
  for (const { id, user_agent } of all) {
    const ms = id.slice(0, 11)
    makers.set(ms, (makers.get(ms) ?? new Set()).add(user_agent))
  }
  return [...makers.values()].filter(({ size }) => size > 1).length
}

test('200,000 records at ten a millisecond from three processes: none dropped, no id twice', async () => {
  const path = join(tempFolder(), 'usage.db')
  const shares = processes.map((_, index) => Math.floor((records + index) / processes.length))
  const writers = await Promise.all(
    processes.map((name, index) =>
      startLedgerWriter({
        ...{ path, name, records: shares[index] ?? 0, perMs: perMs / processes.length, between: null },
      }),
    ),
  )
  const ends = await Promise.all(writers.map((writer) => writer.go()))
  const all = await allOf(path)
  const slowestMs = Math.max(...ends.map(({ tookMs }) => tookMs))
  const shared = sharedMs(all)
  console.log(
    `${all.length} records at ${(all.length / slowestMs).toFixed(1)} a ms; ids of several processes in ${shared} of the milliseconds; batches tried again: ${ends.map(({ troubles }) => troubles)}`,
  )
  expect(ends.map(({ dropped }) => dropped)).toEqual([0, 0, 0])
  expect(all).toHaveLength(records)
  expect(new Set(all.map(({ id }) => id)).size).toBe(records)
  expect(shared).toBeGreaterThan(1_000)
  expect(processes.map((name) => hashOf(all, name))).toEqual(ends.map(({ hash }) => hash))
})
