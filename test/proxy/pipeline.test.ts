import { describe, expect, it } from 'vitest'
import type { Exchange } from '../../src/core/exchange.ts'
import {
  chatAnswer,
  chatFrames,
  chatStream,
  openaiError,
  refusedPort,
  stall,
  streamHead,
  write,
} from '../support/fake-provider.ts'
import { startScenario } from './scenario.ts'

const frames = chatFrames(['Hello', ' there'], { usage: { prompt: 12, completion: 5 }, model: 'm-2026' })

describe('an exchange', () => {
  it('that is answered says what passed', async () => {
    const { a, chat, watch } = await startScenario()
    a.answer([streamHead({ 'x-request-id': 'req_9' }), write(frames.join(''))])
    await (
      await chat({}, { headers: { 'user-agent': 'curl/8', 'x-title': 'My App', 'x-session-id': 's-1' } })
    ).text()
    const exchange = await watch.closedExchange()
    expect(exchange).toMatchObject({
      frontend: 'openai-chat',
      method: 'POST',
      path: '/v1/chat/completions',
      callPurpose: 'chat',
      requestedModel: 'm',
      stream: true,
      session: { id: 's-1', turn: 1 },
      userAgent: 'curl/8',
      appTitle: 'My App',
      proxyUser: null,
      status: 200,
      outcome: 'complete',
      incompleteReason: null,
      error: null,
      answerBytes: Buffer.byteLength(frames.join('')),
    } satisfies Partial<Exchange>)
    expect(exchange.requestBytes).toBe(watch.bytes.CTP.length)
    expect(exchange.attempts).toMatchObject([
      {
        number: 1,
        backend: 'openai.a',
        backendType: 'openai',
        model: 'm',
        status: 200,
        reason: null,
        responseModel: 'm-2026',
        upstreamRequestId: 'req_9',
        usage: { promptTokens: 12, completionTokens: 5 },
        stop: 'stop',
      },
    ])
  })

  it('closes once, whatever ends it', async () => {
    const { a, chat, watch } = await startScenario()
    for (const script of [chatAnswer(), openaiError(400), openaiError(500)]) {
      a.answer(script)
      await (await chat({ stream: false })).drain()
    }
    await watch.closedExchange(3)
    expect(watch.closedOnes.map(({ outcome }) => outcome)).toEqual(['complete', 'error', 'error'])
    expect(new Set(watch.closedOnes).size).toBe(3)
    expect(watch.exchanges).toHaveLength(3)
  })

  it.each([
    ['{"model":', 'bad_json', 400],
    ['{}', 'model_missing', 400],
    [`{"model":"${'m'.repeat(257)}"}`, 'model_too_long', 400],
    ['{"model":"a|"}', 'bad_selector', 400],
  ])('with the body %.25s is rejected without an attempt', async (body, code, status) => {
    const { a, post, watch } = await startScenario()
    const before = a.requests.length
    const answer = await post('/v1/chat/completions', body)
    expect(answer.status).toBe(status)
    expect(JSON.parse(await answer.text()).error.code).toBe(code)
    expect(await watch.closedExchange()).toMatchObject({ outcome: 'rejected', attempts: [], status })
    expect(a.requests.length).toBe(before)
  })

  it('that no backend could be reached for is an error', async () => {
    const { chat, watch } = await startScenario({ urls: [`http://127.0.0.1:${await refusedPort()}`] })
    await (await chat()).drain()
    expect(await watch.closedExchange()).toMatchObject({
      outcome: 'error',
      status: 502,
      attempts: [{ status: null, sentNs: null, error: { code: 'connect_failed' } }],
    })
  })

  it('keeps eight tags at most, and forwards none', async () => {
    const { a, chat, watch } = await startScenario()
    a.answer(chatAnswer())
    const tags = ['project = web', 'job=a=b', 'none', ...Array.from({ length: 9 }, (_, i) => `t${i}=${i}`)]
    await chat({ stream: false }, { headers: { 'x-llmproxy-tags': tags.join(',') } })
    const exchange = await watch.closedExchange()
    expect({ ...exchange.tags }).toEqual({
      project: 'web',
      job: 'a=b',
      t0: '0',
      t1: '1',
      t2: '2',
      t3: '3',
      t4: '4',
    })
    expect(a.requests.at(-1)?.headers).not.toHaveProperty('x-llmproxy-tags')
  })
})

describe('times', () => {
  it('are those of the clock', async () => {
    const { a, chat, watch, clock } = await startScenario()
    let open = () => {}
    const opened = new Promise<void>((resolve) => {
      open = resolve
    })
    a.answer([streamHead(), write(frames[0] ?? ''), () => opened, write(frames.slice(1).join(''))])
    const answer = chat()
    await watch.until(() => watch.bytes.BTP === frames[0])
    clock.advance(2_000)
    open()
    await (await answer).text()
    const exchange = await watch.closedExchange()
    expect(exchange.firstContentNs).toBe(2e9)
    expect(exchange.longestGapNs).toBe(2e9)
    expect(exchange.closedNs).toBe(2e9)
    expect(exchange.attempts[0]).toMatchObject({
      sentNs: 0,
      firstByteNs: 0,
      firstContentNs: 2e9,
      lastByteNs: 2e9,
    })
  })
})

describe('when the proxy stops', () => {
  it('an open stream gets an error event of its protocol and a cut', async () => {
    const { a, chat, watch, proxy, clock } = await startScenario()
    a.answer([streamHead(), write(frames.slice(0, 2).join('')), stall()])
    const answer = await chat()
    const closing = proxy.close(0)
    await clock.advanceSlowly(1)
    const { text, cut } = await answer.drain()
    expect(text).toContain('the proxy is shutting down')
    expect(cut).toBe(true)
    expect(await watch.closedExchange()).toMatchObject({
      outcome: 'incomplete',
      incompleteReason: 'shutdown',
    })
    await clock.advanceSlowly(2_000)
    await closing
  })

  it('a running stream may end within the grace, and new requests are refused meanwhile', async () => {
    const { a, chat, proxy, watch, clock } = await startScenario()
    let open = () => {}
    const opened = new Promise<void>((resolve) => {
      open = resolve
    })
    a.answer([
      streamHead(),
      write(frames.slice(0, 2).join('')),
      () => opened,
      write(frames.slice(2).join('')),
    ])
    const answer = await chat()
    const closing = proxy.close(30_000)
    await clock.advanceSlowly(10_000)
    open()
    expect(await answer.text()).toBe(frames.join(''))
    await closing
    expect((await watch.closedExchange()).outcome).toBe('complete')
    await expect(fetch(`${proxy.url}/healthz`)).rejects.toThrow('fetch failed')
  })

  it('an attempt that has no answer yet ends as 503, and no other target is asked', async () => {
    const { a, b, chat, proxy, clock } = await startScenario({ targets: 2 })
    a.answer([stall()])
    b.answer(chatStream(['from b']))
    const answer = chat()
    await a.received()
    const closing = proxy.close(0)
    await clock.advanceSlowly(1)
    expect((await answer).status).toBe(503)
    expect((await answer).headers['retry-after']).toBe('1')
    expect(b.requests).toHaveLength(0)
    await clock.advanceSlowly(2_000)
    await closing
  })
})
