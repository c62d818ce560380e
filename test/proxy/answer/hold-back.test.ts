import { describe, expect, it } from 'vitest'
import {
  chatErrorFrame,
  chatFrames,
  chatStream,
  cutAt,
  head,
  reset,
  stall,
  streamHead,
  waitFor,
  write,
} from '../../support/fake-provider.ts'
import { gate, startScenario } from '../scenario.ts'

const role = chatFrames([])[0] ?? ''
const comment = ': provider at work\n\n'

describe('the hold-back of a stream', () => {
  it('gives the client nothing before the first content, then everything that was held, byte for byte', async () => {
    const { a, chat, watch } = await startScenario()
    const { opened, open } = gate()
    const frames = chatFrames(['Hello', ' there'])
    a.answer([streamHead(), write(comment), write(role), waitFor(opened), write(frames.slice(1).join(''))])
    const answer = chat()
    await watch.until(() => watch.bytes.BTP.includes('"role":"assistant"'))
    expect(watch.bytes.PTC).toBe('')
    open()
    const { status, text } = await answer
    expect(status).toBe(200)
    expect(await text()).toBe(comment + frames.join(''))
  })

  it('ends five seconds after the head, and not before', async () => {
    const { a, chat, watch, clock } = await startScenario()
    a.answer([streamHead(), write(role), stall()])
    const answer = chat()
    await watch.until(() => watch.bytes.BTP === role)
    clock.advance(4_999)
    expect(watch.bytes.PTC).toBe('')
    clock.advance(1)
    expect(watch.bytes.PTC).toBe(role)
    expect((await answer).status).toBe(200)
  })

  it('ends when more than 64 kB are held', async () => {
    const { a, chat, watch } = await startScenario()
    const { opened, open } = gate()
    const block = `:${'x'.repeat(1021)}\n\n`
    a.answer([streamHead(), write(block.repeat(64)), waitFor(opened), write(block), stall()])
    const answer = chat()
    await watch.until(() => watch.bytes.BTP.length === 65_536)
    expect(watch.bytes.PTC).toBe('')
    open()
    expect((await answer).status).toBe(200)
    expect(watch.bytes.PTC).toBe(block.repeat(65))
  })

  it.each([
    ['an answer that only ends', chatFrames([]).join('')],
    ['a refusal', `data: {"choices":[{"index":0,"delta":{"refusal":"I cannot."}}]}\n\n`],
    ['an event that the decoder does not know', 'data: {"something":"new"}\n\n'],
  ])('is ended by %s', async (_what, bytes) => {
    const { a, chat, watch } = await startScenario({ targets: 2 })
    a.answer([streamHead(), write(bytes), stall()])
    expect((await chat()).status).toBe(200)
    expect(watch.bytes.PTC).toBe(bytes)
  })
})

describe('a stream that fails before its first content', () => {
  it.each([
    ['an error event', [streamHead(), write(role), write(chatErrorFrame())]],
    ['a break', [streamHead(), write(role), reset()]],
    ['a clean end without the terminal event', [streamHead(), write(role)]],
    ['an end in the middle of an event', [streamHead(), cutAt(20, 'clean'), write(role)]],
  ])('fails over after %s, and the client sees only the second provider', async (_what, script) => {
    const { a, b, chat, watch } = await startScenario({ targets: 2 })
    a.answer(script)
    b.answer(chatStream(['from b']))
    const answer = await chat()
    expect(answer.status).toBe(200)
    expect(answer.headers['x-llmproxy-backend']).toBe('openai.b')
    expect(answer.headers['x-llmproxy-attempts']).toBe('2')
    expect(await answer.text()).toBe(chatFrames(['from b']).join(''))
    expect((await watch.closedExchange()).outcome).toBe('complete')
  })

  it('gives the error as a status, never a 200, when no other target is left', async () => {
    const { a, chat, watch } = await startScenario()
    a.answer([streamHead(), write(role), write(chatErrorFrame('The engine burns.', 503))])
    const answer = await chat()
    expect(answer.status).toBe(503)
    expect(JSON.parse(await answer.text()).error.message).toContain('The engine burns.')
    expect((await watch.closedExchange()).outcome).toBe('error')
  })

  it('gives 502 when a single provider breaks off', async () => {
    const { a, chat } = await startScenario()
    a.answer([streamHead(), write(role), reset()])
    const answer = await chat()
    expect(answer.status).toBe(502)
    expect(JSON.parse(await answer.text()).error.message).toContain('openai.a')
    expect(a.requests).toHaveLength(1)
  })

  it('gives the last provider’s status when all have failed', async () => {
    const { a, b, chat } = await startScenario({ targets: 2 })
    a.answer([streamHead(), write(chatErrorFrame())])
    b.answer([head(503, { 'content-type': 'text/plain' }), write('out of order')])
    const answer = await chat()
    expect(answer.status).toBe(503)
    expect(await answer.text()).toBe('out of order')
  })
})
