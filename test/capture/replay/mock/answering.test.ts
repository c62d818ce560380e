import fc from 'fast-check'
import { describe, expect, it, test } from 'vitest'
import { protocolNames } from '../../../../src/core/protocol-name.ts'
import { aCapture, addRefusal, edited, lastOf, refused } from '../../../support/a-capture.ts'
import { chunkSizes, cutBytes } from '../../../support/chunking.ts'
import { openStream } from '../../../support/raw-client.ts'
import { aMock, ask, askAs, CountingPacer } from './a-mock.ts'

describe.each(protocolNames)('%s', (protocol) => {
  it.each([true, false])('is answered with the recorded bytes (stream: %s)', async (stream) => {
    const capture = aCapture({ protocol, stream })
    const { request, btp } = lastOf(capture)
    const mock = await aMock(capture)
    const answer = await askAs(mock, request)
    expect(answer).toMatchObject({ status: 200, complete: true, text: btp.text })
    expect(answer.headers).toMatchObject({
      'content-type': btp.headers.find(([name]) => name === 'content-type')?.[1],
      'x-llmproxy-replay': 'exact',
    })
    expect(mock.lines).toEqual(['exact x_1/1'])
  })
})

test('every recorded chunk is a chunk of the answer, however the stream was cut', async () => {
  const capture = aCapture({ stream: true })
  const cut = (sizes: readonly number[]) =>
    edited(capture, ({ btp }) => {
      btp.chunks = cutBytes(btp.body, sizes).map((bytes, at) => ({ ms: 400 + at, bytes: Buffer.from(bytes) }))
    })
  await fc.assert(
    fc.asyncProperty(chunkSizes, async (sizes) => {
      const recorded = cut(sizes)
      const mock = await aMock(recorded)
      const { pieces } = await askAs(mock, lastOf(recorded).request)
      expect(pieces.map(String)).toEqual(lastOf(recorded).btp.chunks.map(({ bytes }) => String(bytes)))
    }),
    { numRuns: 40 },
  )
})

