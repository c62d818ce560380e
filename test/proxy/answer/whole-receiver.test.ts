import { describe, expect, it } from 'vitest'
import {
  chatAnswer,
  chatAnswerBody,
  cutAt,
  type Encoding,
  encode,
  head,
  reset,
  whole,
  write,
} from '../../support/fake-provider.ts'
import { startScenario } from '../scenario.ts'

const body = JSON.stringify(chatAnswerBody())
const json = { 'content-type': 'application/json' }
const notStreamed = { stream: false }

describe('a whole answer', () => {
  it('passes byte for byte, with headers that are true', async () => {
    const { a, chat, watch } = await startScenario()
    a.answer(whole(200, `${body}\n `, { chunked: true, headers: { 'x-request-id': 'req_1' } }))
    const answer = await chat(notStreamed)
    expect(answer.headers).toMatchObject({
      'content-type': 'application/json',
      'content-length': String(body.length + 2),
      'x-request-id': 'req_1',
      'x-usage-prompt-tokens': '12',
      'x-usage-completion-tokens': '5',
      'x-llmproxy-attempts': '1',
      'x-llmproxy-backend': 'openai.a',
      'x-llmproxy-overhead-ms': expect.stringMatching(/^\d+\.\d{3}$/),
    })
    expect(await answer.text()).toBe(`${body}\n `)
    const exchange = await watch.closedExchange()
    expect(exchange).toMatchObject({
      outcome: 'complete',
      status: 200,
      answerBytes: body.length + 2,
      attempts: [
        { usage: { promptTokens: 12, completionTokens: 5 }, stop: 'stop', upstreamRequestId: 'req_1' },
      ],
    })
  })

  it('that is no JSON passes all the same', async () => {
    const { a, chat } = await startScenario()
    a.answer(whole(200, 'plain words', { headers: { 'content-type': 'text/plain' } }))
    const answer = await chat(notStreamed)
    expect(answer.headers['content-type']).toBe('text/plain')
    expect(await answer.text()).toBe('plain words')
  })

  it('that only the close of its connection ends passes when it is whole', async () => {
    const { a, chat, watch } = await startScenario()
    a.answer([head(200, json, { untilClose: true }), write(body)])
    expect(await (await chat(notStreamed)).text()).toBe(body)
    expect(await watch.closedExchange()).toMatchObject({ outcome: 'complete', status: 200 })
  })

  it.each([
    ['a break', [head(200, json), write(body.slice(0, 50)), reset()]],
    [
      'a close before its announced length',
      [cutAt(10), head(200, { ...json, 'content-length': '5000' }), write(body)],
    ],
    [
      'JSON that stops short where only the close of the connection ends it',
      [head(200, json, { untilClose: true }), write(body.slice(0, 50))],
    ],
    ['a body that is not in its encoding', whole(200, body, { headers: { 'content-encoding': 'gzip' } })],
  ])('fails over after %s: no status has gone out', async (_what, script) => {
    const { a, b, chat, watch } = await startScenario({ targets: 2 })
    a.answer(script)
    b.answer(chatAnswer({ text: 'from b' }))
    const answer = await chat(notStreamed, { headers: { 'accept-encoding': 'gzip' } })
    expect(answer.status).toBe(200)
    expect(answer.headers['x-llmproxy-backend']).toBe('openai.b')
    expect(await answer.text()).toContain('from b')
    expect((await watch.closedExchange()).attempts).toHaveLength(2)
  })

  it('that breaks at the only target is an error, not a 200', async () => {
    const { a, chat } = await startScenario()
    a.answer([head(200, json), write(body.slice(0, 50)), reset()])
    const answer = await chat(notStreamed)
    expect(answer.status).toBe(502)
    expect(JSON.parse(await answer.text()).error.message).toContain('openai.a')
  })
})

describe('a compressed whole answer', () => {
  it.each<Encoding>(['gzip', 'br', 'deflate'])(
    'passes as it is to a client that takes %s',
    async (encoding) => {
      const { a, chat, watch } = await startScenario()
      a.answer(whole(200, body, { encoding }))
      const answer = await chat(notStreamed, { headers: { 'accept-encoding': encoding } })
      expect(a.requests[0]?.headers['accept-encoding']).toBe(encoding)
      expect(answer.headers['content-encoding']).toBe(encoding)
      const bytes: Buffer[] = []
      for await (const chunk of answer.chunks) bytes.push(chunk.bytes)
      expect(Buffer.concat(bytes)).toEqual(encode(Buffer.from(body), encoding))
      expect((await watch.closedExchange()).attempts[0]?.usage).toMatchObject({ promptTokens: 12 })
    },
  )

  it('is decoded for a client that does not take its encoding', async () => {
    const { a, chat } = await startScenario()
    a.answer(whole(200, body, { encoding: 'br' }))
    const answer = await chat(notStreamed, { headers: { 'accept-encoding': 'gzip' } })
    expect(answer.headers).not.toHaveProperty('content-encoding')
    expect(answer.headers['content-length']).toBe(String(body.length))
    expect(await answer.text()).toBe(body)
  })

  it('is not asked for where the client takes none', async () => {
    const { a, chat } = await startScenario()
    a.answer(chatAnswer())
    await chat(notStreamed)
    expect(a.requests[0]?.headers['accept-encoding']).toBe('identity')
  })
})

describe('a whole answer of more than 8 MB', () => {
  const large = JSON.stringify({ ...chatAnswerBody(), filler: 'x'.repeat(9 << 20) })

  it('streams, without the headers that only a held one can have', async () => {
    const { a, chat, watch } = await startScenario()
    a.answer(whole(200, large))
    const answer = await chat(notStreamed)
    expect(answer.headers).not.toHaveProperty('x-usage-prompt-tokens')
    expect(answer.headers).not.toHaveProperty('x-llmproxy-overhead-ms')
    expect(answer.headers['x-llmproxy-exchange']).toBe((await watch.exchanges[0])?.id)
    expect((await answer.text()) === large).toBe(true)
    expect((await watch.closedExchange()).answerBytes).toBe(large.length)
  })

  it('is cut for the client when it breaks', async () => {
    const { a, b, chat, watch } = await startScenario({ targets: 2 })
    a.answer([head(200, json), write(large.slice(0, -10)), reset()])
    const answer = await chat(notStreamed)
    expect(answer.status).toBe(200)
    expect((await answer.drain()).cut).toBe(true)
    expect(b.requests).toHaveLength(0)
    expect((await watch.closedExchange()).outcome).toBe('incomplete')
  })
})
