import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { afterAll, beforeAll, expect, onTestFinished, test, vi } from 'vitest'
import { chatAnswer, chatStream, type FakeProvider, startFakeProvider } from '../support/fake-provider.ts'
import { localBackend } from '../support/local-backend.ts'
import { asked, startPostgres, type TestPostgres } from '../support/postgres.ts'
import { type SpawnedProxy, spawnProxy } from '../support/spawn-proxy.ts'

const outageMs = Number(process.env.OUTAGE_SECONDS ?? 30) * 1000
const clients = 12
/** The spec's 100 ms and the margin of a test on a machine that does other things too. */
const safeAfterMs = 300

interface Seen {
  id: string
  /** When the client had its whole answer; null: it never had. */
  endedMs: number | null
}

let postgres: TestPostgres
let provider: FakeProvider
beforeAll(async () => {
  postgres = await startPostgres()
  provider = await startFakeProvider((request) =>
    request.body.includes('"stream":true') ? chatStream(['a', 'b', 'c', 'd'], { everyMs: 30 }) : chatAnswer(),
  )
})
afterAll(async () => {
  await provider?.close()
  await postgres?.close()
})

function aHome(): string {
  const home = mkdtempSync(join(tmpdir(), 'llmproxy-outage-'))
  onTestFinished(() => rmSync(home, { recursive: true, force: true }))
  return home
}

function proxyOn(url: string, home: string): Promise<SpawnedProxy> {
  const local = localBackend(provider.url)
  return spawnProxy({
    config: { backends: { local }, usage_tracking: { persistence_path: url } },
    env: { LLMPROXY_HOME: home },
  })
}

/** Clients that ask one thing after another until they are told to stop, or the proxy is gone. */
function load(proxy: SpawnedProxy): { seen: Seen[]; stop(): Promise<void> } {
  const seen: Seen[] = []
  const stopping = new AbortController()
  const ask = async () => {
    for (let turn = 0; !stopping.signal.aborted; turn++) {
      try {
        const answer = await fetch(`${proxy.url}/v1/chat/completions`, {
          method: 'POST',
          body: JSON.stringify({
            ...{ model: 'm', stream: turn % 2 === 0 },
            messages: [{ role: 'user', content: `turn ${turn}` }],
          }),
        })
        const one: Seen = { id: answer.headers.get('x-llmproxy-exchange') ?? '', endedMs: null }
        seen.push(one)
        await answer.text()
        one.endedMs = performance.now()
      } catch {
        return // The proxy was killed.
      }
    }
  }
  const asking = Array.from({ length: clients }, ask)
  return {
    seen,
    async stop() {
      stopping.abort()
      await Promise.all(asking)
    },
  }
}

const idsOf = (seen: readonly Seen[]) => seen.map(({ id }) => id).sort()
async function idsThere(url: string): Promise<string[]> {
  const rows = await asked<{ id: string }>(url, 'SELECT id FROM llmproxy_records')
  return rows.map(({ id }) => id).sort()
}

test(`${outageMs / 1000} s without the database, under load: afterwards the books are equal`, async () => {
  const [url, home] = [await postgres.database(), aHome()]
  const proxy = await proxyOn(url, home)
  const { seen, stop } = load(proxy)
  await wait(3_000)
  await postgres.stop()
  const before = seen.length
  await wait(outageMs)
  const meanwhile = seen.length - before
  expect(meanwhile).toBeGreaterThan(outageMs / 100)
  expect((await fetch(`${proxy.url}/v1/usage/stats`)).status).toBeGreaterThanOrEqual(500)
  expect(proxy.log()).toMatch(/usage records cannot be written and wait/)
  await postgres.start()
  await wait(3_000)
  await stop()
  await vi.waitFor(() => expect(proxy.log()).toMatch(/usage records are written again/), 10_000)
  const { exitCode } = await proxy.stop()
  expect(exitCode).toBe(0)
  expect(await idsThere(url)).toEqual(idsOf(seen))
  expect(readdirSync(join(home, 'usage-spool'))).toEqual([])
  expect(proxy.log()).not.toContain('planted-pass-word')
  expect(proxy.log()).not.toContain('ledger_owner')
  console.log(`${seen.length} exchanges, ${meanwhile} of them without a database: all in it`)
})

test('kill -9 while the database is away loses nothing that closed in time: the next start sends it', async () => {
  const [url, home] = [await postgres.database(), aHome()]
  const first = await proxyOn(url, home)
  const { seen, stop } = load(first)
  await wait(2_000)
  await postgres.stop()
  await wait(5_000)
  const killedMs = performance.now()
  process.kill(first.pid, 'SIGKILL')
  await stop()
  await first.stop()
  await postgres.start()
  const next = await proxyOn(url, home)
  const inTime = seen.filter(({ endedMs }) => endedMs !== null && endedMs < killedMs - safeAfterMs)
  await vi.waitFor(
    async () => expect(await idsThere(url)).toEqual(expect.arrayContaining(idsOf(inTime))),
    10_000,
  )
  const { exitCode } = await next.stop()
  expect(exitCode).toBe(0)
  expect(readdirSync(join(home, 'usage-spool'))).toEqual([])
  console.log(`${inTime.length} of ${seen.length} exchanges closed in time: all in the database`)
})
