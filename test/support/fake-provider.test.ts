import { Agent } from 'node:http'
import { brotliDecompressSync, gunzipSync, inflateSync } from 'node:zlib'
import { decompress } from 'fzstd'
import { afterEach, expect, test } from 'vitest'
import {
  type Behaviour,
  closeWithoutAnswer,
  cutAt,
  delay,
  drip,
  type Encoding,
  end,
  type FakeProvider,
  head,
  jsonBody,
  paced,
  raw,
  refusedPort,
  reset,
  type Script,
  splitUtf8,
  stall,
  startBlackHole,
  startFakeProvider,
  waitFor,
  whole,
  write,
} from './fake-provider.ts'
import { rawRequest } from './raw-client.ts'
import { openStream } from './raw-client-stream.ts'

const running: { close(): Promise<void> }[] = []
afterEach(() => Promise.all(running.splice(0).map((one) => one.close())))

async function provider(behaviour?: Behaviour): Promise<FakeProvider> {
  const started = await startFakeProvider(behaviour)
  running.push(started)
  return started
}

const post = (path: string, body: string, headers = '') =>
  `POST ${path} HTTP/1.1\r\nHost: x\r\n${headers}Content-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`

test('records a request as it stood on the wire, whatever its pieces', async () => {
  const fake = await provider()
  const body = '{"model":"é€😀"}'
  await rawRequest(fake.port, post('/v1/x?a=%2f', body, 'X-Two: a\r\nx-two: b\r\n'), { pieceBytes: 1 })
  const request = await fake.received()
  expect(request).toMatchObject({ method: 'POST', url: '/v1/x?a=%2f', connection: 1, closedAtMs: null })
  expect(request.rawHeaders.slice(1, 3)).toEqual([
    ['X-Two', 'a'],
    ['x-two', 'b'],
  ])
  expect(request.headers['x-two']).toBe('a, b')
  expect(jsonBody(request)).toEqual({ model: 'é€😀' })
})

test('reads chunked and pipelined requests and answers them in order', async () => {
  const fake = await provider((request) => whole(200, request.body.toString()))
  const chunked = 'POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n'
  const answer = await rawRequest(fake.port, chunked + post('/', 'second'))
  expect(answer.text).toBe('abcde')
  const second = await fake.received(2)
  expect(second.body.toString()).toBe('second')
  expect(second.connection).toBe(1)
})

test('uses queued behaviours once, then the standing one', async () => {
  const fake = await provider(whole(200, 'standing'))
  fake.next(whole(500, 'once'))
  const statuses = []
  for (let i = 0; i < 3; i++) statuses.push((await rawRequest(fake.port, post('/', '{}'))).status)
  expect(statuses).toEqual([500, 200, 200])
  fake.answer(whole(404, {}))
  expect((await rawRequest(fake.port, post('/', '{}'))).status).toBe(404)
})

test.each<[string, Script, { text: string; cut: boolean }]>([
  ['an answer without an end step is completed', [head(200), write('abc')], { text: 'abc', cut: false }],
  [
    'steps after the end do nothing',
    [head(200), write('abc'), end(), write('d')],
    { text: 'abc', cut: false },
  ],
  [
    'a cut closes inside the body',
    [cutAt(4), head(200), write('abc'), write('def')],
    { text: 'abcd', cut: true },
  ],
  [
    'a clean cut looks complete',
    [cutAt(4, 'clean'), head(200), write('abcdef')],
    { text: 'abcd', cut: false },
  ],
  ['a reset is felt', [head(200), write('abc'), delay(20), reset()], { text: 'abc', cut: true }],
  ['dripped bytes arrive in order', [head(200), drip('abcdef', { size: 4 })], { text: 'abcdef', cut: false }],
  ['paced pieces arrive in order', [head(200), paced(['a', 'b', 'c'], 2)], { text: 'abc', cut: false }],
  ['split characters are whole again', [head(200), splitUtf8('aé€😀b')], { text: 'aé€😀b', cut: false }],
  [
    'a length that is not reached is a cut',
    [head(200, { 'content-length': '9' }), write('abc'), closeWithoutAnswer()],
    { text: 'abc', cut: true },
  ],
  [
    'a body until the close is whole',
    [head(200, {}, { untilClose: true }), write('abc')],
    { text: 'abc', cut: false },
  ],
])('%s', async (_name, script, expected) => {
  const fake = await provider(script)
  const stream = await openStream(fake.url, { body: '{}' })
  expect(await stream.drain()).toEqual(expected)
  expect(fake.requests[0]?.closedAtMs).toBe(null)
})

