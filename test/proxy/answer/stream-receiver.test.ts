import { describe, expect, it } from 'vitest'
import {
  chatErrorFrame,
  chatFrames,
  chatStream,
  encode,
  geminiArrayStream,
  geminiFrames,
  head,
  reset,
  streamHead,
  write,
} from '../../support/fake-provider.ts'
import { sseBlocks } from '../../support/sse-text.ts'
import { messages, startScenario } from '../scenario.ts'

const frames = chatFrames(['Hello', ' there'])
const begun = frames.slice(0, 2).join('')
const half = (frames[2] ?? '').slice(0, 40)

describe('a stream that breaks after output has begun', () => {
  it('is never given to a second provider', async () => {
    const { a, b, chat, watch } = await startScenario({ targets: 2 })
    a.answer([streamHead(), write(begun), reset()])
    b.answer(chatStream(['from b']))
    const answer = await chat()
    expect(answer.status).toBe(200)
    expect((await answer.drain()).cut).toBe(true)
    expect(b.requests).toHaveLength(0)
    expect(await watch.closedExchange()).toMatchObject({
      outcome: 'incomplete',
      incompleteReason: 'backend_error',
      attempts: [{ error: { code: 'backend_closed' } }],
    })
  })

  it('in the middle of an event gets a blank line, then the error event, then a cut', async () => {
    const { a, chat } = await startScenario()
    a.answer([streamHead(), write(begun + half), reset()])
    const { text, cut } = await (await chat()).drain()
    expect(cut).toBe(true)
    expect(text.startsWith(`${begun}${half}\n\n`)).toBe(true)
    const rest = sseBlocks(text.slice(begun.length + half.length))
    expect(rest).toHaveLength(1)
    expect(JSON.parse(rest[0]?.data ?? '')).toMatchObject({
      error: { message: expect.stringContaining('openai.a') },
    })
    expect(text.endsWith('\n\n')).toBe(true)
  })

  it('between two events gets the error event alone', async () => {
    const { a, chat } = await startScenario()
    a.answer([streamHead(), write(begun), reset()])
    const { text } = await (await chat()).drain()
    expect(text.startsWith(`${begun}data: {"error"`)).toBe(true)
  })

  it('is an error for fetch, too', async () => {
    const { a, proxy } = await startScenario()
    a.answer([streamHead(), write(begun), reset()])
    const answer = await fetch(`${proxy.url}/v1/chat/completions`, {
      method: 'POST',
      body: JSON.stringify({ model: 'm', messages, stream: true }),
    })
    expect(answer.status).toBe(200)
    await expect(answer.text()).rejects.toThrow('terminated')
  })

  it.each([
    ['at a boundary', [streamHead(), write(begun)], begun],
    ['within an event', [streamHead(), write(begun + half)], begun + half],
  ])('by a clean end %s, is never a clean end for the client', async (_where, script, passed) => {
    const { a, chat, watch } = await startScenario()
    a.answer(script)
    const { text, cut } = await (await chat()).drain()
    expect(cut).toBe(true)
    expect(text.startsWith(passed)).toBe(true)
    expect(text).toContain('"error"')
    expect(await watch.closedExchange()).toMatchObject({
      outcome: 'incomplete',
      incompleteReason: 'truncated',
      error: { code: 'backend_truncated' },
    })
  })

  it('compressed, first gives all that came before the break', async () => {
    const { a, chat } = await startScenario()
    const wire = encode(Buffer.from(begun), 'gzip')
    a.answer([streamHead({ 'content-encoding': 'gzip' }), write(wire.subarray(0, wire.length - 4)), reset()])
    const answer = await chat({}, { headers: { 'accept-encoding': 'gzip' } })
    expect(answer.headers['content-encoding']).toBeUndefined()
    const { text, cut } = await answer.drain()
    expect(text.startsWith(begun)).toBe(true)
    expect(text).toContain('"error"')
    expect(cut).toBe(true)
  })
})

