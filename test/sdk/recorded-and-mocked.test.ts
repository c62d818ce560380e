import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { startMock } from '../../src/capture/replay/mock/mock-server.ts'
import { readRecording } from '../../src/capture/replay/recording.ts'
import { head, startFakeProvider } from '../support/fake-provider.ts'
import { startTestProxy } from '../support/start-proxy.ts'
import { casesOf, type SdkCase } from './cases.ts'
import { type Observation, observe } from './observation.ts'
import type { Surface } from './surface.ts'
import { surfaces } from './surfaces.ts'

/**
 * What programs do with the official SDKs, recorded by a proxy with a provider behind it; then the same once more with
 * nothing but the recording. Without aborts, which ask the provider when to leave, and content encodings, which a
 * recording does not have.
 */
const casesHere = (surface: Surface): SdkCase[] =>
  casesOf(surface).filter(({ name }) => !/abort|gzip/.test(name))

async function record() {
  const fake = await startFakeProvider()
  const proxy = await startTestProxy({
    config: { wire_capture: { mode: 'all', min_free_mb: 0 } },
    instead: Object.fromEntries(surfaces.map(({ host }) => [host, fake.origin])),
    env: { HEALTH_CHECK_CIRCUIT_BREAKER_ENABLED: 'false' },
  })
  const seen = new Map<string, Observation>()
  for (const surface of surfaces) {
    for (const { name, provider, act } of casesHere(surface)) {
      const scripts = [...provider(surface)]
      fake.answer(() => scripts.shift() ?? [head(500)])
      const found = await observe(surface, proxy.url, (calls, note) => act(calls, note, fake))
      seen.set(`${surface.name} ${name}`, found)
    }
  }
  await proxy.close(0)
  await fake.close()
  const exchanges = await readRecording(join(proxy.folder, 'captures'))
  await proxy.stop()
  return { seen, exchanges }
}

let recorded: Awaited<ReturnType<typeof record>>
let mock: Awaited<ReturnType<typeof startMock>>
beforeAll(async () => {
  recorded = await record()
  mock = await startMock({
    ...{ exchanges: recorded.exchanges, host: '127.0.0.1', port: 0, strict: true, missStatus: 503 },
    ...{ reuse: 'none', pace: { speed: 10, maxGapMs: 50 } },
  })
}, 120_000)
afterAll(() => mock.close())

describe.each(surfaces)('$name', (surface) => {
  test.each(casesHere(surface))(
    'sees offline what it saw when it was recorded: $name',
    async ({ name, act }) => {
      const before = recorded.seen.get(`${surface.name} ${name}`)
      // The fake provider has no part in these.
      const again = await observe(surface, mock.url, (calls, note) => act(calls, note, undefined as never))
      expect(comparable(again)).toStrictEqual(comparable(before))
      expect(before?.heads.length).toBeGreaterThan(0)
    },
  )
})

test('every request was found exactly', () => {
  const asked = [...recorded.seen.values()].reduce((sum, { heads }) => sum + heads.length, 0)
  expect(mock.counts).toEqual({ exact: asked, fuzzy: 0, miss: 0, own: 0, refused: 0 })
})

/** They are the connection's. */
const ofTheFraming = new Set(['content-encoding', 'content-length', 'transfer-encoding', 'vary'])

function comparable(seen: Observation | undefined): unknown {
  if (!seen) return null
  const headers = (of: Record<string, string>) =>
    Object.fromEntries(Object.entries(of).filter(([name]) => !ofTheFraming.has(name)))
  return {
    ...seen,
    heads: seen.heads.map((one) => ({ status: one.status, headers: headers(one.headers) })),
    error: seen.error && {
      ...seen.error,
      headers: headers((seen.error.headers ?? {}) as Record<string, string>),
    },
  }
}
