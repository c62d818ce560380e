import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { expect, test, vi } from 'vitest'
import type { UsageRecord } from '../../src/usage/record/record.ts'
import { chatAnswer, chatStream, type FakeProvider, startFakeProvider } from '../support/fake-provider.ts'
import { keepAsking, type SeenExchange } from '../support/keep-asking.ts'
import { ledgerRecords } from '../support/ledger-records.ts'
import { localBackend } from '../support/local-backend.ts'
import { spawnProxy } from '../support/spawn-proxy.ts'

const kills = Number(process.env.KILLS ?? 30)
const clients = 12
/** The spec's 100 ms and the margin of a test on a machine that does other things too. */
const safeAfterMs = 200

async function recordsIn(folder: string): Promise<Map<string, UsageRecord>> {
  const records = await ledgerRecords(join(folder, 'usage.db'))
  const byId = new Map(records.map((record) => [record.id, record]))
  expect(byId.size).toBe(records.length)
  return byId
}

function answering(): Promise<FakeProvider> {
  return startFakeProvider((request) =>
    request.body.includes('"stream":true') ? chatStream(['a', 'b', 'c', 'd'], { everyMs: 60 }) : chatAnswer(),
  )
}

test(`kill -9 at ${kills} random moments under load loses nothing that closed ${safeAfterMs} ms before`, async () => {
  const provider = await answering()
  const folder = mkdtempSync(join(tmpdir(), 'llmproxy-killed-'))
  const config = {
    backends: { local: localBackend(provider.url) },
    usage_tracking: { persistence_path: join(folder, 'usage.db') },
  }
  const seen: SeenExchange[] = []
  let kept = 0
  let crashed = 0
  try {
    for (let round = 0; round < kills; round++) {
      const proxy = await spawnProxy({ config })
      const gone = new AbortController()
      const before = seen.length
      const asking = Array.from({ length: clients }, () => keepAsking(proxy.url, seen, gone.signal))
      const ended = () => seen.slice(before).filter(({ endedMs }) => endedMs !== null).length
      // A start takes its time on a machine that does other things too.
      await vi.waitFor(() => expect(ended()).toBeGreaterThanOrEqual(clients), { timeout: 20_000 })
      const waitedBeforeMs = proxy.waitedMs()
      await wait(400 + Math.random() * 800)
      const killedMs = performance.now()
      // Time in which other programs had the processor is none that the proxy could have used.
      const marginMs = safeAfterMs + proxy.waitedMs() - waitedBeforeMs
      process.kill(proxy.pid, 'SIGKILL')
      gone.abort()
      await Promise.all(asking)
      await proxy.stop()
      const records = await recordsIn(folder)
      for (const { id, endedMs } of seen.slice(before)) {
        if (endedMs === null || endedMs > killedMs - marginMs) continue
        kept++
        expect(
          records.get(id),
          `round ${round}: ${id}, closed ${killedMs - endedMs} ms before`,
        ).toMatchObject({ outcome: 'complete' })
      }
    }
    // The last start closes what the last kill left open.
    const last = await spawnProxy({ config })
    await last.stop()
    const records = await recordsIn(folder)
    crashed = [...records.values()].filter((record) => record.incomplete_reason === 'crash').length
    console.log(
      `${kills} kills: ${kept} exchanges closed in time, all there; ${crashed} were open and are named`,
    )
    expect(kept).toBeGreaterThan(kills)
    expect(crashed).toBeGreaterThan(0)
    for (const record of records.values()) {
      if (record.incomplete_reason === 'crash')
        expect(record).toMatchObject({ total_tokens: null, cost_usd: null })
    }
  } finally {
    await provider.close()
    rmSync(folder, { recursive: true, force: true })
  }
})
