import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { readRecording } from '../../src/capture/replay/recording.ts'
import type { ExchangeView, LegView } from '../../src/capture/view/view.ts'
import { aMock, ask, type TestMock } from '../capture/replay/mock/a-mock.ts'
import { callOf } from '../corpus/recorded-call.ts'
import { cutBytes } from '../support/chunking.ts'
import { type CorpusExchange, readCorpus } from '../support/corpus.ts'
import {
  type FakeProvider,
  head,
  paced,
  type Script,
  startFakeProvider,
  whole,
} from '../support/fake-provider.ts'
import { openStream, type RawAnswer } from '../support/raw-client.ts'
import { startTestProxy } from '../support/start-proxy.ts'

const corpus = readCorpus().filter(({ request }) => request !== null)

/** What a real proxy records of the corpus: real clients' requests, real providers' answers in odd pieces. */
async function recordCorpus(): Promise<ExchangeView[]> {
  let script: Script = []
  const provider: FakeProvider = await startFakeProvider(({ method }) =>
    method === 'GET' ? whole(404, { error: { message: 'nothing is listed' } }) : script,
  )
  const asked = { credentials: 'none' }
  const proxy = await startTestProxy({
    config: {
      logging: { level: 'error' },
      failure_handling: { max_wait_seconds: 0 },
      health_check: { circuit_breaker_enabled: false },
      wire_capture: { mode: 'all', min_free_mb: 0 },
      backends: {
        openai: { ...asked, api_url: `${provider.url}/v1`, passthrough: ['responses/*'] },
        anthropic: { ...asked, api_url: `${provider.url}/v1` },
        gemini: { ...asked, api_url: `${provider.url}/v1beta` },
      },
    },
  })
  const ask = async (recorded: CorpusExchange) => {
    const { status, headers, body } = recorded.response
    script = [head(status, headers), paced(cutBytes(Buffer.from(body), [700, 1300, 90]))]
    const { path, method, headers: sent, body: request } = callOf(recorded)
    const stream = await openStream(proxy.url + path, {
      ...{ method, headers: sent },
      ...(request && { body: JSON.stringify(request) }),
    })
    await stream.drain()
  }
  for (const recorded of corpus) await ask(recorded)
  await proxy.close(0)
  const exchanges = await readRecording(join(proxy.folder, 'captures'))
  await proxy.stop()
  await provider.close()
  return exchanges
}

describe.skipIf(corpus.length === 0)('the corpus, recorded by a real proxy', () => {
  let exchanges: ExchangeView[] = []
  beforeAll(async () => {
    exchanges = await recordCorpus()
  }, 120_000)
  afterAll(() => {
    exchanges = []
  })

  test('is given again to its clients: exactly found, in the same bytes and pieces', async () => {
    const mock = await aMock(exchanges)
    let count = 0
    for (const x of exchanges) {
      if (!x.ctp || !x.ptc) continue
      const answer = await askAgain(mock, x.ctp)
      const { result, recording } = mock.answers.at(-1) ?? {}
      expect([x.id, result, recording?.exchange.id]).toEqual([x.id, 'exact', x.id])
      expectSame(x.id, answer, recording?.attempt === null ? x.ptc : (x.attempts[0]?.btp ?? null))
      count++
    }
    expect(count).toBeGreaterThanOrEqual(200)
    expect(mock.counts).toMatchObject({ fuzzy: 0, miss: 0 })
  }, 120_000)

  test('is given again to a proxy in front, each attempt as the backend answered it', async () => {
    const mock = await aMock(exchanges)
    for (const x of exchanges) {
      for (const { ptb, btp } of x.attempts) {
        if (!ptb || !btp) continue
        const answer = await askAgain(mock, ptb, { 'x-llmproxy-hop': 'a-proxy' })
        expect([x.id, mock.answers.at(-1)?.result]).toEqual([x.id, 'exact'])
        expectSame(x.id, answer, btp)
      }
    }
    expect(mock.counts).toMatchObject({ fuzzy: 0, miss: 0 })
  }, 120_000)
})

function askAgain(mock: TestMock, leg: LegView, headers = {}): Promise<RawAnswer> {
  const path = (leg.url ?? '/').replace(/^https?:\/\/[^/]+/, '')
  const kept = leg.headers.filter(([name]) => name.startsWith('anthropic'))
  return ask(mock, {
    ...{ method: leg.method ?? 'POST', path, body: leg.body() },
    headers: { ...Object.fromEntries(kept), ...headers },
  })
}

function expectSame(id: string, answer: RawAnswer, leg: LegView | null): void {
  expect([id, answer.status, answer.complete]).toEqual([id, leg?.status, leg?.end?.why === 'eof'])
  expect(answer.body.equals(leg?.body() ?? Buffer.alloc(0)), `${id} has the recorded bytes`).toBe(true)
  if (answer.headers['transfer-encoding'] !== 'chunked') return
  const chunks = leg?.chunks.filter(({ bytes }) => bytes.length > 0) ?? []
  expect([id, ...answer.pieces.map(({ length }) => length)]).toEqual([
    id,
    ...chunks.map(({ bytes }) => bytes.length),
  ])
}
