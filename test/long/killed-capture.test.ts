import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { expect, test, vi } from 'vitest'
import { openCapture } from '../../src/capture/reader/open.ts'
import { verify } from '../../src/capture/reader/verify.ts'
import { assemble, isGap } from '../../src/capture/view/assemble.ts'
import type { ExchangeView } from '../../src/capture/view/view.ts'
import { ExchangeWindow } from '../../src/capture/view/window.ts'
import { chatStream, startFakeProvider } from '../support/fake-provider.ts'
import { localBackend } from '../support/local-backend.ts'
import { spawnProxy } from '../support/spawn-proxy.ts'

const kills = Number(process.env.KILLS ?? 15)
const streams = 6
/** What is older than this is in the file (`spec/capture.md`). */
const safeAfterMs = 50

interface Seen {
  id: string
  text: string
  /** How much of the text had come when. */
  marks: { atMs: number; length: number }[]
}

/** Reads streams one after the other, and notes when what came. */
async function keepReading(url: string, all: Seen[], ending: AbortSignal): Promise<void> {
  while (!ending.aborted) {
    try {
      const answer = await fetch(`${url}/v1/chat/completions`, {
        method: 'POST',
        body: JSON.stringify({ model: 'm', stream: true, messages: [{ role: 'user', content: 'count' }] }),
      })
      const seen: Seen = { id: answer.headers.get('x-llmproxy-exchange') ?? '', text: '', marks: [] }
      all.push(seen)
      const decoder = new TextDecoder()
      for await (const piece of answer.body as unknown as AsyncIterable<Uint8Array>) {
        seen.text += decoder.decode(piece, { stream: true })
        seen.marks.push({ atMs: performance.now(), length: seen.text.length })
      }
    } catch {
      // The proxy was killed.
    }
  }
}

async function exchangesIn(folder: string): Promise<Map<string, ExchangeView>> {
  const found = new Map<string, ExchangeView>()
  for await (const view of assemble(openCapture(folder), new ExchangeWindow())) {
    if (!isGap(view)) found.set(view.id, view)
  }
  return found
}

test(`kill -9 at ${kills} random moments leaves every chunk older than ${safeAfterMs} ms, and names what was open`, async () => {
  const words = Array.from({ length: 60 }, (_, i) => ` word${i}`)
  const provider = await startFakeProvider(() => chatStream(words, { everyMs: 10 }))
  const root = mkdtempSync(join(tmpdir(), 'llmproxy-capture-killed-'))
  const lateMs: number[] = []
  let chunks = 0
  let open = 0
  try {
    for (let round = 0; round < kills; round++) {
      const folder = join(root, String(round))
      const proxy = await spawnProxy({
        config: {
          backends: { local: localBackend(provider.url) },
          wire_capture: { mode: 'all', output_dir: folder, min_free_mb: 0 },
        },
      })
      const all: Seen[] = []
      const gone = new AbortController()
      const reading = Array.from({ length: streams }, () => keepReading(proxy.url, all, gone.signal))
      await vi.waitFor(() => expect(all.length).toBeGreaterThanOrEqual(streams * 2), { timeout: 20_000 })
      const waitedBeforeMs = proxy.waitedMs()
      await wait(Math.random() * 700)
      const killedMs = performance.now()
      // Time in which other programs had the processor is none that the proxy could have used.
      const marginMs = safeAfterMs + proxy.waitedMs() - waitedBeforeMs
      process.kill(proxy.pid, 'SIGKILL')
      gone.abort()
      await Promise.all(reading)
      await proxy.stop()

      const views = await exchangesIn(folder)
      for (const { id, text, marks } of all) {
        const due = marks.findLast(({ atMs }) => atMs < killedMs - marginMs)
        if (!due) continue
        const written = Buffer.from(views.get(id)?.ptc?.body() ?? []).toString()
        expect(text.startsWith(written) || written.startsWith(text), `round ${round}: ${id} is spoilt`).toBe(
          true,
        )
        if (written.length < due.length) {
          const lost = marks.find(({ length }) => length > written.length)
          lateMs.push(killedMs - (lost?.atMs ?? killedMs))
        }
        chunks += marks.filter(({ atMs }) => atMs <= due.atMs).length
      }
      const [file] = await verify(folder)
      expect(file?.damage.filter(({ isTorn }) => !isTorn)).toEqual([])
      const named = new Set(file?.open.map(({ id }) => id))
      for (const view of views.values()) if (view.closed === null) expect(named).toContain(view.id)
      open += named.size
    }
    console.log(
      `${kills} kills: ${chunks} chunks older than ${safeAfterMs} ms, ${lateMs.length} of ${kills * streams} streams missed one` +
        (lateMs.length > 0 ? `, the oldest by ${Math.round(Math.max(...lateMs))} ms` : '') +
        `; ${open} open exchanges named`,
    )
    expect(open).toBeGreaterThan(0)
    // The writing thread may have been without a processor, which nothing tells of it.
    expect(lateMs.length).toBeLessThanOrEqual((kills * streams) / 20)
    expect(lateMs.filter((ms) => ms > 5 * safeAfterMs)).toEqual([])
  } finally {
    rmSync(root, { recursive: true, force: true })
    await provider.close()
  }
})
