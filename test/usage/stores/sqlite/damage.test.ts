import { readdirSync, readFileSync, truncateSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { everything } from '../../../../src/usage/query/filter.ts'
import { openStore } from '../../../../src/usage/stores/index.ts'
import type { UsageStore } from '../../../../src/usage/stores/store.ts'
import { aRecord } from '../../../support/a-record.ts'
import { tempFolder } from '../../../support/temp-folder.ts'

const owner = { id: 'me', pid: process.pid, machine: 'here' }
const notices: string[] = []
const open = (path: string): UsageStore =>
  openStore(path, {
    ...{ readOnly: false, machine: 'here', mostRecords: 1, flushIntervalMs: 1 },
    onNotice: (notice) => notices.push(notice),
  })

async function ledgerOf(records: number): Promise<string> {
  const path = join(tempFolder(), 'usage.db')
  const store = open(path)
  const all = Array.from({ length: records }, () => aRecord())
  await store.append(owner, { records: all, opened: [], ended: [] })
  await store.close()
  return path
}

const setAside = (path: string) =>
  readdirSync(dirname(path)).filter((name) => /damaged-\d{4}-/.test(name) && !/-(wal|shm)$/.test(name))

describe('a damaged ledger', () => {
  it('that is no database at all is set aside, the start goes on and says so', async () => {
    const path = join(tempFolder(), 'usage.db')
    writeFileSync(path, 'this was once a ledger '.repeat(1000))
    const store = open(path)
    await store.prepare()
    await store.append(owner, { records: [aRecord()], opened: [], ended: [] })
    expect(await store.count(everything, 10)).toBe(1)
    await store.close()
    const [aside] = setAside(path)
    expect(
      readFileSync(join(dirname(path), aside ?? ''))
        .subarray(0, 8)
        .toString(),
    ).toBe('this was')
    expect(notices.at(-1)).toMatch(/was damaged; it is set aside as .*damaged-.*, and 0 records/)
  })

  it('that lost its end keeps what can be read', async () => {
    const path = await ledgerOf(400)
    const size = readFileSync(path).length
    truncateSync(path, Math.floor(size / 2))
    const store = open(path)
    await store.append(owner, { records: [aRecord()], opened: [], ended: [] })
    const kept = await store.count(everything, 10_000)
    await store.close()
    expect(setAside(path)).toHaveLength(1)
    expect(kept).toBeGreaterThan(50)
    expect(kept).toBeLessThan(401)
  })

  it('with a page of noise within keeps the others', async () => {
    const path = await ledgerOf(400)
    const bytes = readFileSync(path)
    const middle = Math.floor(bytes.length / 8192) * 4096
    bytes.fill(0xa5, middle, middle + 4096)
    writeFileSync(path, bytes)
    const store = open(path)
    const read = await store.count(everything, 10_000).catch(() => null)
    await store.append(owner, { records: [aRecord()], opened: [], ended: [] })
    await store.close()
    // Noise in a place that nothing asks for shows only when something does; no record is invented.
    expect(read === null || read <= 400).toBe(true)
  })
})