test('splits inside every character of more than one byte', async () => {
  const fake = await provider([head(200), splitUtf8('aé€😀b'), raw('5\r\nab')])
  const { socket, read } = await rawText(fake.port)
  await expect.poll(read).toContain('5\r\nab')
  socket.destroy()
  const pieces = read()
    .split('\r\n\r\n')[1]
    ?.split('\r\n')
    .filter((_part, index) => index % 2 === 1)
  expect(pieces?.slice(0, 4).map((piece) => Buffer.from(piece, 'latin1').length)).toEqual([2, 2, 1, 2])
})

test('closes without a byte of an answer', async () => {
  const fake = await provider([closeWithoutAnswer()])
  expect(await rawRequest(fake.port, post('/', '{}'))).toMatchObject({ status: 0, head: '', complete: false })
})

test('tells when the client goes before the end, and lets a stall end with it', async () => {
  const fake = await provider([head(200), write('abc'), stall()])
  const stream = await openStream(fake.url, { body: '{}' })
  const request = await fake.received()
  expect(request.closedAtMs).toBe(null)
  const abortedAtMs = performance.now()
  stream.abort()
  const { atMs } = await request.closed
  expect(atMs).toBeGreaterThanOrEqual(abortedAtMs)
  await request.done
})

test('waits for what a test decides', async () => {
  let go: (value: unknown) => void = () => {}
  const fake = await provider([
    head(200),
    write('a'),
    waitFor(new Promise((resolve) => (go = resolve))),
    write('b'),
  ])
  const stream = await openStream(fake.url, { body: '{}' })
  const chunks = stream.chunks[Symbol.asyncIterator]()
  expect((await chunks.next()).value?.bytes.toString()).toBe('a')
  go(undefined)
  expect((await chunks.next()).value?.bytes.toString()).toBe('b')
})

test.each<[Encoding, (bytes: Buffer) => Uint8Array]>([
  ['gzip', gunzipSync],
  ['br', brotliDecompressSync],
  ['deflate', inflateSync],
  ['zstd', (bytes) => decompress(bytes)],
])('encodes as %s so that others can read it', async (encoding, decode) => {
  const text = 'é'.repeat(150_000)
  const fake = await provider(whole(200, text, { encoding, chunked: true }))
  const answer = await rawRequest(fake.port, post('/', '{}'))
  expect(answer.headers['content-encoding']).toBe(encoding)
  expect(answer.complete).toBe(true)
  expect(Buffer.from(decode(answer.body)).toString()).toBe(text)
})

test('closes a reused connection as its next request arrives', async () => {
  const fake = await provider()
  fake.keepAlive = { closeOnNextRequest: true }
  const agent = new Agent({ keepAlive: true, maxSockets: 1 })
  await (await openStream(fake.url, { body: '{}', agent })).text()
  await expect(openStream(fake.url, { body: '{}', agent })).rejects.toMatchObject({ code: 'ECONNRESET' })
  expect(fake.refusedReuses).toBe(1)
  expect(fake.requests).toHaveLength(1)
  await (await openStream(fake.url, { body: '{}', agent })).text()
  expect(fake.connections).toBe(2)
  agent.destroy()
})

test('closes an idle connection after so many answers', async () => {
  const fake = await provider()
  fake.keepAlive = { closeIdleAfterRequests: 2 }
  const agent = new Agent({ keepAlive: true, maxSockets: 1 })
  for (let i = 0; i < 2; i++) await (await openStream(fake.url, { body: '{}', agent })).text()
  await expect.poll(() => fake.openConnections).toBe(0)
  agent.destroy()
})

test('knows ports that refuse and ports that never answer', async () => {
  await expect(openStream(`http://127.0.0.1:${await refusedPort()}`)).rejects.toMatchObject({
    code: 'ECONNREFUSED',
  })
  const hole = await startBlackHole()
  running.push(hole)
  await expect(rawRequest(hole.port, post('/', '{}'), { timeoutMs: 50 })).rejects.toThrow('no whole answer')
})

test('does not write more than a slow reader takes', async () => {
  const mb = Buffer.alloc(1 << 20)
  let written = 0
  const many = function* () {
    for (; written < 64; written++) yield mb
  }
  const fake = await provider([head(200), paced(many())])
  const stream = await openStream(fake.url, { body: '{}' })
  let before = -1
  const standsStill = () => {
    const still = written === before
    before = written
    return still
  }
  await expect.poll(standsStill, { interval: 20 }).toBe(true)
  expect(written).toBeLessThan(32)
  stream.abort()
})

async function rawText(port: number) {
  const { connect } = await import('node:net')
  const socket = connect(port, '127.0.0.1')
  let text = ''
  socket.on('data', (bytes) => {
    text += bytes.toString('latin1')
  })
  socket.write(post('/', '{}'))
  return { socket, read: () => text }
}
