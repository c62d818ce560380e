import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from '@photostructure/sqlite'
import { describe, expect, it, onTestFinished, vi } from 'vitest'
import { chatAnswer, startFakeProvider } from '../../support/fake-provider.ts'
import { ledgerRecords } from '../../support/ledger-records.ts'
import { localBackend } from '../../support/local-backend.ts'
import { type SmallFileSystem, smallFileSystem, whyNoMount } from '../../support/small-file-system.ts'
import { startTestProxy, type TestProxy } from '../../support/start-proxy.ts'

const mostWaiting = 50
const why = whyNoMount()
if (why !== null) console.warn(`NOT RUN: the tests of a full file system; none can be mounted here: ${why}`)

/** A proxy whose ledger is on a file system of 1 MB, and a client that keeps the statuses of its calls. */
async function setUp(name: string) {
  const disk = smallFileSystem(1)
  const provider = await startFakeProvider(chatAnswer())
  const path = join(disk.folder, name)
  const proxy = await startTestProxy({
    ledger: true,
    config: {
      backends: { local: localBackend(provider.url) },
      usage_tracking: {
        persistence_path: path,
        max_records_in_memory: mostWaiting,
        flush_interval_seconds: 0.1,
      },
    },
  })
  let stopped: Promise<void> | undefined
  const stop = () => {
    stopped ??= proxy.stop().then(() => provider.close())
    return stopped
  }
  onTestFinished(async () => {
    await stop()
    disk.remove()
  })
  const statuses: number[] = []
  const body = JSON.stringify({ model: 'm', messages: [{ role: 'user', content: 'hello' }] })
  async function call(times: number): Promise<void> {
    for (let time = 0; time < times; time++) {
      const answer = await fetch(`${proxy.url}/v1/chat/completions`, { method: 'POST', body })
      await answer.text()
      statuses.push(answer.status)
    }
  }
  /** How many records the proxy says there are. */
  async function reported(): Promise<number> {
    const answer = await fetch(`${proxy.url}/v1/usage/stats?start_date=2000-01-01`)
    expect(answer.status).toBe(200)
    return ((await answer.json()) as { request_count: number }).request_count
  }
  return { disk, proxy, path, statuses, call, reported, stop }
}

/** Calls while there is no room, until records cannot be written and even those that wait are too many. */
async function fillUp(disk: SmallFileSystem, proxy: TestProxy, call: (times: number) => Promise<void>) {
  await vi.waitFor(
    async () => {
      disk.fill()
      await call(10)
      expect(proxy.log()).toMatch(/usage records cannot be written and wait/)
    },
    { timeout: 10_000, interval: 20 },
  )
  // What room the store gives back while it fails is taken as well.
  for (let round = 0; round < 10; round++) {
    disk.fill()
    await call(mostWaiting / 5)
  }
}

function expectWhole(path: string): void {
  if (path.endsWith('.json')) {
    const { records, record_count } = JSON.parse(readFileSync(path, 'utf8'))
    expect(records).toHaveLength(record_count)
    expect(existsSync(`${path}.new`)).toBe(false)
    return
  }
  const database = new DatabaseSync(path)
  expect(database.prepare('PRAGMA integrity_check').all()).toEqual([{ integrity_check: 'ok' }])
  database.close()
}

const numbersIn = (log: string, pattern: RegExp) =>
  [...log.matchAll(pattern)].map((match) => Number(match[1]))

describe.skipIf(why !== null).each(['usage.db', 'usage.json'])('%s on a file system of 1 MB', (name) => {
  it('that fills and empties again: no failed call, the drops counted, the ledger whole', {
    timeout: 60_000,
  }, async () => {
    const { disk, proxy, path, statuses, call, reported, stop } = await setUp(name)
    await call(20)
    expect(await reported()).toBe(20)
    await fillUp(disk, proxy, call)
    // What is there can still be read.
    expect(await reported()).toBeGreaterThanOrEqual(20)
    disk.empty()
    await vi.waitFor(() => expect(/usage records are written again/.test(proxy.log())).toBe(true), {
      timeout: 10_000,
      interval: 20,
    })
    await call(20)
    const log = proxy.log()
    await stop()
    const dropped = numbersIn(log, /dropped_records"?[:=](\d+).*usage records are written again/g).at(-1) ?? 0
    const records = await ledgerRecords(path)
    console.log(`${name}: ${statuses.length} calls, ${records.length} recorded, ${dropped} dropped`)
    expect(statuses.filter((status) => status !== 200)).toEqual([])
    expect(dropped).toBeGreaterThan(0)
    expect(new Set(records.map(({ id }) => id)).size).toBe(records.length)
    expect(records.length + dropped).toBe(statuses.length)
    expectWhole(path)
  })
})
