import { createServer } from 'node:net'
import { expect, it, onTestFinished } from 'vitest'
import type { Exchange } from '../../src/core/exchange.ts'
import type { Monitor } from '../../src/core/monitor.ts'
import {
  chatAnswer,
  chatFrames,
  chatStream,
  closeWithoutAnswer,
  delay,
  type FakeProvider,
  jsonBody,
  openaiError,
  type RecordedRequest,
  reset,
  type Script,
  startFakeProvider,
  streamHead,
  write,
} from '../support/fake-provider.ts'
import { startTestProxy } from '../support/start-proxy.ts'

const total = 1_000
const atOnce = 8
const openMs = 1_000
const clientsKey = 'sk-of-the-client-0123456789'

/** What a provider was asked, and when: its own notes, by its own clock. */
interface Note {
  atMs: number
  status: number
  headers: string
}

interface Troubled {
  provider: FakeProvider
  notes: Note[]
}

const works = (request: RecordedRequest): Script =>
  jsonBody(request).stream ? chatStream(['fine']) : chatAnswer()

/** A provider that answers as `how` says for the n-th call, and writes down each. */
async function troubled(
  how: (n: number, request: RecordedRequest) => [status: number, script: Script],
): Promise<Troubled> {
  const notes: Note[] = []
  const provider = await startFakeProvider((request) => {
    if (request.method !== 'POST') return openaiError(404)
    const [status, script] = how(notes.length + 1, request)
    notes.push({ atMs: performance.now(), status, headers: JSON.stringify(request.headers) })
    return script
  })
  onTestFinished(() => provider.close())
  return { provider, notes }
}

/** Takes connections and says nothing. */
async function blackHole(): Promise<string> {
  const server = createServer(() => {})
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => void server.close())
  return `127.0.0.1:${(server.address() as { port: number }).port}`
}

async function closedPort(): Promise<string> {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as { port: number }
  await new Promise((resolve) => server.close(resolve))
  return `127.0.0.1:${port}`
}

const requests = [
  { path: '/v1/chat/completions', body: { messages: [{ role: 'user', content: 'hi' }] } },
  { path: '/v1/responses', body: { input: 'hi' } },
  { path: '/v1/messages', body: { max_tokens: 50, messages: [{ role: 'user', content: 'hi' }] } },
] as const

