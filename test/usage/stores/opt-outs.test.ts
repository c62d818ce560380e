import { join } from 'node:path'
import { DatabaseSync } from '@photostructure/sqlite'
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest'
import type { OptOutChange } from '../../../src/core/opt-out-change.ts'
import { openStore } from '../../../src/usage/stores/index.ts'
import { mostOptOuts, type UsageStore } from '../../../src/usage/stores/store.ts'
import { asked, startPostgres, type TestPostgres } from '../../support/postgres.ts'
import { tempFolder } from '../../support/temp-folder.ts'

let postgres: TestPostgres
beforeAll(async () => {
  postgres = await startPostgres()
})
afterAll(() => postgres?.close())

const stores = [
  {
    name: 'usage.db',
    path: async () => join(tempFolder(), 'usage.db'),
    toOlderForm(path: string) {
      const database = new DatabaseSync(path)
      database.exec('DROP TABLE opt_outs; PRAGMA user_version = 3')
      database.close()
    },
  },
  {
    name: 'postgres://',
    path: () => postgres.database(),
    async toOlderForm(path: string): Promise<void> {
      await asked(path, 'DROP TABLE llmproxy_opt_outs; UPDATE llmproxy_form SET version = 4')
    },
  },
]

function opened(path: string): UsageStore {
  const store = openStore(path, {
    ...{ readOnly: false, machine: 'here', mostRecords: 10, flushIntervalMs: 60_000, onNotice: () => {} },
  })
  onTestFinished(() => store.close())
  return store
}

const out = (key: string, atMs: number): OptOutChange => ({ key, isOptedOut: true, atMs })
const back = (key: string, atMs: number): OptOutChange => ({ key, isOptedOut: false, atMs })

describe.each(stores)('opt-outs in $name', ({ path: aPath, toOlderForm }) => {
  it('are given to each proxy on it once, though it asks with what it has seen last', async () => {
    const path = await aPath()
    const [a, b] = [opened(path), opened(path)]
    await a.exchangeOptOuts([out('one', 10)], 0)
    const first = await b.exchangeOptOuts([], 0)
    expect(first?.changes).toEqual([out('one', 10)])
    await a.exchangeOptOuts([out('two', 11), back('one', 12)], 0)
    const then = await b.exchangeOptOuts([], first?.newest ?? -1)
    expect(then?.changes).toEqual(expect.arrayContaining([out('two', 11), back('one', 12)]))
    expect(then?.newest).toBeGreaterThan(first?.newest ?? 0)
  })

  it('are what was said last, whatever comes last: an older add does not undo a removal', async () => {
    const store = opened(await aPath())
    await store.exchangeOptOuts([back('s', 20)], 0)
    const found = await store.exchangeOptOuts([out('s', 19)], 0)
    expect(found?.changes).toEqual([back('s', 20)])
    expect((await store.exchangeOptOuts([out('s', 20)], 0))?.changes).toEqual([back('s', 20)])
    expect((await store.exchangeOptOuts([out('s', 21)], 0))?.changes).toEqual([out('s', 21)])
    expect((await store.exchangeOptOuts([back('s', 21)], 0))?.changes).toEqual([back('s', 21)])
  })

  it('are lost by no reader, however many proxies write at once', async () => {
    const path = await aPath()
    const [a, b, reader] = [opened(path), opened(path), opened(path)]
    await Promise.all([a, b, reader].map((store) => store.prepare()))
    const seen = new Set<string>()
    let after = 0
    const read = async () => {
      const found = await reader.exchangeOptOuts([], after)
      after = found?.newest ?? 0
      for (const { key } of found?.changes ?? []) seen.add(key)
    }
    const write = async (store: UsageStore, name: string) => {
      for (let i = 0; i < 40; i++) await store.exchangeOptOuts([out(`${name}${i}`, i)], after)
    }
    const writing = Promise.all([write(a, 'a'), write(b, 'b')])
    for (let i = 0; i < 60; i++) await read()
    await writing
    await read()
    expect(seen.size).toBe(80)
  })

  it('take names of any length and any characters', async () => {
    const store = opened(await aPath())
    const key = JSON.stringify(['\u0000"\ud800'.padEnd(512, '\u0001'), 'é'.repeat(2_000)])
    expect((await store.exchangeOptOuts([out(key, 1)], 0))?.changes).toEqual([out(key, 1)])
  })

  it('are bounded, the newest kept, and go with the records of their time', async () => {
    const store = opened(await aPath())
    const many = Array.from({ length: mostOptOuts + 5 }, (_, index) => out(`s${index}`, 100 + index))
    await store.exchangeOptOuts(many, 0)
    const kept = (await store.exchangeOptOuts([], 0))?.changes ?? []
    expect(kept).toHaveLength(mostOptOuts)
    expect(kept.at(-1)).toEqual(many.at(-1))
    await store.removeBefore(100 + mostOptOuts)
    const left = await store.exchangeOptOuts([], 0)
    expect(left?.changes.map(({ key }) => key)).toEqual(many.slice(mostOptOuts).map(({ key }) => key))
    await store.removeBefore(1_000_000)
    expect(await store.exchangeOptOuts([], left?.newest ?? 0)).toEqual({ changes: [], newest: 0 })
  })

  it('come to a ledger that was made before there were any', async () => {
    const path = await aPath()
    const older = opened(path)
    await older.prepare()
    await older.close()
    await toOlderForm(path)
    const store = opened(path)
    expect((await store.exchangeOptOuts([out('s', 1)], 0))?.changes).toEqual([out('s', 1)])
  })
})

it('are not kept in the JSON file, which has no place for them', async () => {
  const store = opened(join(tempFolder(), 'usage.json'))
  expect(await store.exchangeOptOuts([out('s', 1)], 0)).toBeNull()
})
