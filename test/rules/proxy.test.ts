import { gzipSync } from 'node:zlib'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import {
  chatAnswer,
  chatStream,
  type FakeProvider,
  head,
  jsonBody,
  stall,
  startFakeProvider,
  write,
} from '../support/fake-provider.ts'
import { startTestProxy, type TestProxy } from '../support/start-proxy.ts'
import { dataOf } from './saying.ts'

/** The rules of reference/protocols.md §4 that only a running proxy can keep. */
let fake: FakeProvider
let proxy: TestProxy
beforeEach(async () => {
  fake = await startFakeProvider()
  const local = {
    ...{ type: 'groq', api_url: `${fake.url}/v1`, api_key: 'gsk_0000000000000000' },
    ...{ protocols: ['openai-chat'], models: ['m'] },
  }
  proxy = await startTestProxy({ config: { backends: { local }, failure_handling: { max_wait_seconds: 0 } } })
})
afterEach(async () => {
  await proxy.stop()
  await fake.close()
})

const stalling = [stall()]

const body = (more: object = {}) =>
  JSON.stringify({ model: 'm', max_tokens: 9, messages: [{ role: 'user', content: 'hi' }], ...more })

function ask(path: string, init: RequestInit = {}): Promise<Response> {
  return fetch(`${proxy.url}${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: body(),
    ...init,
  })
}

describe('a translating proxy', () => {
  it('rule 20: always asks for the usage, and shows chat’s chunk only to those who asked', async () => {
    fake.answer(chatStream(['a'], { usage: { prompt: 5, completion: 2 } as never }))
    const toMessages = await (await ask('/v1/messages', { body: body({ stream: true }) })).text()
    expect(jsonBody(fake.requests[0] as never)).toMatchObject({ stream_options: { include_usage: true } })
    expect(
      dataOf(toMessages).some(({ type, usage }) => type === 'message_delta' && usage !== undefined),
    ).toBe(true)
    const toChat = await (await ask('/v1/chat/completions', { body: body({ stream: true }) })).text()
    expect(dataOf(toChat).some(({ usage }) => usage !== undefined && usage !== null)).toBe(false)
  })

  it('rule 25: counts tokens for every backend, system and tools too, and says that it is an estimate', async () => {
    const count = async (more: object) => {
      const answer = await ask('/v1/messages/count_tokens', { body: body(more) })
      expect([answer.status, answer.headers.get('x-llmproxy-token-count')]).toEqual([200, 'estimate'])
      return ((await answer.json()) as { input_tokens: number }).input_tokens
    }
    const plain = await count({})
    const withSystem = await count({ system: 'You are a helpful assistant who answers briefly.' })
    const tool = {
      name: 'get_weather',
      description: 'The weather of a city',
      input_schema: { type: 'object' },
    }
    const withTools = await count({ tools: [tool] })
    expect(plain).toBeGreaterThan(0)
    expect(withSystem).toBeGreaterThan(plain + 5)
    expect(withTools).toBeGreaterThan(plain + 5)
    expect(fake.requests).toEqual([])
    const gemini = await ask('/v1beta/models/m:countTokens', {
      body: JSON.stringify({ contents: [{ parts: [{ text: 'hi' }] }] }),
    })
    expect(((await gemini.json()) as { totalTokens: number }).totalTokens).toBeGreaterThan(0)
    const responses = await ask('/v1/responses/input_tokens', {
      body: JSON.stringify({ model: 'm', input: 'hi' }),
    })
    expect(await responses.json()).toMatchObject({
      object: 'response.input_tokens',
      input_tokens: expect.any(Number),
    })
  })

  it('rule 27: undoes the encodings of both sides, and names none that is not there', async () => {
    const answer = gzipSync(
      JSON.stringify({ id: 'c', choices: [{ index: 0, message: { content: 'Hi' }, finish_reason: 'stop' }] }),
    )
    fake.answer([
      head(200, {
        'content-type': 'application/json',
        'content-encoding': 'gzip',
        'content-length': String(answer.length),
      }),
      write(answer),
    ])
    const got = await ask('/v1/messages', {
      headers: { 'content-type': 'application/json', 'content-encoding': 'gzip' },
      body: gzipSync(body()),
    })
    expect(got.headers.get('content-encoding')).toBeNull()
    expect(await got.json()).toMatchObject({ content: [{ type: 'text', text: 'Hi' }] })
    expect(jsonBody(fake.requests[0] as never)).toMatchObject({ model: 'm' })
  })

  it.each([false, true])(
    'rule 28: takes a client’s leaving to the backend, before the first word (stream: %j)',
    async (stream) => {
      fake.answer(stalling)
      const controller = new AbortController()
      const asking = ask('/v1/messages', { body: body({ stream }), signal: controller.signal })
      asking.catch(() => {})
      const { closed } = await fake.received()
      controller.abort()
      await closed
      await expect(asking).rejects.toThrow()
    },
  )

  it('rule 29: makes a cut stream an error of the client’s own, never a clean end', async () => {
    fake.answer([
      head(200, { 'content-type': 'text/event-stream' }),
      write('data: {"choices":[{"index":0,"delta":{"content":"Hel"}}]}\n\n'),
    ])
    const answer = await ask('/v1/messages', { body: body({ stream: true }) })
    const read: string[] = []
    await expect(
      (async () => {
        for await (const piece of answer.body as unknown as AsyncIterable<Uint8Array>)
          read.push(Buffer.from(piece).toString())
      })(),
    ).rejects.toThrow()
    const events = dataOf(read.join(''))
    expect(events.map(({ type }) => type)).toContain('error')
    expect(events.map(({ type }) => type)).not.toContain('message_stop')
  })

  it('names what it dropped, and the provider’s own request id', async () => {
    fake.answer(chatAnswer({ text: 'Hi' }))
    const answer = await ask('/v1/messages', { body: body({ top_k: 5, metadata: { user_id: 'u' } }) })
    expect(answer.headers.get('x-llmproxy-dropped')).toBe('top_k,metadata.user_id')
    expect(answer.headers.get('x-llmproxy-upstream-request-id')).toBe('req_fake_chat')
    expect(answer.headers.get('request-id')).toBe(answer.headers.get('x-llmproxy-exchange'))
  })

  it('refuses what it would have dropped where the request says so, in the client’s own words', async () => {
    const answer = await ask('/v1/messages', {
      headers: { 'content-type': 'application/json', 'x-llmproxy-untranslatable': 'reject' },
      body: body({ top_k: 5 }),
    })
    expect([answer.status, answer.headers.get('x-should-retry')]).toEqual([400, 'false'])
    expect(await answer.json()).toMatchObject({
      type: 'error',
      error: {
        type: 'invalid_request_error',
        message: expect.stringContaining('"top_k" cannot be carried'),
        details: { param: 'top_k' },
      },
    })
    expect(fake.requests).toEqual([])
  })
})
