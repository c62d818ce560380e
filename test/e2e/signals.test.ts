import { once } from 'node:events'
import { connect } from 'node:net'
import { expect, onTestFinished, test } from 'vitest'
import { expectError, expectStreamError } from '../errors/error-shapes.ts'
import { backendsAt, type ProtocolClient, protocolClients, streamOf } from '../errors/protocol-clients.ts'
import { generationCall } from '../errors/raw-call.ts'
import { holdOpen } from '../life/hold-open.ts'
import { type FakeProvider, stall, startFakeProvider, waitFor } from '../support/fake-provider.ts'
import { AnswerReader } from '../support/provider/answer-reader.ts'
import { rawRequest } from '../support/raw-client.ts'
import { serving } from './serving.ts'

const shuttingDown = { status: 503, code: 'shutting_down', words: ['shutting down'] }

/** The program before one provider for each client. */
async function before(graceSeconds: number) {
  const provider = await startFakeProvider((request) => (request.method === 'GET' ? [] : [stall()]))
  onTestFinished(() => provider.close())
  const program = await serving({
    shutdown_grace_seconds: graceSeconds,
    backends: backendsAt(provider.origin),
  })
  return { provider, program }
}

test('SIGTERM lets the streams of all protocols come to their ends, then exits with 0', async () => {
  const { provider, program } = await before(30)
  const streams = []
  for (const client of protocolClients) streams.push(await holdOpen(program.url, provider, client))
  program.process.kill('SIGTERM')
  await program.says(/SIGTERM: no new requests/)
  for (const stream of streams) {
    stream.goOn()
    expect(stream.begun + (await stream.rest())).toBe(stream.whole)
  }
  expect((await program.ended).exitCode).toBe(0)
})

test.each(protocolClients)(
  'while it drains, a new request of $protocol is refused in its own shape',
  async (client) => {
    const { provider, program } = await before(30)
    // Only a connection that is at work is still open; what follows on it is refused.
    const busy = await holdOpenRaw(program.port, provider, client)
    program.process.kill('SIGTERM')
    await expect.poll(() => refused(program.port)).toBe(true)
    const asked = provider.requests.length
    busy.socket.write(generationCall(client))
    busy.goOn()
    await once(busy.socket, 'close')
    const [first = '', second = ''] = busy.text().split('\r\n0\r\n\r\n')
    expect(first).toContain(client.frames(['first words', 'x']).at(-1)?.trim())
    const answer = new AnswerReader()
    answer.push(Buffer.from(second))
    const { status, headers } = answer
    expectError(
      client.protocol,
      { status, headers, text: answer.body().toString() },
      { ...shuttingDown, retryAfter: true },
    )
    expect(provider.requests).toHaveLength(asked)
    expect((await program.ended).exitCode).toBe(0)
  },
)

/** Whether nobody listens there any more. */
function refused(port: number): Promise<boolean> {
  const socket = connect(port, '127.0.0.1')
  return new Promise((resolve) => {
    socket.on('connect', () => resolve(false)).on('error', () => resolve(true))
  }).then((is) => {
    socket.destroy()
    return is === true
  })
}

/** A held stream on a connection that the client would keep. */
async function holdOpenRaw(port: number, provider: FakeProvider, client: ProtocolClient) {
  let goOn = () => {}
  const held = new Promise<void>((resolve) => {
    goOn = resolve
  })
  provider.answer(streamOf(client, ['first words', 'x'], waitFor(held)))
  const socket = connect(port, '127.0.0.1')
  let text = ''
  socket
    .on('error', () => {})
    .on('data', (data: Buffer) => {
      text += data.toString('latin1')
    })
  socket.write(generationCall(client, { stream: true }).toString().replace('Connection: close\r\n', ''))
  await expect.poll(() => text).toContain('first words')
  return { socket, goOn, text: () => text }
}

test('what the grace does not suffice for gets an error of its protocol, and the exit is 0', async () => {
  const { provider, program } = await before(0.3)
  const streams = []
  for (const client of protocolClients) {
    const stream = await holdOpen(program.url, provider, client)
    // Read at once: what waits unread in Node's client is lost when the connection is cut.
    streams.push({ client, stream, rest: stream.drain() })
  }
  provider.answer([stall()])
  const whole = protocolClients.map((client) => ({
    client,
    answer: rawRequest(program.port, generationCall(client)),
  }))
  await provider.received(provider.requests.length + whole.length)
  program.process.kill('SIGTERM')
  for (const { client, stream, rest } of streams) {
    const { text, cut } = await rest
    expect(cut).toBe(true)
    const id = stream.answer.headers['x-llmproxy-exchange'] ?? ''
    expectStreamError(client.protocol, stream.begun + text, id, {
      ...shuttingDown,
      retryAfter: client.protocol === 'gemini',
    })
  }
  for (const { client, answer } of whole) {
    expectError(client.protocol, await answer, { ...shuttingDown, retryAfter: true })
  }
  expect((await program.ended).exitCode).toBe(0)
})

test('a second SIGTERM ends at once with 143, and no stream looks complete', async () => {
  const { provider, program } = await before(60)
  const streams = []
  for (const client of protocolClients) streams.push(await holdOpen(program.url, provider, client))
  program.process.kill('SIGTERM')
  await program.says(/SIGTERM: no new requests/)
  program.process.kill('SIGTERM')
  expect((await program.ended).exitCode).toBe(143)
  for (const stream of streams) {
    const { text, cut } = await stream.drain()
    expect({ text, cut }).toEqual({ text: '', cut: true })
  }
})

test('without anything to wait for it ends at once, whatever the grace', async () => {
  const { program } = await before(60)
  program.process.kill('SIGTERM')
  expect((await program.ended).exitCode).toBe(0)
})
