import { closeSync, openSync, readSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { aRecord } from '../support/a-record.ts'
import { chatStream, startFakeProvider } from '../support/fake-provider.ts'
import { localBackend } from '../support/local-backend.ts'
import { ownMs } from '../support/loop-watch.ts'
import { tempFolder } from '../support/temp-folder.ts'
import { startWatchedProxy } from '../support/watched-proxy.ts'

const records = 100_000
/** 20 ms where the whole takes a second: what the specification allows. */
const partOfWhole = 1 / 50
const rounds = 3
const clients = 4
const callsEach = 50
const runLength = 200_000

/** The documented file, as any program would write it: on one line. */
function writeLedger(file: string): void {
  const to = openSync(file, 'w')
  const head = { version: 1, last_flush: '2026-11-10T12:00:00.000Z', record_count: records }
  writeSync(to, `${JSON.stringify(head).slice(0, -1)},"records":[`)
  for (let made = 0; made < records; made++) {
    const timestamp = new Date(Date.parse('2026-11-01T00:00:00Z') + made * 5_000).toISOString()
    writeSync(to, `${made === 0 ? '' : ','}${JSON.stringify(aRecord({ timestamp }))}`)
  }
  writeSync(to, ']}')
  closeSync(to)
}

/** What this machine would be blocked by making the file's text in one go. */
function wholeMs(): number {
  const all = Array.from({ length: records }, () => aRecord())
  const times = Array.from({ length: 3 }, () => {
    const before = performance.now()
    JSON.stringify(all)
    return performance.now() - before
  })
  return Math.min(...times)
}

/** When the file says that it was written. */
function lastFlush(file: string): string {
  const from = openSync(file, 'r')
  const head = Buffer.alloc(100)
  readSync(from, head)
  closeSync(from)
  return /"last_flush":"([^"]*)"/.exec(head.toString())?.[1] ?? ''
}

test(`a JSON ledger of ${records} records and prompts that are one long word block nothing for long`, async () => {
  const file = join(tempFolder(), 'usage.json')
  writeLedger(file)
  const provider = await startFakeProvider(() => chatStream(['a', 'b', 'c'], { everyMs: 20 }))
  onTestFinished(() => provider.close())
  const proxy = await startWatchedProxy({
    backends: { local: localBackend(provider.url, ['gpt-4o']) },
    usage_tracking: {
      persistence_path: file,
      flush_interval_seconds: 0.5,
      max_records_in_memory: records * 2,
    },
  })
  onTestFinished(() => proxy.kill())
  const flushes = new Set<string>()
  async function call(run: string): Promise<number> {
    const body = JSON.stringify({ model: 'gpt-4o', stream: true, messages: [{ role: 'user', content: run }] })
    const answer = await fetch(`${proxy.url}/v1/chat/completions`, { method: 'POST', body })
    await answer.text()
    flushes.add(lastFlush(file))
    return answer.status
  }
  // What is loaded and compiled with the first exchange is no matter of the ledger.
  for (let warm = 0; warm < 5; warm++) await call('warm')
  flushes.clear()
  proxy.watch()
  const statuses = await Promise.all(
    Array.from({ length: clients }, async (_, client) => {
      const its: number[] = []
      for (let turn = 0; turn < callsEach; turn++)
        its.push(
          await call(String.fromCharCode(97 + ((client * callsEach + turn) % 26)).repeat(runLength + turn)),
        )
      return its
    }),
  )
  // And who looks at it all meanwhile.
  for (let round = 0; round < rounds; round++) {
    for (const question of [
      'stats',
      'recent?limit=1000',
      'export?format=jsonl&start_date=2026-01-01&end_date=now',
    ]) {
      const answer = await fetch(`${proxy.url}/v1/usage/${question}`)
      expect(answer.status).toBe(200)
      await answer.arrayBuffer()
    }
  }
  while (flushes.size < 4) await call('and again')
  const { blocks, log } = await proxy.stop()
  const worst = [...blocks].sort((a, b) => ownMs(b) - ownMs(a)).slice(0, 5)
  const latest = Math.max(...blocks.map(({ lateMs }) => lateMs))
  console.log(
    `${statuses.flat().length} prompts, ${flushes.size} snapshots; blocks of its own doing, worst first: ${worst.map((block) => ownMs(block).toFixed(1)).join(', ')} ms; with collecting memory and waiting for a processor at most ${latest.toFixed(1)} ms`,
  )
  expect(new Set(statuses.flat())).toEqual(new Set([200]))
  expect(flushes.size).toBeGreaterThan(3)
  expect(log).not.toMatch(/"level":"error"/)
  // What the ledger does comes with every snapshot, prompt or round; a machine that stood still once does not.
  const repeated = worst[rounds - 1]
  expect(repeated && ownMs(repeated)).toBeLessThan(wholeMs() * partOfWhole)
})
