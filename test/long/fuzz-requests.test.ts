import { once } from 'node:events'
import { connect } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { backendsAt } from '../errors/protocol-clients.ts'
import { expectAlive } from '../errors/refusal-table.ts'
import { chatAnswer, type FakeProvider, startFakeProvider } from '../support/fake-provider.ts'
import { startTestProxy, type TestProxy } from '../support/start-proxy.ts'
import { type FuzzedRequest, fuzzedBytes, fuzzedRequest } from './mutate-request.ts'

const runs = Number(process.env.FUZZ_RUNS ?? 6000)
const seed = Number(process.env.FUZZ_SEED ?? 20_260_105)
/** How long an answer is waited for before the client gives up, as clients of unfinished requests do. */
const patienceMs = 60
const atOnce = 16

let provider: FakeProvider
let proxy: TestProxy
let uncaught = 0

beforeAll(async () => {
  provider = await startFakeProvider(chatAnswer())
  proxy = await startTestProxy({
    config: {
      ...{ max_body_mb: 1, max_bodies_mb: 8, logging: { level: 'debug' } },
      backends: { ...backendsAt(provider.origin), demo: {} },
    },
  })
  process.on('unhandledRejection', countFault)
  process.on('uncaughtException', countFault)
})
afterAll(async () => {
  process.off('unhandledRejection', countFault)
  process.off('uncaughtException', countFault)
  await proxy.stop()
  await provider.close()
})

function countFault(): void {
  uncaught++
}

/** Everything that comes back on the connection within the patience. */
async function exchange(request: FuzzedRequest): Promise<string> {
  const socket = connect({ port: proxy.port, host: '127.0.0.1', noDelay: true })
  const got: Buffer[] = []
  socket.on('error', () => {}).on('data', (data: Buffer) => got.push(data))
  const closed = once(socket, 'close').catch(() => undefined)
  const bytes = fuzzedBytes(request)
  for (let at = 0; at < bytes.length && socket.writable; at += request.pieceBytes) {
    socket.write(bytes.subarray(at, at + request.pieceBytes))
  }
  await Promise.race([closed, sleep(patienceMs)])
  socket.destroy()
  await closed
  return Buffer.concat(got).toString('latin1')
}

test(`after ${runs} spoilt requests the proxy lives, has failed at none of them and has kept nothing`, async () => {
  console.log(`seed ${seed} (FUZZ_SEED), ${runs} requests (FUZZ_RUNS)`)
  const requests = fc.sample(fuzzedRequest, { numRuns: runs, seed })
  let heapAtStart = 0
  for (let at = 0; at < requests.length; at += atOnce) {
    const batch = requests.slice(at, at + atOnce)
    const answers = await Promise.all(batch.map(exchange))
    answers.forEach((answer, i) => {
      const shown = `seed ${seed}, request ${at + i}: ${JSON.stringify(batch[i])}`
      expect(answer, shown).toMatch(/^(HTTP\/1\.1 [1-5]\d\d [\s\S]*)?$/)
      expect(answer, shown).not.toMatch(/^HTTP\/1\.1 500 |"internal"|INTERNAL"/)
    })
    if (at % (atOnce * 25) === 0) await expectAlive(proxy.port)
    if (at === atOnce * 25) heapAtStart = heapUsed()
  }
  await expectAlive(proxy.port)
  expect(uncaught).toBe(0)
  expect(proxy.log()).not.toMatch(/a fault of the proxy|nobody caught/)
  // The log itself is kept by the test: a few hundred bytes a request.
  expect(heapUsed() - heapAtStart).toBeLessThan(40e6 + 3 * proxy.log().length)
  await expectNothingHeld()
})

/** A body as large as all bodies together may be still fits. */
async function expectNothingHeld(): Promise<void> {
  const body = JSON.stringify({
    model: 'demo:echo',
    messages: [{ role: 'user', content: 'x'.repeat(900_000) }],
  })
  const answers = await Promise.all(
    Array.from({ length: 8 }, () =>
      fetch(`${proxy.url}/v1/chat/completions`, { method: 'POST', body }).then(({ status }) => status),
    ),
  )
  expect(answers).toEqual(Array(8).fill(200))
}

function heapUsed(): number {
  ;(globalThis as { gc?: () => void }).gc?.()
  return process.memoryUsage().heapUsed
}
