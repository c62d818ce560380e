import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { everything } from '../../../src/usage/query/filter.ts'
import type { UsageRecord } from '../../../src/usage/record/record.ts'
import { openStore } from '../../../src/usage/stores/index.ts'
import type { Owner, UsageStore } from '../../../src/usage/stores/store.ts'
import { aRecord } from '../../support/a-record.ts'
import { startPostgres, type TestPostgres } from '../../support/postgres.ts'
import { tempFolder } from '../../support/temp-folder.ts'

const me: Owner = { id: 'me', pid: process.pid, machine: 'here' }
const goneProcess = 2 ** 22 + 1

interface StoreUnderTest {
  name: string
  /** Of an empty ledger. */
  path(folder: string): string | Promise<string>
  setUp?(): Promise<void>
  tearDown?(): Promise<void>
}

let postgres: TestPostgres | undefined
const stores: readonly StoreUnderTest[] = [
  { name: 'usage.db', path: (folder) => join(folder, 'usage.db') },
  { name: 'usage.json', path: (folder) => join(folder, 'usage.json') },
  {
    name: 'postgres://',
    async setUp() {
      postgres = await startPostgres()
    },
    path: () => postgres?.database() ?? '',
    tearDown: async () => postgres?.close(),
  },
]

/** What every store must do, whatever it is made of. */
describe.each(stores)('the ledger in $name', ({ path: pathIn, setUp, tearDown }) => {
  if (setUp) beforeAll(setUp)
  if (tearDown) afterAll(tearDown)
  let folder: string
  let path: string
  let store: UsageStore
  const notices: string[] = []

  const open = (readOnly = false) =>
    openStore(path, {
      ...{ readOnly, machine: 'here', mostRecords: 1000, flushIntervalMs: 60_000 },
      spoolFolder: join(folder, 'usage-spool'),
      onNotice: (notice) => notices.push(notice),
    })
  const add = (...records: UsageRecord[]) => store.append(me, { records, opened: [], ended: [] })
  const idsOf = async (filter = everything) => {
    const { lines } = await store.page({ filter, order: 'oldest', after: null, limit: 100 })
    return lines.map((line) => (JSON.parse(line) as UsageRecord).id)
  }

  beforeEach(async () => {
    folder = tempFolder()
    path = await pathIn(folder)
    store = open()
    await store.prepare()
  })
  afterEach(async () => {
    await store.close()
  })

  it('gives back what it was given, every field', async () => {
    const record = aRecord({ tags: { a: '1' }, tool_names: ['Bash'], list_cost_usd: 12.345678901 })
    await add(record)
    const { lines } = await store.page({ filter: everything, order: 'oldest', after: null, limit: 10 })
    expect(lines.map((line) => JSON.parse(line))).toEqual([record])
  })

  it('stores a batch that is sent twice once, and counts an id that belongs to another exchange', async () => {
    const record = aRecord()
    expect(await add(record, aRecord())).toEqual({ stored: 2, known: 0, conflicts: [] })
    expect(await add(record)).toEqual({ stored: 0, known: 1, conflicts: [] })
    const other = aRecord({ id: record.id, timestamp: '2026-11-11T00:00:00.000Z' })
    expect(await add(other)).toEqual({ stored: 0, known: 0, conflicts: [record.id] })
    expect(await idsOf()).toHaveLength(2)
  })

  it('gives pages in the order of time, each beginning behind the last, without a gap or a double', async () => {
    const times = [3, 1, 2, 2, 5, 4, 2]
    const records = times.map((hour) => aRecord({ timestamp: `2026-11-10T0${hour}:00:00.000Z` }))
    await add(...records)
    const sorted = [...records]
      .sort((a, b) => (a.timestamp + a.id < b.timestamp + b.id ? -1 : 1))
      .map(({ id }) => id)
    for (const order of ['oldest', 'newest'] as const) {
      const found: string[] = []
      let after = null
      do {
        const page = await store.page({ filter: everything, order, after, limit: 2 })
        found.push(...page.lines.map((line) => (JSON.parse(line) as UsageRecord).id))
        after = page.next
      } while (after !== null)
      expect(found).toEqual(order === 'oldest' ? sorted : [...sorted].reverse())
    }
  })

  it('exports all that fits, oldest first, in each format', async () => {
    const times = [3, 1, 2, 2, 4]
    const records = times.map((hour) => aRecord({ timestamp: `2026-11-10T0${hour}:00:00.000Z` }))
    await add(...records, aRecord({ proxy_user: 'bob', user_agent: 'Füße "1", 2' }))
    const sorted = [1, 2, 3, 0, 4].map((at) => records[at])
    const exported = async (format: 'json' | 'jsonl' | 'csv', proxyUsers: string[] = []) => {
      const pieces: string[] = []
      for await (const { bytes } of store.pieces({ filter: { ...everything, proxyUsers }, format })) {
        pieces.push(Buffer.from(bytes).toString())
      }
      return pieces.join('')
    }
    const lines = (await exported('jsonl')).split('\n')
    expect(lines.pop()).toBe('')
    expect(lines.slice(0, 5).map((line) => JSON.parse(line))).toEqual(sorted)
    expect(lines).toHaveLength(6)
    expect(JSON.parse(`[${(await exported('json')).slice(1)}]`)).toEqual(
      lines.map((line) => JSON.parse(line)),
    )
    expect(await exported('csv', ['bob'])).toMatch(/^x_[^\n]*,"Füße ""1"", 2",[^\n]*,bob\n$/)
    expect(await exported('jsonl', ['carl'])).toBe('')
  })

  it('counts up to a limit, and finds by the beginning of an id', async () => {
    const records = [aRecord({ id: 'x_aaaa1' }), aRecord({ id: 'x_aaaa2' }), aRecord({ id: 'x_ab' })]
    await add(...records)
    expect(await store.count(everything, 3)).toBe(3)
    expect(await store.count(everything, 2)).toBeNull()
    const found = await store.find('x_aaaa', 10)
    expect(found.map((line) => (JSON.parse(line) as UsageRecord).id)).toEqual(['x_aaaa2', 'x_aaaa1'])
    expect(await store.find('x_zz', 10)).toEqual([])
  })

  it('names the words of a filter that no record ever had', async () => {
    await add(aRecord({ model: 'claude-3-5-sonnet-20241022', tags: { project: 'web' } }))
    const asked = {
      ...everything,
      models: ['claude-3-5-sonnet', 'claude-4'],
      backends: ['openai', 'opneai'],
      sessionIds: ['s_1', 's_9'],
      tags: ['project=web', 'project=api'],
    }
    expect([...(await store.unseen(asked))].sort()).toEqual([
      'backend=opneai',
      'model=claude-4',
      'session_id=s_9',
      'tag=project=api',
    ])
  })

  it('knows the last turn of each session and what each user has spent', async () => {
    await add(
      aRecord({ session_id: 'a', turn_number: 2 }),
      aRecord({ session_id: 'a', turn_number: 1 }),
      aRecord({ session_id: null, turn_number: null }),
      aRecord({ proxy_user: 'ann', cost_usd: 0.25 }),
      aRecord({ proxy_user: 'ann', cost_usd: 0.000000001 }),
      aRecord({ proxy_user: 'ann', cost_usd: 9, timestamp: '2026-11-09T23:59:59.999Z' }),
      aRecord({ proxy_user: 'bob', cost_usd: null }),
    )
    expect(await store.lastTurns(10)).toContainEqual({ sessionId: 'a', turn: 2 })
    expect(await store.spentSince(Date.parse('2026-11-10T00:00:00Z'))).toEqual([
      { user: 'ann', nanoUsd: 250_000_001 },
    ])
  })

  it('removes what is older', async () => {
    const [old, young] = [aRecord({ timestamp: '2026-11-01T00:00:00.000Z' }), aRecord()]
    await add(old, young)
    expect(await store.removeBefore(Date.parse('2026-11-02T00:00:00Z'))).toBe(1)
    expect(await idsOf()).toEqual([young.id])
  })

  it('has everything after it was opened anew, also without having been closed', async () => {
    const record = aRecord()
    await add(record)
    const reader = open(true)
    const page = await reader.page({ filter: everything, order: 'oldest', after: null, limit: 10 })
    expect(page.lines.map((line) => JSON.parse(line))).toEqual([record])
    await reader.close()
    await store.close()
    store = open()
    await store.prepare()
    expect(await idsOf()).toEqual([record.id])
  })

  it('records what was open when its owner died, and nothing of who closed it or left in order', async () => {
    const crashed = aRecord({ outcome: 'incomplete', incomplete_reason: 'crash' })
    const closed = aRecord()
    const dead: Owner = { id: 'dead', pid: goneProcess, machine: 'here' }
    await store.append(dead, { records: [], opened: [crashed, closed], ended: [] })
    await store.append(dead, { records: [closed], opened: [], ended: [closed.id] })
    const polite: Owner = { id: 'polite', pid: goneProcess, machine: 'here' }
    await store.append(polite, { records: [], opened: [aRecord()], ended: [] })
    await store.release(polite)
    expect(await store.closeOrphans(me, Date.now())).toBe(1)
    expect([...(await idsOf())].sort()).toEqual([crashed.id, closed.id].sort())
    expect(await store.closeOrphans(me, Date.now())).toBe(0)
  })
})
