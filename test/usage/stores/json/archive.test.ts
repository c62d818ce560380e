import { existsSync, readdirSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { expect, it } from 'vitest'
import { everything } from '../../../../src/usage/query/filter.ts'
import type { UsageRecord } from '../../../../src/usage/record/record.ts'
import { JsonEngine } from '../../../../src/usage/stores/json/json-engine.ts'
import type { PageQuery } from '../../../../src/usage/stores/store.ts'
import { aRecord } from '../../../support/a-record.ts'
import { tempFolder } from '../../../support/temp-folder.ts'

const me = { id: 'me', pid: process.pid, machine: 'here' }
const hour = 3_600_000
const begin = Date.parse('2026-10-31T20:00:00Z')

/** Eight hours over a month's end, of which three are kept in memory, and one that was open all the time. */
async function setUp() {
  const file = join(tempFolder(), 'usage.json')
  const engine = new JsonEngine({ file, mostRecords: 3, readOnly: false, onNotice: () => {} })
  await engine.load()
  const at = (hours: number) =>
    aRecord({
      timestamp: new Date(begin + hours * hour).toISOString(),
      ...{ proxy_user: 'ann', cost_usd: 1, model: `model-${hours}` },
    })
  const append = (...records: UsageRecord[]) => engine.append(me, { records, opened: [], ended: [] })
  const records = Array.from({ length: 8 }, (_, hours) => at(hours))
  append(...records)
  await engine.flush(Date.now())
  const late = at(1.5)
  append(late)
  await engine.flush(Date.now())
  const sorted = [...records.slice(0, 2), late, ...records.slice(2)].map(({ id }) => id)
  return { file, engine, sorted, late, append }
}

async function pages(engine: JsonEngine, order: PageQuery['order']): Promise<string[]> {
  const ids: string[] = []
  let after: PageQuery['after'] = null
  do {
    const { lines, next } = await engine.page({ filter: everything, order, after, limit: 2 })
    ids.push(...lines.map((line) => (JSON.parse(line) as UsageRecord).id))
    after = next
  } while (after !== null)
  return ids
}

it('records beyond the bound are in a file for each month, and are read as if they were not', async () => {
  const { file, engine, sorted, late } = await setUp()
  const names = readdirSync(dirname(file)).filter((name) => name.endsWith('.jsonl'))
  expect(names.sort()).toEqual(['usage.2026-10.jsonl', 'usage.2026-11.jsonl'])
  expect(engine.archivedRecords).toBe(6)
  expect(await pages(engine, 'oldest')).toEqual(sorted)
  expect(await pages(engine, 'newest')).toEqual([...sorted].reverse())
  expect(await engine.count(everything, 100)).toBe(9)
  expect(engine.find(late.id, 10).map((line) => JSON.parse(line))).toEqual([late])
  expect(await engine.spentSince(begin + hour)).toEqual([{ user: 'ann', nanoUsd: 8e9 }])
  expect(await engine.unseen({ ...everything, models: ['model-0', 'model-9'] })).toEqual(['model=model-9'])
})

it('an archived record that is sent again is known', async () => {
  const { late, append } = await setUp()
  expect(append(late)).toEqual({ stored: 0, known: 1, conflicts: [] })
})

it('what is archived while somebody reads is given once', async () => {
  const { engine, sorted, append } = await setUp()
  const page = engine.page({ filter: everything, order: 'oldest', after: null, limit: 100 })
  append(...Array.from({ length: 5 }, () => aRecord()))
  await engine.flush(Date.now())
  const ids = (await page).lines.map((line) => (JSON.parse(line) as UsageRecord).id)
  expect(ids).toEqual(sorted)
})

it('whole months go when they are older', async () => {
  const { file, engine } = await setUp()
  const november = Date.parse('2026-11-01T00:00:00Z')
  expect(engine.removeBefore(november)).toBe(5)
  expect(existsSync(join(dirname(file), 'usage.2026-10.jsonl'))).toBe(false)
  expect(await engine.count(everything, 100)).toBe(4)
})

it('another that only reads finds the same', async () => {
  const { file, engine, sorted } = await setUp()
  await engine.flush(Date.now())
  const again = new JsonEngine({ file, mostRecords: 3, readOnly: true, onNotice: () => {} })
  await again.load()
  expect(await pages(again, 'oldest')).toEqual(sorted)
})
