import { join } from 'node:path'
import { expect, it } from 'vitest'
import { everything } from '../../../../src/usage/query/filter.ts'
import { openStore } from '../../../../src/usage/stores/index.ts'
import type { Owner } from '../../../../src/usage/stores/store.ts'
import { aRecord } from '../../../support/a-record.ts'
import { tempFolder } from '../../../support/temp-folder.ts'

it('two proxies write to one file, and neither takes what the other has open for crashed', async () => {
  const path = join(tempFolder(), 'usage.db')
  const settings = {
    readOnly: false,
    machine: 'here',
    mostRecords: 1,
    flushIntervalMs: 1,
    onNotice: () => {},
  }
  const [a, b] = [openStore(path, settings), openStore(path, settings)]
  const owner = (id: string): Owner => ({ id, pid: process.pid, machine: 'here' })
  await Promise.all([a.prepare(), b.prepare()])
  const open = aRecord()
  await a.append(owner('a'), { records: [], opened: [open], ended: [] })
  await Promise.all(
    Array.from({ length: 40 }, (_, index) => {
      const records = Array.from({ length: 25 }, () => aRecord())
      return (index % 2 ? a : b).append(owner(index % 2 ? 'a' : 'b'), { records, opened: [], ended: [] })
    }),
  )
  expect(await b.closeOrphans(owner('b'), Date.now())).toBe(0)
  expect(await b.count(everything, 10_000)).toBe(1000)
  // Silent for so long, its process number may be another's.
  expect(await b.closeOrphans(owner('b'), Date.now() + 31_000)).toBe(1)
  await Promise.all([a.close(), b.close()])
})