describe('a recorded answer', () => {
  it('keeps its status and headers, but not those of its connection, its encoding, or another place', async () => {
    const capture = edited(aCapture(), (x) =>
      refused(
        x,
        429,
        { error: { message: 'slow down' } },
        {
          'retry-after': '7',
          'x-ratelimit-remaining-requests': '0',
          'content-encoding': 'gzip',
          'set-cookie': 'a=b',
          location: 'https://elsewhere.example/',
          'alt-svc': 'h3=":443"',
          connection: 'close',
          'x-odd': 'a\u0000b',
        },
      ),
    )
    const { status, headers, text } = await askAs(await aMock(capture), lastOf(capture).request)
    expect([status, JSON.parse(text)]).toEqual([429, { error: { message: 'slow down' } }])
    expect(headers).toMatchObject({ 'retry-after': '7', 'x-ratelimit-remaining-requests': '0' })
    for (const name of ['content-encoding', 'set-cookie', 'location', 'alt-svc', 'x-odd']) {
      expect(headers).not.toHaveProperty(name)
    }
    expect(headers.connection).not.toBe('close')
  })

  it('that was sized has the size of what is sent', async () => {
    const capture = edited(aCapture({ stream: false }), ({ btp }) => {
      btp.header('content-length', '3').header('content-encoding', 'gzip')
    })
    const { headers, body } = await askAs(await aMock(capture), lastOf(capture).request)
    expect(headers['content-length']).toBe(String(body.length))
    expect(body.equals(lastOf(capture).btp.body)).toBe(true)
  })

  it('that the backend cut is cut where it was', async () => {
    const capture = edited(aCapture({ stream: true }), (x) =>
      x.bothAnswers((leg) => leg.cutTail(100).endAs('abort_backend', 'closed')),
    )
    const { text, complete } = await askAs(await aMock(capture), lastOf(capture).request)
    expect([complete, text]).toEqual([false, lastOf(capture).btp.text])
  })

  it('of which bytes are not in the file is cut before them', async () => {
    const capture = edited(aCapture({ stream: true }), ({ btp }) => {
      const chunk = btp.chunks[2]
      if (chunk) chunk.undecoded = { enc: 'gzip', bytes: 10 }
    })
    const { pieces, complete } = await askAs(await aMock(capture), lastOf(capture).request)
    expect([complete, pieces.length]).toEqual([false, 2])
  })

  it('that never began is a closed connection', async () => {
    const capture = edited(aCapture(), (x) =>
      x.bothAnswers((leg) => {
        Object.assign(leg, { status: null, headMs: null, headers: [], chunks: [] })
        leg.endAs('error', 'connection refused')
      }),
    )
    const answer = await askAs(await aMock(capture), lastOf(capture).request)
    expect([answer.status, answer.head, answer.text]).toEqual([0, '', ''])
  })

  it.each(['abort_client', 'abort_proxy', 'timeout'] as const)(
    'that ended by %s says what it said, and nothing more while the client is there',
    async (why) => {
      const capture = edited(aCapture({ stream: true }), (x) =>
        x.bothAnswers((leg) => leg.cutTail(100).endAs(why)),
      )
      const pacer = new CountingPacer()
      const mock = await aMock(capture, { pacer, pace: { speed: 1, maxGapMs: null } })
      const { request, btp } = lastOf(capture)
      const stream = await openStream(mock.url + request.url, { body: request.body })
      let text = ''
      for await (const { bytes } of stream.chunks) {
        text += bytes.toString()
        if (text.length === btp.text.length) break
      }
      expect(text).toBe(btp.text)
      // The head and each chunk: its end waits for nothing that could come.
      expect(pacer.count).toBe(1 + btp.chunks.length)
    },
  )

  it('that a client left is over after the longest silence, where there is one', async () => {
    const capture = edited(aCapture({ stream: true }), (x) =>
      x.bothAnswers((leg) => leg.cutTail(100).endAs('abort_client')),
    )
    const mock = await aMock(capture, { pace: { speed: 1000, maxGapMs: 5 } })
    const { text, complete } = await askAs(mock, lastOf(capture).request)
    expect([complete, text]).toEqual([false, lastOf(capture).btp.text])
  })

  it('of no body has none', async () => {
    const capture = edited(aCapture({ stream: false }), ({ btp }) => {
      btp.status = 204
      btp.headers = []
    })
    const { status, text, complete } = await askAs(await aMock(capture), lastOf(capture).request)
    expect([status, text, complete]).toEqual([204, '', true])
  })
})

test('a client that does not read holds the answer up, and gets all of it when it does', async () => {
  const big = 'x'.repeat(100_000)
  const delta = (content: string) => ({ choices: [{ index: 0, delta: { content } }] })
  const capture = aCapture({ answer: Array.from({ length: 300 }, (_, at) => delta(`${at}${big}`)) })
  const { request, btp } = lastOf(capture)
  const pacer = new CountingPacer()
  const mock = await aMock(capture, { pacer })
  const stream = await openStream(mock.url + request.url, { body: request.body })
  await pacer.standsStill()
  expect(pacer.count).toBeLessThan(btp.chunks.length)
  const pieces: Buffer[] = []
  for await (const { bytes } of stream.chunks) pieces.push(bytes)
  expect(Buffer.concat(pieces).equals(btp.body)).toBe(true)
})

