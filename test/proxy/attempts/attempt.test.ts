import { describe, expect, it, onTestFinished } from 'vitest'
import {
  chatAnswer,
  chatFrames,
  chatStream,
  closeWithoutAnswer,
  head,
  refusedPort,
  stall,
  startBlackHole,
  streamHead,
  write,
} from '../../support/fake-provider.ts'
import { type Scenario, startScenario, timerStarted } from '../scenario.ts'

const frames = chatFrames(['Hello', ' there'])
const timeouts = {
  connect_seconds: 2,
  headers_seconds: 20,
  first_content_seconds: 30,
  idle_seconds: 40,
  total_seconds: 100,
  failover_seconds: 10,
}
const timed = { backend: { timeouts } }

/** The answer of a proxy whose only backend ran into a timeout. */
async function timeoutWords(answer: ReturnType<Scenario['chat']>): Promise<string> {
  const { status, text } = await answer
  expect(status).toBe(504)
  return JSON.parse(await text()).error.message
}

describe('a timeout at the only target', () => {
  it('connect: the connection never stands', async () => {
    // TLS to somebody who never answers: the connection is not made.
    const hole = await startBlackHole()
    onTestFinished(() => hole.close())
    const scenario = await startScenario({ ...timed, urls: [hole.url.replace('http:', 'https:')] })
    const begins = timerStarted(scenario.clock, 2_000)
    const answer = scenario.chat()
    await begins
    scenario.clock.advance(2_000)
    expect(await timeoutWords(answer)).toContain('no connection to backend openai.a within 2 s')
    const { attempts } = await scenario.watch.closedExchange()
    expect(attempts).toMatchObject([{ sentNs: null, error: { code: 'backend_timeout' } }])
  })

  it('headers: the request is taken and not answered', async () => {
    const { a, chat, clock, watch } = await startScenario(timed)
    a.answer([stall()])
    const answer = chat()
    const request = await a.received()
    clock.advance(19_999)
    expect(request.closedAtMs).toBeNull()
    clock.advance(1)
    expect(await timeoutWords(answer)).toContain('timeouts.headers_seconds')
    await request.closed
    expect(await watch.closedExchange()).toMatchObject({ outcome: 'error', status: 504 })
  })

  it('first content: the stream begins and says nothing', async () => {
    const { a, chat, clock, watch } = await startScenario(timed)
    a.answer([streamHead(), write(frames[0] ?? ''), stall()])
    const answer = chat()
    await watch.until(() => watch.bytes.BTP === frames[0])
    clock.advance(30_000)
    // The hold-back ended after 5 s, so that the status is out and the error comes as an event.
    const { status, drain } = await answer
    expect(status).toBe(200)
    const { text, cut } = await drain()
    expect(text).toContain('timeouts.first_content_seconds')
    expect(cut).toBe(true)
    expect((await watch.closedExchange()).incompleteReason).toBe('timeout')
  })

  it('idle: the stream stops', async () => {
    const { a, chat, clock, watch } = await startScenario(timed)
    a.answer([streamHead(), write(frames.slice(0, 2).join('')), stall()])
    const answer = await chat()
    await watch.until(() => watch.bytes.PTC !== '')
    clock.advance(40_000)
    const { text, cut } = await answer.drain()
    expect(text).toContain('sent nothing for 40 s')
    expect(cut).toBe(true)
  })

  it('total: a whole answer never ends', async () => {
    const { a, chat, clock, watch } = await startScenario({
      backend: { timeouts: { ...timeouts, idle_seconds: 200 } },
    })
    a.answer([head(200, { 'content-type': 'application/json' }), write('{'), stall()])
    const answer = chat({ stream: false })
    await watch.until(() => watch.bytes.BTP === '{')
    clock.advance(99_999)
    expect((await a.received()).closedAtMs).toBeNull()
    clock.advance(1)
    expect(await timeoutWords(answer)).toContain('took longer than 100 s')
  })
})

