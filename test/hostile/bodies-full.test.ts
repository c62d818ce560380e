import { once } from 'node:events'
import { connect } from 'node:net'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { expectError } from '../errors/error-shapes.ts'
import { backendsAt, protocolClients } from '../errors/protocol-clients.ts'
import { generationCall, rawCall } from '../errors/raw-call.ts'
import { expectAlive } from '../errors/refusal-table.ts'
import { type FakeProvider, startFakeProvider } from '../support/fake-provider.ts'
import { rawRequest } from '../support/raw-client.ts'
import { startTestProxy, type TestProxy } from '../support/start-proxy.ts'

let provider: FakeProvider
let proxy: TestProxy

beforeAll(async () => {
  provider = await startFakeProvider()
  proxy = await startTestProxy({
    config: { max_body_mb: 0.05, max_bodies_mb: 0.05, backends: backendsAt(provider.origin) },
  })
})
afterAll(async () => {
  await proxy.stop()
  await provider.close()
})

/** A client that has sent 49.99 of the 50 kB that all bodies together may have, and sends no more. */
function hogging() {
  const socket = connect(proxy.port, '127.0.0.1')
  socket.on('error', () => {})
  const body = Buffer.alloc(49_990, 'x')
  socket.write(rawCall({ path: '/v1/chat/completions', body, contentLength: 50_000 }))
  return {
    async leave() {
      socket.destroy()
      await once(socket, 'close')
    },
  }
}

test.each(protocolClients)(
  'a client of $protocol is asked to wait while the bodies of others fill the memory',
  async (client) => {
    const call = () => rawRequest(proxy.port, generationCall(client, { model: 'm'.repeat(200) }))
    const hog = await hogging()
    await expect.poll(async () => (await call()).status).toBe(503)
    expectError(client.protocol, await call(), {
      ...{ status: 503, code: 'bodies_full', words: ['max_bodies_mb', 'try again', 'raise it'] },
      retryAfter: true,
    })
    await expectAlive(proxy.port)
    await hog.leave()
    await expect.poll(async () => (await call()).status).toBe(200)
  },
)
