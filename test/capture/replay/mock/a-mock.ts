import { expect, onTestFinished } from 'vitest'
import type { MockAnswer } from '../../../../src/capture/replay/mock/answer-request.ts'
import { type MockSettings, startMock } from '../../../../src/capture/replay/mock/mock-server.ts'
import type { Pacer } from '../../../../src/capture/replay/mock/pacer.ts'
import { type CaptureDraft, type ExchangeDraft, type LegDraft, viewsOf } from '../../../support/a-capture.ts'
import { type RawAnswer, rawRequest } from '../../../support/raw-client.ts'

export interface TestMock {
  url: string
  port: number
  /** What became of each request, a line each: `exact x_1`, `fuzzy x_2 (words)`, `miss`. */
  lines: string[]
  answers: MockAnswer[]
  counts: Record<string, number>
  pacing: () => { chunks: number; p50Ms: number; p95Ms: number } | null
}

/** A mock of these exchanges that waits for nothing, until the test ends. */
export async function aMock(
  capture: CaptureDraft | MockSettings['exchanges'],
  changes: Partial<MockSettings> = {},
): Promise<TestMock> {
  const answers: MockAnswer[] = []
  const exchanges = Array.isArray(capture)
    ? (capture as MockSettings['exchanges'])
    : viewsOf(capture as CaptureDraft).sort((a, b) => a.openedAtNs - b.openedAtNs)
  const mock = await startMock({
    ...{ exchanges, host: '127.0.0.1', port: 0, reuse: 'last', strict: false, missStatus: 503 },
    pace: { speed: Number.POSITIVE_INFINITY, maxGapMs: null },
    onAnswer: (answer) => answers.push(answer),
    ...changes,
  })
  onTestFinished(() => mock.close())
  return {
    url: mock.url,
    port: Number(new URL(mock.url).port),
    get lines() {
      return answers.map(lineOf)
    },
    answers,
    counts: mock.counts,
    pacing: mock.pacing,
  }
}

/** Waits for nothing, and counts for how much it was asked to wait. */
export class CountingPacer implements Pacer {
  count = 0

  nowMs(): number {
    return 0
  }

  at(_targetMs: number, run: () => void): () => void {
    this.count++
    const turn = setImmediate(run)
    return () => clearImmediate(turn)
  }

  /** Resolves when many turns of the event loop have asked for nothing new. */
  async standsStill(): Promise<void> {
    for (let quiet = 0, before = -1; quiet < 300; before = this.count) {
      quiet = before === this.count ? quiet + 1 : 0
      await new Promise((resolve) => setImmediate(resolve))
    }
  }
}

function lineOf({ result, recording, why }: MockAnswer): string {
  const attempt = recording?.attempt == null ? '' : `/${recording.attempt}`
  const named = recording === null || result === 'miss' ? '' : ` ${recording.exchange.id}${attempt}`
  return `${result}${named}${result === 'fuzzy' ? ` (${why})` : ''}`
}

export interface Asking {
  method?: string
  path?: string
  headers?: Record<string, string>
  body?: string | Uint8Array
}

/** Asks like this leg, changed as wished. */
export function askAs(mock: { port: number }, leg: LegDraft, changes: Asking = {}): Promise<RawAnswer> {
  return ask(mock, { method: leg.method ?? 'POST', path: leg.url ?? '/', body: leg.body, ...changes })
}

export function askJson(
  mock: { port: number },
  path: string,
  body: unknown,
  headers = {},
): Promise<RawAnswer> {
  return ask(mock, { path, body: JSON.stringify(body), headers })
}

export function ask({ port }: { port: number }, asking: Asking): Promise<RawAnswer> {
  const { method = 'POST', path = '/', headers = {}, body = '' } = asking
  const bytes = Buffer.from(body as string)
  const sent = { host: `127.0.0.1:${port}`, 'content-length': String(bytes.length), ...headers }
  const lines = Object.entries(sent).map(([name, value]) => `${name}: ${value}`)
  const head = `${method} ${path} HTTP/1.1\r\n${lines.join('\r\n')}\r\n\r\n`
  return rawRequest(port, Buffer.concat([Buffer.from(head), bytes]))
}

/** Asks as the exchange's client did, but for a change of the request; gives what became of it, as in `lines`. */
export async function askedAs(
  mock: TestMock,
  x: ExchangeDraft,
  change: (leg: LegDraft) => unknown = () => {},
  headers: Record<string, string> = {},
): Promise<string> {
  const leg = x.request.clone()
  change(leg)
  const answer = await askAs(mock, leg, { headers })
  expect(answer.headers['x-llmproxy-replay']).toBe(mock.lines.at(-1)?.split(' ')[0])
  return mock.lines.at(-1) ?? ''
}
