import { describe, expect, it } from 'vitest'
import { chatFrames, chatStream, openaiError, stall, streamHead, write } from '../support/fake-provider.ts'
import { gate, startScenario, timerStarted } from './scenario.ts'

const frames = chatFrames(['Hello', ' there'], { usage: { prompt: 12, completion: 5 } })
const begun = frames.slice(0, 2).join('')

describe('a client that goes away', () => {
  it('in the middle of its stream: the provider sees the close, without any time passing', async () => {
    const { a, chat, watch } = await startScenario()
    a.answer([streamHead(), write(begun), stall()])
    const answer = await chat()
    const request = await a.received()
    answer.abort()
    await request.closed
    expect(await watch.closedExchange()).toMatchObject({
      outcome: 'incomplete',
      incompleteReason: 'client_disconnect',
      status: 200,
      attempts: [{ error: { code: 'client_gone' } }],
    })
  })

  it('before any byte of an answer: the provider sees it, and no other is asked', async () => {
    const { a, b, proxy, watch } = await startScenario({ targets: 2 })
    a.answer([stall()])
    const client = new AbortController()
    const answer = fetch(`${proxy.url}/v1/chat/completions`, {
      method: 'POST',
      body: JSON.stringify({ model: 'm', messages: [], stream: true }),
      signal: client.signal,
    })
    const request = await a.received()
    client.abort()
    await expect(answer).rejects.toThrow('aborted')
    await request.closed
    expect(await watch.closedExchange()).toMatchObject({
      outcome: 'incomplete',
      incompleteReason: 'client_disconnect',
      status: null,
    })
    expect(b.requests).toHaveLength(0)
  })

  it('while its retry waits for the provider: nothing more is sent', async () => {
    const { a, proxy, watch, clock } = await startScenario()
    a.answer(openaiError(429, { retryAfter: '20' }))
    const client = new AbortController()
    const answer = fetch(`${proxy.url}/v1/chat/completions`, {
      method: 'POST',
      body: JSON.stringify({ model: 'm', messages: [] }),
      signal: client.signal,
    })
    await watch.head()
    client.abort()
    await expect(answer).rejects.toThrow('aborted')
    expect((await watch.closedExchange()).incompleteReason).toBe('client_disconnect')
    await clock.advanceSlowly(60_000)
    expect(a.requests).toHaveLength(1)
  })
})

describe('with drain_seconds', () => {
  const drainMs = 14_000
  const draining = { backend: { on_client_disconnect: { drain_seconds: 14 } } }

  it('the answer is read on, so that the record has its usage', async () => {
    const { a, chat, watch, clock } = await startScenario(draining)
    const { opened, open } = gate()
    a.answer([streamHead(), write(begun), () => opened, write(frames.slice(2).join(''))])
    const answer = await chat()
    const request = await a.received()
    const drains = timerStarted(clock, drainMs)
    answer.abort()
    await drains
    open()
    await request.done
    expect(await watch.closedExchange()).toMatchObject({
      outcome: 'incomplete',
      incompleteReason: 'client_disconnect',
      attempts: [{ usage: { promptTokens: 12, completionTokens: 5 }, stop: 'stop' }],
    })
    expect(request.closedAtMs).toBeNull()
    expect(watch.bytes.PTC).toBe(begun)
  })

  it('an answer that had not begun is read to its end, too, and nobody is told that it was sent', async () => {
    const { a, proxy, watch, clock } = await startScenario(draining)
    const { opened, open } = gate()
    a.answer([() => opened, ...chatStream(['Hello'], { usage: { prompt: 3, completion: 1 } })])
    const client = new AbortController()
    const answer = fetch(`${proxy.url}/v1/chat/completions`, {
      method: 'POST',
      body: JSON.stringify({ model: 'm', messages: [], stream: true }),
      signal: client.signal,
    })
    await a.received()
    const drains = timerStarted(clock, drainMs)
    client.abort()
    await expect(answer).rejects.toThrow('aborted')
    await drains
    open()
    const exchange = await watch.closedExchange()
    expect(exchange).toMatchObject({ incompleteReason: 'client_disconnect', status: null })
    expect(exchange.attempts[0]?.usage).toMatchObject({ promptTokens: 3 })
    expect(watch.bytes.PTC).toBe('')
  })

  it('reading ends when the time is over', async () => {
    const { a, chat, watch, clock } = await startScenario(draining)
    a.answer([streamHead(), write(begun), stall()])
    const answer = await chat()
    const request = await a.received()
    const drains = timerStarted(clock, drainMs)
    answer.abort()
    await drains
    clock.advance(13_999)
    expect(request.closedAtMs).toBeNull()
    clock.advance(1)
    await request.closed
    expect((await watch.closedExchange()).incompleteReason).toBe('client_disconnect')
  })
})
