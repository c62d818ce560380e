import { once } from 'node:events'
import { connect } from 'node:net'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { expectError } from '../errors/error-shapes.ts'
import { backendsAt, protocolClients } from '../errors/protocol-clients.ts'
import { generationCall } from '../errors/raw-call.ts'
import { expectAlive } from '../errors/refusal-table.ts'
import { FakeClock } from '../support/fake-clock.ts'
import { type FakeProvider, startFakeProvider } from '../support/fake-provider.ts'
import { AnswerReader } from '../support/provider/answer-reader.ts'
import { startTestProxy, type TestProxy } from '../support/start-proxy.ts'

const clock = new FakeClock()
let provider: FakeProvider
let proxy: TestProxy

beforeAll(async () => {
  provider = await startFakeProvider()
  proxy = await startTestProxy({
    clock,
    config: { backends: backendsAt(provider.origin, { models: ['m'] }) },
  })
})
afterAll(async () => {
  await proxy.stop()
  await provider.close()
})

test.each(protocolClients)(
  'a client of $protocol that stops in its body is let go after a minute',
  async (client) => {
    // It would keep its connection, and the proxy must not.
    const call = Buffer.from(generationCall(client).toString().replace('Connection: close\r\n', ''))
    const socket = connect({ port: proxy.port, host: '127.0.0.1' })
    const reader = new AnswerReader()
    socket.on('error', () => {}).on('data', (data: Buffer) => reader.push(data))
    socket.write(call.subarray(0, call.length - 5))
    await expect.poll(() => clock.pending).toBeGreaterThanOrEqual(2)
    clock.advance(59_000)
    expect(reader.head).toBe('')
    await expect
      .poll(() => {
        clock.advance(30_000)
        return reader.complete
      })
      .toBe(true)
    const { status, headers } = reader
    const words = ['no more of the request body', '60 s']
    expectError(
      client.protocol,
      { status, headers, text: reader.body().toString() },
      { status: 408, code: 'request_timeout', words },
    )
    if (!socket.closed) await once(socket, 'close')
    await expectAlive(proxy.port)
  },
)