describe('failover_seconds', () => {
  it('gives a stream to the next target when no byte has come', async () => {
    const { a, b, chat, clock, watch } = await startScenario({ ...timed, targets: 2 })
    a.answer([stall()])
    b.answer(chatStream(['from b']))
    const answer = chat()
    await a.received()
    clock.advance(9_999)
    expect(b.requests).toHaveLength(0)
    clock.advance(1)
    expect((await answer).headers['x-llmproxy-backend']).toBe('openai.b')
    expect(await (await answer).text()).toBe(chatFrames(['from b']).join(''))
    const { attempts } = await watch.closedExchange()
    expect(attempts[0]?.reason).toContain('while another target is left')
  })

  it('does not end a whole answer, nor the last target', async () => {
    const { a, b, chat, clock } = await startScenario({ ...timed, targets: 2 })
    a.answer([stall()])
    void chat({ stream: false }).catch(() => {})
    const request = await a.received()
    clock.advance(15_000)
    expect(request.closedAtMs).toBeNull()
    expect(b.requests).toHaveLength(0)
  })

  it('is over with the first byte', async () => {
    const { a, b, chat, clock, watch } = await startScenario({ ...timed, targets: 2 })
    a.answer([streamHead(), stall()])
    void chat().catch(() => {})
    await watch.head()
    clock.advance(12_000)
    expect((await a.received()).closedAtMs).toBeNull()
    expect(b.requests).toHaveLength(0)
  })
})

it('after a timeout with the request sent, one more target is asked and no third', async () => {
  const scenario = await startScenario({ ...timed, targets: 3 })
  for (const provider of scenario.providers) provider.answer([stall()])
  const answer = scenario.chat()
  await scenario.a.received()
  scenario.clock.advance(10_000)
  await scenario.b.received()
  scenario.clock.advance(10_000)
  expect((await answer).status).toBe(504)
  expect(scenario.providers.map(({ requests }) => requests.length)).toEqual([1, 1, 0])
})

describe('a backend that cannot be reached', () => {
  it('is passed over', async () => {
    const port = await refusedPort()
    const { b, chat } = await startScenario({ targets: 2, urls: [`http://127.0.0.1:${port}`] })
    b.answer(chatAnswer({ text: 'from b' }))
    const answer = await chat({ stream: false })
    expect(answer.headers['x-llmproxy-backend']).toBe('openai.b')
    expect(answer.headers['x-llmproxy-attempts']).toBe('2')
  })

  it('is named with its address when there is no other', async () => {
    const port = await refusedPort()
    const { chat } = await startScenario({ urls: [`http://127.0.0.1:${port}`] })
    const answer = await chat({ stream: false })
    expect(answer.status).toBe(502)
    expect(JSON.parse(await answer.text()).error.message).toContain(`127.0.0.1:${port} refuses connections`)
  })
})

describe('a reused connection that the provider closes as the request arrives', () => {
  it('is made new, at once and once: the client notices nothing', async () => {
    const { a, chat, watch } = await startScenario()
    a.answer(chatStream(['Hello']))
    await (await chat()).text()
    a.keepAlive.closeOnNextRequest = true
    const answer = await chat()
    expect(answer.status).toBe(200)
    expect(answer.headers['x-llmproxy-attempts']).toBe('1')
    expect(await answer.text()).toBe(chatFrames(['Hello']).join(''))
    expect(a.refusedReuses).toBe(1)
    expect(a.requests).toHaveLength(2)
    expect(a.requests[1]?.body).toEqual(a.requests[0]?.body)
    expect((await watch.closedExchange(2)).outcome).toBe('complete')
  })

  it('is not made new a second time: on a new connection a close is a failure', async () => {
    const { a, chat } = await startScenario()
    a.answer(chatStream(['Hello']))
    await (await chat()).text()
    a.keepAlive.closeOnNextRequest = true
    a.answer([closeWithoutAnswer()])
    expect((await chat()).status).toBe(502)
    expect(a.requests).toHaveLength(2)
  })

  it('counts as failed once a byte of the answer has come', async () => {
    const { a, chat } = await startScenario()
    a.answer(chatStream(['Hello']))
    await (await chat()).text()
    a.answer([streamHead(), closeWithoutAnswer()])
    expect((await chat()).status).toBe(502)
    expect(a.requests).toHaveLength(2)
    expect(a.connections).toBe(1)
  })
})

it('a first connection that is closed without an answer is a failure, and is not repeated', async () => {
  const { a, chat, watch } = await startScenario({ backend: { models: ['m'] } })
  a.answer([closeWithoutAnswer()])
  const before = a.requests.length
  expect((await chat()).status).toBe(502)
  expect(a.requests.length - before).toBe(1)
  expect((await watch.closedExchange()).error).toMatchObject({ code: 'backend_closed' })
})
