import { describe, expect, it } from 'vitest'
import {
  chatFrames,
  chatStream,
  jsonBody,
  openaiError,
  type RecordedRequest,
} from '../../support/fake-provider.ts'
import { startScenario } from '../scenario.ts'

const withUsage = { usage: { prompt: 12, completion: 5 } }
const asks = { backend: { stream_usage: 'ask' } }
const hidden = chatFrames(['Hello'], withUsage).filter((frame) => !frame.includes('"choices":[]'))
const optionsOf = (request?: RecordedRequest) => request && jsonBody(request).stream_options

describe('the usage of a stream whose client did not ask', () => {
  it('is asked for, kept from the client, and in the record', async () => {
    const { a, chat, watch } = await startScenario(asks)
    a.answer(chatStream(['Hello'], withUsage))
    expect(await (await chat()).text()).toBe(hidden.join(''))
    expect(hidden).toHaveLength(chatFrames(['Hello'], withUsage).length - 1)
    expect(optionsOf(a.requests[0])).toEqual({ include_usage: true })
    expect((await watch.closedExchange()).attempts[0]?.usage).toMatchObject({
      promptTokens: 12,
      completionTokens: 5,
    })
  })

  it.each([[null], [{ include_usage: false }]])('counts as not asked for with %j', async (stream_options) => {
    const { a, chat } = await startScenario(asks)
    a.answer(chatStream(['Hello'], withUsage))
    expect(await (await chat({ stream_options })).text()).toBe(hidden.join(''))
    expect(optionsOf(a.requests[0])).toEqual({ include_usage: true })
  })

  it('is not hidden from a client that asked, and its body is untouched', async () => {
    const { a, post } = await startScenario(asks)
    a.answer(chatStream(['Hello'], withUsage))
    const body = '{ "model":"m", "messages":[], "stream":true, "stream_options": {"include_usage":true} }'
    const answer = await post('/v1/chat/completions', body)
    expect(await answer.text()).toBe(chatFrames(['Hello'], withUsage).join(''))
    expect(a.requests[0]?.body.toString()).toBe(body)
  })

  it.each([
    ['whole answers', { stream: false }, asks],
    ['backends set to never', {}, { backend: { stream_usage: 'never' } }],
  ])('is not asked for with %s', async (_what, body, options) => {
    const { a, chat } = await startScenario(options)
    await chat(body).then((answer) => answer.drain())
    expect(jsonBody(a.requests[0] as RecordedRequest)).not.toHaveProperty('stream_options')
  })
})

describe('a backend that refuses stream_options', () => {
  const refusal = openaiError(400, { message: 'Unknown parameter: stream_options.', param: 'stream_options' })

  it('is asked once more without, and never with them again', async () => {
    const { a, chat, watch } = await startScenario(asks)
    a.answer((request) => (request.body.includes('stream_options') ? refusal : chatStream(['Hello'])))
    expect(await (await chat()).text()).toBe(chatFrames(['Hello']).join(''))
    expect(a.requests.map(optionsOf)).toEqual([{ include_usage: true }, undefined])
    expect((await watch.closedExchange()).attempts).toHaveLength(2)
    expect(await (await chat()).text()).toBe(chatFrames(['Hello']).join(''))
    expect(a.requests.map(optionsOf)).toEqual([{ include_usage: true }, undefined, undefined])
  })

  it('is not asked again when the 400 is about something else', async () => {
    const { a, chat } = await startScenario(asks)
    a.answer(openaiError(400, { message: 'Bad messages.' }))
    const answer = await chat()
    expect(answer.status).toBe(400)
    expect(await answer.text()).toContain('Bad messages.')
    expect(a.requests).toHaveLength(1)
  })

  it('and whose client asked for them itself, gives its own 400', async () => {
    const { a, chat } = await startScenario(asks)
    a.answer(refusal)
    expect((await chat({ stream_options: { include_usage: true } })).status).toBe(400)
    expect(a.requests).toHaveLength(1)
  })
})

describe('the request to a backend', () => {
  it('is the client’s, byte for byte, but for the model of the target and session_id', async () => {
    const { a, post } = await startScenario({
      config: { failover_routes: { alias: ['openai.a:real'] } },
    })
    await post('/v1/chat/completions', '{"model" : "alias","x":1.0, "session_id":"s","é":"\\u00e9"}')
    expect(a.requests[0]?.body.toString()).toBe('{"model" : "real","x":1.0, "é":"\\u00e9"}')
    expect(a.requests[0]?.url).toBe('/v1/chat/completions')
    expect(a.requests[0]?.headers).toMatchObject({
      authorization: 'Bearer sk-key-of-openai.a',
      'content-length': String(a.requests[0]?.body.length),
    })
  })

  it('has the model of the target in Gemini’s path', async () => {
    const { a, post } = await startScenario({
      type: 'gemini',
      config: { failover_routes: { alias: ['gemini.a:real-1'] } },
    })
    await post('/v1beta/models/alias:streamGenerateContent?alt=sse&x=%20', '{"contents":[]}')
    expect(a.requests[0]?.url).toBe('/v1beta/models/real-1:streamGenerateContent?alt=sse&x=%20')
    expect(a.requests[0]?.body.toString()).toBe('{"contents":[]}')
  })
})