describe('attempts of one exchange', () => {
  const capture = edited(aCapture({ stream: true }), (x) => addRefusal(x, { backend: 'openai', status: 503 }))
  const x = lastOf(capture)

  it('are given in their order to a proxy in front', async () => {
    const mock = await aMock(capture)
    const asProxy = () =>
      askAs(mock, x.ptb, { path: '/v1/chat/completions', headers: { 'x-llmproxy-hop': 'p1' } })
    expect([(await asProxy()).status, (await asProxy()).status]).toEqual([503, 200])
    expect(mock.lines).toEqual(['exact x_1/1', 'exact x_1/2'])
  })

  it('are not seen by a client, which gets what the client got', async () => {
    const mock = await aMock(capture)
    expect((await askAs(mock, x.request)).text).toBe(x.answer.text)
    expect(mock.lines).toEqual(['exact x_1'])
  })
})

describe('what needs no recording', () => {
  it.each(['HEAD', 'GET'])('%s / is answered', async (method) => {
    const mock = await aMock(aCapture())
    expect((await openStream(mock.url, { method })).status).toBe(200)
    expect(mock.counts).toMatchObject({ own: 1, miss: 0 })
  })

  const capture = aCapture([
    { model: 'gpt-5' },
    { protocol: 'openai-responses', model: 'gpt-5-codex' },
    { protocol: 'anthropic-messages', model: 'claude-x' },
    { protocol: 'gemini', model: 'gemini-y' },
  ])

  it.each([
    ['/v1/models', {}, { object: 'list', data: [{ id: 'gpt-5' }, { id: 'gpt-5-codex' }] }],
    [
      '/v1/models?limit=1000',
      { 'anthropic-version': '2023-06-01' },
      { data: [{ id: 'claude-x' }], has_more: false },
    ],
    ['/v1beta/models', {}, { models: [{ name: 'models/gemini-y' }] }],
    ['/v1/models/gpt-5', {}, { id: 'gpt-5', object: 'model' }],
  ])('GET %s %j lists the recorded models', async (path, headers, list) => {
    const { status, text } = await ask(await aMock(capture), { method: 'GET', path, headers })
    expect([status, JSON.parse(text)]).toMatchObject([200, list])
  })

  it('a model that was not recorded is none', async () => {
    const mock = await aMock(capture)
    expect((await ask(mock, { method: 'GET', path: '/v1/models/gpt-4' })).status).toBe(503)
    expect(mock.lines).toEqual(['miss'])
  })
})

test('a recorded list of models is given as it was', async () => {
  const capture = edited(
    aCapture({ stream: false, answer: { object: 'list', data: [{ id: 'recorded' }] } }),
    (x) =>
      x.bothRequests((leg) => {
        leg.method = 'GET'
        leg.url = '/v1/models'
        leg.chunks = []
      }),
  )
  const { text } = await ask(await aMock(capture), { method: 'GET', path: '/v1/models' })
  expect(JSON.parse(text).data).toEqual([{ id: 'recorded' }])
})

describe('is refused', () => {
  it('a body over the limit', async () => {
    const mock = await aMock(aCapture(), { maxBodyBytes: 1000 })
    const { status, text } = await ask(mock, { path: '/v1/messages', body: 'x'.repeat(5000) })
    expect([status, JSON.parse(text).type]).toEqual([413, 'error'])
    expect(mock.lines).toEqual(['refused'])
  })

  it('a page of another name that has it point here', async () => {
    const capture = aCapture()
    const mock = await aMock(capture)
    const { status } = await askAs(mock, lastOf(capture).request, { headers: { host: 'evil.example:80' } })
    expect(status).toBe(403)
  })

  it('WebSocket, so that clients go on without', async () => {
    const mock = await aMock(aCapture())
    const { status } = await ask(mock, {
      ...{ method: 'GET', path: '/v1/responses' },
      headers: { connection: 'upgrade', upgrade: 'websocket' },
    })
    expect([status, mock.lines]).toEqual([426, ['refused']])
  })

  it('a body that is not encoded as it says', async () => {
    const mock = await aMock(aCapture())
    const { status } = await ask(mock, {
      path: '/v1/messages',
      body: 'no gzip',
      headers: { 'content-encoding': 'gzip' },
    })
    expect(status).toBe(400)
  })
})
