import { once } from 'node:events'
import { connect } from 'node:net'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { backendsAt, type ProtocolClient, protocolClients, streamOf } from '../errors/protocol-clients.ts'
import { generationCall } from '../errors/raw-call.ts'
import { expectAlive, type Refusal, testRefusals } from '../errors/refusal-table.ts'
import { type FakeProvider, startFakeProvider, waitFor } from '../support/fake-provider.ts'
import { startTestProxy, type TestProxy } from '../support/start-proxy.ts'

let provider: FakeProvider
let proxy: TestProxy

beforeAll(async () => {
  provider = await startFakeProvider()
  proxy = await startTestProxy({ config: { backends: backendsAt(provider.origin) } })
})
afterAll(async () => {
  await proxy.stop()
  await provider.close()
})

/** The parser of the lowest Node takes the space for a part of the name, and the guard then misses the Host. */
const takesSpaces = Number(process.versions.llhttp?.split('.')[0]) < 9
const broken = { status: 400, code: 'bad_request', words: ['not HTTP/1.1'], shouldRetry: false }

/** Node has forgotten the path by then, so that everybody gets the shape that most clients read. */
const tooMuch = {
  ...{ status: 431, code: 'headers_too_large', words: ['64 KiB', 'send less'], shouldRetry: false },
  except: ['anthropic-messages', 'gemini'],
} as const

/** The client's own call as text, changed. */
function rewritten(change: (text: string) => string): Refusal['send'] {
  return (client) => Buffer.from(change(generationCall(client).toString()), 'latin1')
}

const rows: readonly Refusal[] = [
  {
    name: 'headers of 70 kB',
    send: (client) => generationCall(client, { headers: [['X-Much', 'x'.repeat(70_000)]] }),
    ...tooMuch,
  },
  {
    name: 'a URL of 70 kB',
    send: (client) => generationCall(client, { path: `${client.path('m')}?x=${'x'.repeat(70_000)}` }),
    ...tooMuch,
  },
  {
    name: 'a length and chunks',
    send: rewritten((t) => t.replace('\r\n\r\n', '\r\nTransfer-Encoding: chunked\r\n\r\n')),
    ...broken,
  },
  {
    name: 'two lengths',
    send: rewritten((t) => t.replace('\r\n\r\n', '\r\nContent-Length: 1\r\n\r\n')),
    ...broken,
  },
  {
    name: 'a length that is none',
    send: rewritten((t) => t.replace(/Length: \d+/, 'Length: 1x')),
    ...broken,
  },
  { name: 'a negative length', send: rewritten((t) => t.replace(/Length: \d+/, 'Length: -1')), ...broken },
  {
    name: 'a header without a colon',
    send: rewritten((t) => t.replace('\r\n', '\r\nno colon here\r\n')),
    ...broken,
  },
  {
    name: 'a header name with a space',
    send: rewritten((t) => t.replace('Host:', 'Host :')),
    ...(takesSpaces ? { ...broken, code: 'bad_host', words: ['no Host header'] } : broken),
  },
  { name: 'a NUL in a header', send: rewritten((t) => t.replace('Host: ', 'Host: \0')), ...broken },
  { name: 'another version of HTTP', send: rewritten((t) => t.replace('HTTP/1.1', 'HTTP/9.9')), ...broken },
]

testRefusals(rows, () => proxy.port)

test.each([
  'GARBAGE\r\n\r\n',
  '\0\x01\x02\x03',
  '\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03',
  'GET\r\n\r\n',
  'CONNECT evil.example:443 HTTP/1.1\r\nHost: evil.example:443\r\n\r\n',
])(
  'bytes that are no request of ours (%j) get the connection closed, and an error if any answer',
  async (bytes) => {
    const socket = connect(proxy.port, '127.0.0.1')
    socket.on('error', () => {})
    const got: Buffer[] = []
    socket.on('data', (data: Buffer) => got.push(data)).write(Buffer.from(bytes, 'latin1'))
    await once(socket, 'close')
    expect(Buffer.concat(got).toString()).toMatch(
      /^(HTTP\/1\.1 400 Bad Request\r\n.*"code":"bad_request".*)?$/s,
    )
    await expectAlive(proxy.port)
  },
)

test('a second request that is broken puts nothing into the answer that runs', async () => {
  const [client] = protocolClients as readonly [ProtocolClient]
  let goOn = () => {}
  const held = new Promise<void>((resolve) => {
    goOn = resolve
  })
  provider.answer(streamOf(client, ['first', 'second'], waitFor(held)))
  const socket = connect(proxy.port, '127.0.0.1')
  socket.on('error', () => {})
  let text = ''
  const sawFirst = new Promise<void>((resolve) => {
    socket.on('data', (data: Buffer) => {
      text += data.toString()
      if (text.includes('first')) resolve()
    })
  })
  const call = generationCall(client, { stream: true }).toString()
  socket.write(call.replace('Connection: close\r\n', ''))
  await sawFirst
  socket.write('BROKEN\r\n\r\n')
  await once(socket, 'close')
  goOn()
  expect(text.match(/HTTP\/1\.1/g)).toHaveLength(1)
  await expectAlive(proxy.port)
})
