import { existsSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { everything } from '../../../../src/usage/query/filter.ts'
import type { UsageRecord } from '../../../../src/usage/record/record.ts'
import { openStore } from '../../../../src/usage/stores/index.ts'
import { aRecord } from '../../../support/a-record.ts'
import { tempFolder } from '../../../support/temp-folder.ts'

const me = { id: 'me', pid: process.pid, machine: 'here' }
const open = (path: string, notices: string[] = []) =>
  openStore(path, {
    ...{ readOnly: false, machine: 'here', mostRecords: 100, flushIntervalMs: 60_000 },
    onNotice: (notice) => notices.push(notice),
  })

it('makes the folder that it is to be in', async () => {
  const path = join(tempFolder(), 'new', 'folder', 'usage.json')
  const store = open(path)
  await store.append(me, { records: [aRecord()], opened: [], ended: [] })
  await store.close()
  expect(existsSync(path)).toBe(true)
  expect(existsSync(`${path}.lock`)).toBe(false)
})

it('takes a file of the documented shape in any layout and order', async () => {
  const path = join(tempFolder(), 'usage.json')
  const times = ['12', '10', '11']
  const records = times.map((hour) => aRecord({ timestamp: `2026-11-10T${hour}:00:00.000Z` }))
  const last_flush = '2026-11-10T13:00:00.000Z'
  writeFileSync(path, JSON.stringify({ version: 1, last_flush, record_count: 3, records }, null, 2))
  const notices: string[] = []
  const store = open(path, notices)
  await store.prepare()
  const { lines } = await store.page({ filter: everything, order: 'oldest', after: null, limit: 9 })
  await store.close()
  const hours = lines.map((line) => (JSON.parse(line) as UsageRecord).timestamp.slice(11, 13))
  expect(hours).toEqual(['10', '11', '12'])
  expect(notices).toEqual([])
})

it.each(['null', '[]', '{}', '{"records":[null,1,{"id":7}]}', '{"version":1,"records":[\nnull\n]}'])(
  'sets %j aside, which is JSON and no ledger',
  async (text) => {
    const path = join(tempFolder(), 'usage.json')
    writeFileSync(path, text)
    const notices: string[] = []
    const store = open(path, notices)
    await store.prepare()
    await store.append(me, { records: [aRecord()], opened: [], ended: [] })
    expect(await store.count(everything, 9)).toBe(1)
    await store.close()
    expect(notices).toEqual([expect.stringMatching(/was damaged; it is set aside as .*, and 0 records/)])
  },
)
