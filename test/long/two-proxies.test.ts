import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { expect, onTestFinished, test, vi } from 'vitest'
import { chatAnswer, chatStream, startFakeProvider } from '../support/fake-provider.ts'
import { keepAsking, type SeenExchange } from '../support/keep-asking.ts'
import { ledgerRecords } from '../support/ledger-records.ts'
import { localBackend } from '../support/local-backend.ts'
import { spawnProxy } from '../support/spawn-proxy.ts'
import { tempFolder } from '../support/temp-folder.ts'

const clients = 8
/** The spec's 100 ms and the margin of a test on a machine that does other things too. */
const safeAfterMs = 200
/** Longer than the survivor takes to look for who is gone. */
const slowForMs = 25_000

/** Asks for an answer that takes long, and gives the exchange's id as soon as it has begun. */
async function askSlowly(url: string): Promise<{ id: string; ended: Promise<boolean> }> {
  const body = JSON.stringify({ model: 'm', stream: true, messages: [{ role: 'user', content: 'slowly' }] })
  const answer = await fetch(`${url}/v1/chat/completions`, { method: 'POST', body })
  const ended = answer.text().then(
    (text) => text.includes('[DONE]'),
    () => false,
  )
  return { id: answer.headers.get('x-llmproxy-exchange') ?? '', ended }
}

test('of two proxies on one file one is killed: all that closed is there once, and only what it had open is crashed', async () => {
  const provider = await startFakeProvider((request) => {
    if (request.body.includes('slowly')) return chatStream(Array(50).fill('a'), { everyMs: slowForMs / 50 })
    return request.body.includes('"stream":true')
      ? chatStream(['a', 'b', 'c', 'd'], { everyMs: 40 })
      : chatAnswer()
  })
  onTestFinished(() => provider.close())
  const path = join(tempFolder(), 'usage.db')
  const local = localBackend(provider.url)
  const config = { backends: { local }, usage_tracking: { persistence_path: path } }
  const [doomed, survivor] = await Promise.all([spawnProxy({ config }), spawnProxy({ config })])
  onTestFinished(async () => void (await Promise.all([doomed.stop(), survivor.stop()])))

  const slow = { doomed: await askSlowly(doomed.url), survivor: await askSlowly(survivor.url) }
  const seen: { doomed: SeenExchange[]; survivor: SeenExchange[] } = { doomed: [], survivor: [] }
  const ending = { doomed: new AbortController(), survivor: new AbortController() }
  const asking = (['doomed', 'survivor'] as const).flatMap((which) =>
    Array.from({ length: clients }, () =>
      keepAsking({ doomed, survivor }[which].url, seen[which], ending[which].signal),
    ),
  )
  const waitedBeforeMs = doomed.waitedMs()
  await wait(3_000)
  const killedMs = performance.now()
  const marginMs = safeAfterMs + doomed.waitedMs() - waitedBeforeMs
  process.kill(doomed.pid, 'SIGKILL')
  ending.doomed.abort()
  await vi.waitFor(() => expect(/recorded as crashed/.test(survivor.log())).toBe(true), { timeout: 40_000 })
  expect(await slow.doomed.ended).toBe(false)
  ending.survivor.abort()
  await Promise.all(asking)
  expect(await slow.survivor.ended).toBe(true)
  await survivor.stop()

  const records = await ledgerRecords(path)
  const byId = new Map(records.map((record) => [record.id, record]))
  const closed = [
    ...seen.survivor.filter(({ endedMs }) => endedMs !== null),
    ...seen.doomed.filter(({ endedMs }) => endedMs !== null && endedMs < killedMs - marginMs),
    { id: slow.survivor.id, endedMs: null },
  ]
  const crashed = records.filter(({ incomplete_reason }) => incomplete_reason === 'crash').map(({ id }) => id)
  console.log(
    `${records.length} records; closed in time: ${closed.length}, crashed: ${crashed.length}; of the killed one ${seen.doomed.length} were seen`,
  )
  expect(byId.size).toBe(records.length)
  expect(seen.doomed.length).toBeGreaterThan(clients)
  expect(closed.filter(({ id }) => byId.get(id)?.outcome !== 'complete')).toEqual([])
  expect(crashed).toContain(slow.doomed.id)
  const ofSurvivor = new Set([slow.survivor.id, ...seen.survivor.map(({ id }) => id)])
  expect(crashed.filter((id) => ofSurvivor.has(id))).toEqual([])
})