describe('a stream whose terminal event has come', () => {
  it('is complete however its connection ends', async () => {
    const { a, chat, watch } = await startScenario()
    a.answer([streamHead(), write(frames.join('')), reset()])
    expect(await (await chat()).drain()).toEqual({ text: frames.join(''), cut: false })
    expect((await watch.closedExchange()).outcome).toBe('complete')
  })

  it('is complete without [DONE], when every choice has its finish_reason', async () => {
    const { a, chat, watch } = await startScenario()
    const text = frames.slice(0, -1).join('')
    a.answer([streamHead(), write(text)])
    expect(await (await chat()).drain()).toEqual({ text, cut: false })
    expect((await watch.closedExchange()).outcome).toBe('complete')
  })
})

describe('an error event of the provider after output has begun', () => {
  it('passes as it is, and the record says so', async () => {
    const { a, b, chat, watch } = await startScenario({ targets: 2 })
    const error = chatErrorFrame('The engine burns.')
    a.answer([streamHead(), write(begun), write(error)])
    const { text } = await (await chat()).drain()
    expect(text.startsWith(begun + error)).toBe(true)
    expect(b.requests).toHaveLength(0)
    expect(await watch.closedExchange()).toMatchObject({
      outcome: 'incomplete',
      incompleteReason: 'backend_error',
      error: { message: 'The engine burns.' },
    })
  })
})

describe('a stream of every kind', () => {
  it('passes byte for byte when it comes one byte at a time', async () => {
    const { a, chat } = await startScenario()
    const text = `: ü comment\r\n\r\n${chatFrames(['grüße 💥']).join('')}`
    a.answer([streamHead(), ...[...Buffer.from(text)].map((byte) => write(Buffer.from([byte])))])
    expect(await (await chat()).text()).toBe(text)
  })

  it('has no content-length and no content-encoding of the backend', async () => {
    const { a, chat } = await startScenario()
    const wire = encode(Buffer.from(frames.join('')), 'br')
    a.answer([streamHead({ 'content-encoding': 'br', 'content-length': String(wire.length) }), write(wire)])
    const answer = await chat({}, { headers: { 'accept-encoding': 'br, gzip' } })
    expect(answer.headers).not.toHaveProperty('content-length')
    expect(answer.headers).not.toHaveProperty('content-encoding')
    expect(await answer.text()).toBe(frames.join(''))
  })
})

describe('a JSON array of Gemini', () => {
  const path = '/v1beta/models/m:streamGenerateContent'
  const body = { contents: [{ role: 'user', parts: [{ text: 'hi' }] }] }

  it('passes byte for byte', async () => {
    const { a, post, watch } = await startScenario({ type: 'gemini' })
    a.answer(geminiArrayStream(['Hello', ' there']))
    const answer = await post(path, body)
    expect(answer.headers['content-type']).toBe('application/json; charset=UTF-8')
    const text = await answer.text()
    expect(text).toBe(watch.bytes.BTP)
    expect(JSON.parse(text)).toHaveLength(3)
    expect((await watch.closedExchange()).outcome).toBe('complete')
  })

  it('that breaks between elements gets the error as its last element and stays open, then is cut', async () => {
    const { a, post, watch } = await startScenario({ type: 'gemini' })
    const [first = ''] = geminiFrames(['Hello'])
    const element = first.slice('data: '.length).trim()
    a.answer([head(200, { 'content-type': 'application/json' }), write(`[${element}`), reset()])
    const { text, cut } = await (await post(path, body)).drain()
    expect(cut).toBe(true)
    expect(text.startsWith(`[${element}`)).toBe(true)
    expect(JSON.parse(`${text}]`)).toMatchObject([{}, { error: { status: expect.any(String) } }])
    expect((await watch.closedExchange()).outcome).toBe('incomplete')
  })

  it('fails over when its first element is an error', async () => {
    const { a, b, post } = await startScenario({ type: 'gemini', targets: 2 })
    const error = { error: { code: 503, message: 'Overloaded.', status: 'UNAVAILABLE' } }
    a.answer([head(200, { 'content-type': 'application/json' }), write(JSON.stringify([error]))])
    b.answer(geminiArrayStream(['from b']))
    const answer = await post(path, body)
    expect(answer.headers['x-llmproxy-backend']).toBe('gemini.b')
    expect(await answer.text()).toContain('from b')
  })
})
