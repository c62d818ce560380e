import { describe, expect, it } from 'vitest'
import {
  anthropicError,
  encode,
  head,
  openaiError,
  reset,
  whole,
  write,
} from '../../support/fake-provider.ts'
import { startScenario } from '../scenario.ts'

const notStreamed = { stream: false }

describe('a provider’s error', () => {
  it('reaches the client with status, headers and body as they were', async () => {
    const { a, chat, watch } = await startScenario()
    const body = '{"error" : {"message":"Bad messages.","type":"invalid_request_error","x":1.0}}\n'
    a.answer(whole(400, body, { headers: { 'x-request-id': 'req_7', 'x-custom': 'kept' } }))
    const answer = await chat(notStreamed)
    expect(answer.status).toBe(400)
    expect(await answer.text()).toBe(body)
    expect(answer.headers).toMatchObject({
      'content-length': String(body.length),
      'x-custom': 'kept',
      'x-request-id': 'req_7',
      'x-llmproxy-attempts': '1',
      'x-llmproxy-backend': 'openai.a',
    })
    expect(await watch.closedExchange()).toMatchObject({
      outcome: 'error',
      status: 400,
      error: { code: 'backend_error', message: 'Bad messages.' },
    })
  })

  it.each([400, 402, 403, 404, 409, 413, 422])('with status %i is final', async (status) => {
    const { a, b, chat } = await startScenario({ targets: 2 })
    a.answer(openaiError(status))
    expect((await chat(notStreamed)).status).toBe(status)
    expect(b.requests).toHaveLength(0)
  })

  it.each([408, 429, 500, 502, 503, 504, 529])(
    'with status %i goes on to the next target',
    async (status) => {
      const { a, b, chat } = await startScenario({ targets: 2 })
      a.answer(openaiError(status))
      expect((await chat(notStreamed)).status).toBe(200)
      expect(b.requests).toHaveLength(1)
    },
  )

  it('of a stream is the same as of a whole answer', async () => {
    const { a, chat } = await startScenario()
    a.answer(openaiError(400))
    const answer = await chat()
    expect(answer.status).toBe(400)
    expect(JSON.parse(await answer.text()).error.message).toBe("Invalid value for 'messages'.")
  })

  it('keeps its encoding for a client that takes it, and loses it for one that does not', async () => {
    const { a, chat } = await startScenario()
    const body = '{"error":{"message":"Packed."}}'
    a.answer(whole(400, body, { encoding: 'gzip' }))
    const packed = await chat(notStreamed, { headers: { 'accept-encoding': 'gzip' } })
    expect(packed.headers['content-encoding']).toBe('gzip')
    expect(packed.headers['content-length']).toBe(String(encode(Buffer.from(body), 'gzip').length))
    const plain = await chat(notStreamed)
    expect(plain.headers).not.toHaveProperty('content-encoding')
    expect(await plain.text()).toBe(body)
  })

  it('that is no JSON passes too', async () => {
    const { a, chat } = await startScenario()
    a.answer([head(400, { 'content-type': 'text/html' }), write('<h1>no</h1>')])
    const answer = await chat(notStreamed)
    expect(answer.headers['content-type']).toBe('text/html')
    expect(await answer.text()).toBe('<h1>no</h1>')
  })

  it('whose body breaks off is an error of ours', async () => {
    const { a, chat } = await startScenario()
    a.answer([head(400, { 'content-type': 'application/json' }), write('{"err'), reset()])
    const answer = await chat(notStreamed)
    expect(answer.status).toBe(502)
    expect(JSON.parse(await answer.text()).error.code).toBe('backend_closed')
  })
})

describe('retry-after', () => {
  it('of a limit beyond max_wait_seconds reaches the client at once', async () => {
    const { a, chat } = await startScenario()
    a.answer(openaiError(429, { retryAfter: '3600' }))
    const answer = await chat(notStreamed)
    expect(answer.status).toBe(429)
    expect(answer.headers['retry-after']).toBe('3600')
    expect(a.requests).toHaveLength(1)
  })

  it('is waited for and the same target asked again, when there is no other', async () => {
    const { a, chat, clock, watch } = await startScenario()
    a.next(openaiError(429, { retryAfter: '7' }))
    a.answer(whole(200, { ok: true }))
    const answer = chat(notStreamed)
    await watch.until(() => watch.heads[0] === 429)
    await clock.advanceSlowly(6_999)
    expect(a.requests).toHaveLength(1)
    // The refusal's body may still be on its way when the clock moves: the wait begins when it is read.
    await clock.advanceSlowly(7_000)
    expect((await answer).status).toBe(200)
    expect(a.requests).toHaveLength(2)
  })
})

describe('a provider key of ours that is refused', () => {
  it.each([
    [401, 'Incorrect API key provided.'],
    [403, 'This API key may not do that.'],
  ])('with %i is a 502 that says whose fault it is, for clients retry on 401', async (status, message) => {
    const { a, chat } = await startScenario()
    a.answer(openaiError(status, { message }))
    const answer = await chat(notStreamed)
    expect(answer.status).toBe(502)
    expect(answer.headers['x-should-retry']).toBe('false')
    const { error } = JSON.parse(await answer.text())
    expect(error.code).toBe('provider_key_refused')
    expect(error.message).toContain('openai.a')
    expect(error.message).toContain(`(${status})`)
  })

  it('is told in the client’s own protocol', async () => {
    const { a, post } = await startScenario({ type: 'anthropic' })
    a.answer(anthropicError(401))
    const answer = await post('/v1/messages', { model: 'm', max_tokens: 1, messages: [] })
    expect(answer.status).toBe(502)
    expect(JSON.parse(await answer.text())).toMatchObject({
      type: 'error',
      error: { type: expect.any(String) },
    })
  })

  it('is not blamed for a 403 about something else', async () => {
    const { a, chat } = await startScenario()
    a.answer(openaiError(403, { message: 'Country not supported.' }))
    expect((await chat(notStreamed)).status).toBe(403)
  })
})

it('a client’s own key that is refused gets the provider’s 401 as it is', async () => {
  const { a, chat } = await startScenario({
    backend: { api_key: undefined, credentials: 'client', trust_client_credentials: true },
  })
  a.answer(openaiError(401))
  const answer = await chat(notStreamed, { headers: { authorization: `Bearer sk-${'k'.repeat(40)}` } })
  expect(answer.status).toBe(401)
  expect(JSON.parse(await answer.text()).error.code).toBe('invalid_api_key')
})
