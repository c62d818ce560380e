import { readFileSync, truncateSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { openStore } from '../../../src/usage/stores/index.ts'
import { aRecord } from '../../support/a-record.ts'
import { ledgerRecords } from '../../support/ledger-records.ts'
import { startTestProxy } from '../../support/start-proxy.ts'
import { tempFolder } from '../../support/temp-folder.ts'

const stored = 400

/** A ledger that was closed in order, and the ids of its records. */
async function writeLedger(path: string): Promise<string[]> {
  const store = openStore(path, {
    ...{ readOnly: false, machine: 'here', mostRecords: 1_000, flushIntervalMs: 60_000, onNotice: () => {} },
  })
  const records = Array.from({ length: stored }, () => aRecord())
  await store.append({ id: 'me', pid: process.pid, machine: 'here' }, { records, opened: [], ended: [] })
  await store.close()
  return records.map(({ id }) => id)
}

const damages: Record<string, (path: string) => void> = {
  truncated: (path) => truncateSync(path, Math.floor(readFileSync(path).length / 2)),
  garbage: (path) => writeFileSync(path, 'this was once a ledger '.repeat(5_000)),
  'garbage in its middle': (path) => {
    const bytes = readFileSync(path)
    const middle = Math.floor(bytes.length / 8192) * 4096
    writeFileSync(path, bytes.fill(0xa5, middle, middle + 4096))
  },
}

describe.each(['usage.db', 'usage.json'])('a start with %s', (name) => {
  it.each(Object.keys(damages))('that is damaged, %s, sets it aside as it is and goes on', async (damage) => {
    const path = join(tempFolder(), name)
    const before = new Set(await writeLedger(path))
    damages[damage]?.(path)
    const damaged = readFileSync(path)

    const proxy = await startTestProxy({ ledger: true, env: { USAGE_TRACKING_PERSISTENCE_PATH: path } })
    onTestFinished(() => proxy.stop())
    const body = JSON.stringify({ model: 'demo:echo', messages: [{ role: 'user', content: 'hello' }] })
    const answer = await fetch(`${proxy.url}/v1/chat/completions`, { method: 'POST', body })
    expect(answer.status).toBe(200)
    const id = answer.headers.get('x-llmproxy-exchange')
    await proxy.stop()

    const said = /was damaged; it is set aside as (\S+damaged-\d{4}-\d{2}-\d{2}T\S+), and (\d+) records/.exec(
      proxy.log(),
    )
    expect(said, 'the start tells').not.toBeNull()
    expect(said?.[1]).toContain(`${path}.damaged-`)
    expect(readFileSync(said?.[1] ?? '').equals(damaged)).toBe(true)
    const ids = (await ledgerRecords(path)).map((record) => record.id)
    const kept = ids.filter((one) => before.has(one))
    expect(new Set(ids).size).toBe(ids.length)
    expect(ids).toContain(id)
    expect(ids).toHaveLength(kept.length + 1)
    expect(kept).toHaveLength(Number(said?.[2]))
    if (damage === 'garbage') expect(kept).toHaveLength(0)
    else expect(kept.length).toBeGreaterThan(stored / 8)
    console.log(`${name}, ${damage}: ${kept.length} of ${stored} records kept`)
  })
})