it('of backends with every kind of trouble none costs a client an answer that another could have given', async () => {
  const good = await troubled((_n, request) => [200, works(request)])
  const failing = await troubled(() => [500, openaiError(500, { message: 'down' })])
  const limited = await troubled((n, request) =>
    n % 4 === 1 ? [429, openaiError(429, { message: 'slow down', retryAfter: '2' })] : [200, works(request)],
  )
  const slow = await troubled((_n, request) => [200, [delay(200), ...works(request)]])
  const flapping = await troubled((n, request) =>
    Math.floor(n / 5) % 2 ? [500, closeOrFail(n)] : [200, works(request)],
  )
  const dying = await troubled((_n, request) =>
    jsonBody(request).stream
      ? [200, [streamHead(), ...chatFrames(['one', ' two']).slice(0, 2).map(write), delay(20), reset()]]
      : [200, [closeWithoutAnswer()]],
  )
  const plain = { protocols: ['openai-chat'], stream_usage: 'never', api_key: 'sk-ours', models: ['m'] }
  const urls: Record<string, string> = {
    good: good.provider.origin,
    failing: failing.provider.origin,
    limited: limited.provider.origin,
    slow: slow.provider.origin,
    flapping: flapping.provider.origin,
    dying: dying.provider.origin,
    refused: `http://${await closedPort()}`,
    hole: `http://${await blackHole()}`,
    broken: good.provider.origin.replace('http:', 'https:'),
  }
  const timeouts = { connect_seconds: 1, headers_seconds: 1, first_content_seconds: 2 }
  const names = Object.keys(urls).filter((name) => name !== 'good')
  const seen: Exchange[] = []
  const watching: Monitor = { name: 'watching', closed: (exchange) => void seen.push(exchange) }
  const proxy = await startTestProxy({
    checks: true,
    monitors: [watching],
    config: {
      backends: Object.fromEntries(
        Object.entries(urls).map(([name, url]) => [
          `openai.${name}`,
          { ...plain, api_url: `${url}/v1`, timeouts },
        ]),
      ),
      failover_routes: Object.fromEntries([
        ...names.map((name) => [`only-${name}`, [`openai.${name}:m`, 'openai.good:m']]),
        [
          'all',
          [...names.filter((name) => name !== 'dying').map((name) => `openai.${name}:m`), 'openai.good:m'],
        ],
      ]),
      failure_handling: { max_attempts: 9, total_budget_seconds: 60 },
      resilience: { circuit_breaker: { failure_threshold: 3, open_seconds: openMs / 1000 } },
      health_check: { http: { interval_seconds: 0.5 }, ping: { enabled: false } },
      logging: { level: 'error' },
    },
  })
  onTestFinished(() => proxy.stop())

  const models = [...names.map((name) => `only-${name}`), 'all']
  const wrong: string[] = []
  let next = 0
  async function live(): Promise<void> {
    for (let n = next++; n < total; n = next++) {
      const { path, body } = requests[n % requests.length] as (typeof requests)[number]
      const model = models[Math.floor(n / 6) % models.length] as string
      const stream = n % 2 === 0
      const answer = await fetch(proxy.url + path, {
        method: 'POST',
        headers: { 'content-type': 'application/json', authorization: `Bearer ${clientsKey}` },
        body: JSON.stringify({ ...body, model, stream }),
      })
      const text = await answer.text().catch(() => 'cut')
      // Only output that has begun cannot be taken back.
      const mayBreak = model === 'only-dying' && stream
      if (answer.status !== 200) wrong.push(`${path} ${model}: ${answer.status} ${text.slice(0, 300)}`)
      else if (!mayBreak && !text.includes('fine') && stream)
        wrong.push(`${path} ${model}: ${text.slice(0, 300)}`)
    }
  }
  await Promise.all(Array.from({ length: atOnce }, live))
  expect(wrong).toEqual([])
  expect(seen).toHaveLength(total)

  // After first output never a second provider.
  for (const { attempts } of seen) {
    for (const attempt of attempts.slice(0, -1)) expect(attempt.firstContentNs).toBeNull()
  }
  // No request goes to an open breaker but its trials: each is twice as late as the one before.
  const gaps = gapsBehind(failing.notes, 3 + atOnce)
  expect(gaps.length).toBeGreaterThan(0)
  for (const [at, gapMs] of gaps.entries()) expect(gapMs).toBeGreaterThan(openMs * 2 ** at * 0.95)
  // The cooldown is never overridden; what was on its way at the moment of the 429 is.
  for (const { atMs } of limited.notes.filter(({ status }) => status === 429)) {
    const early = limited.notes.filter((note) => note.atMs > atMs + 500 && note.atMs < atMs + 1_950)
    expect(early).toEqual([])
  }
  expect(limited.notes.filter(({ status }) => status === 200).length).toBeGreaterThan(0)
  // Nobody's credential goes anywhere else.
  for (const { notes } of [good, failing, limited, slow, flapping, dying]) {
    for (const { headers } of notes) expect(headers).not.toContain(clientsKey)
  }
  const report = (await (await fetch(`${proxy.url}/internal/health`)).json()) as {
    status: string
    endpoint_health: { backends: { name: string; state: string; reason: string | null }[] }
  }
  const states = new Map(report.endpoint_health.backends.map((backend) => [backend.name, backend]))
  for (const name of ['failing', 'refused', 'hole', 'broken']) {
    const backend = states.get(`openai.${name}`)
    expect([name, backend?.state]).toEqual([name, expect.stringMatching(/^(?:open|half_open|excluded)$/)])
    expect(backend?.reason?.length).toBeGreaterThan(10)
  }
  expect([states.get('openai.good')?.state, report.status]).toEqual(['ok', 'degraded'])
  const spread = names.map((name) => `${name} ${attemptsAt(seen, `openai.${name}`)}`).join(', ')
  console.log(`${total} exchanges; attempts: ${spread}, good ${attemptsAt(seen, 'openai.good')}`)
}, 180_000)

function closeOrFail(n: number): Script {
  return n % 2 ? [closeWithoutAnswer()] : openaiError(503, { message: 'busy' })
}

/** The times between the requests that came behind the first `skip`, or after the first long silence. */
function gapsBehind(notes: readonly Note[], skip: number): number[] {
  const from = notes.findIndex(({ atMs }, at) => at > 0 && atMs - (notes[at - 1]?.atMs ?? 0) > openMs * 0.95)
  expect(from).toBeGreaterThan(0)
  expect(from).toBeLessThanOrEqual(skip)
  return notes.slice(from).map(({ atMs }, at) => atMs - (notes[from + at - 1]?.atMs ?? 0))
}

function attemptsAt(exchanges: readonly Exchange[], backend: string): number {
  return exchanges.flatMap(({ attempts }) => attempts).filter((attempt) => attempt.backend === backend).length
}
