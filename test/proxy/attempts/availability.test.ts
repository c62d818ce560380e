import { describe, expect, it } from 'vitest'
import { FakeClock } from '../../support/fake-clock.ts'
import {
  chatFrames,
  chatStream,
  jsonBody,
  openaiError,
  reset,
  type Script,
  stall,
  streamHead,
  waitFor,
  whole,
  write,
} from '../../support/fake-provider.ts'
import { gate, messages, type Scenario, startScenario, timerStarted } from '../scenario.ts'

const fails = openaiError(500, { message: 'down' })
const works = chatStream(['fine'])
const jsonAnswer = whole(200, { object: 'list', data: [] })
const begun: Script = [
  streamHead(),
  write(chatFrames(['half'])[0] ?? ''),
  write(chatFrames(['half'])[1] ?? ''),
]

/** How the next call ends, and which providers were asked for it. */
async function call({ chat, providers }: Scenario, body: Record<string, unknown> = {}) {
  const before = providers.map(({ requests }) => requests.length)
  const answer = await chat(body)
  const text = await answer.text()
  const asked = providers.flatMap(({ requests }, at) =>
    Array<string>(requests.length - (before[at] ?? 0)).fill('abc'[at] ?? ''),
  )
  return { status: answer.status, text, asked: asked.join('') }
}

describe('a backend that keeps failing', () => {
  it('is not asked from the third failure on, but by one trial after its time, and then as before', async () => {
    const scenario = await startScenario({ targets: 2 })
    const { a, b, clock } = scenario
    a.answer(fails)
    b.answer(works)
    const asked: string[] = []
    for (let n = 0; n < 5; n++) asked.push((await call(scenario)).asked)
    expect(asked).toEqual(['ab', 'ab', 'ab', 'b', 'b'])
    await clock.advanceSlowly(30_000)
    expect((await call(scenario)).asked).toBe('ab')
    expect((await call(scenario)).asked).toBe('b')
    a.answer(works)
    await clock.advanceSlowly(60_000)
    expect((await call(scenario)).asked).toBe('a')
    expect((await call(scenario)).asked).toBe('a')
  })

  it('is asked anyway where nothing else could serve, with a warning', async () => {
    const scenario = await startScenario({ config: { logging: { level: 'warn' } } })
    scenario.a.answer(fails)
    for (let n = 0; n < 4; n++) expect(await call(scenario)).toMatchObject({ status: 500, asked: 'a' })
    expect(scenario.proxy.log()).toContain('openai.a:m is tried anyway')
    scenario.a.answer(works)
    expect(await call(scenario)).toMatchObject({ status: 200, asked: 'a' })
    expect(scenario.proxy.log()).toContain('backend openai.a is left out: 3 attempts in a row failed')
  })

  it('is one that cuts every stream in its middle, too', async () => {
    const scenario = await startScenario({ targets: 2 })
    scenario.a.answer([...begun, reset()])
    scenario.b.answer(works)
    for (let n = 0; n < 3; n++) {
      const answer = await scenario.chat()
      await answer.drain()
    }
    expect((await call(scenario)).asked).toBe('b')
  })

  it('is not one that refuses what clients send, nor one whose clients leave', async () => {
    const scenario = await startScenario({ targets: 2 })
    scenario.b.answer(works)
    scenario.a.answer(openaiError(400, { message: 'no such parameter' }))
    for (let n = 0; n < 5; n++) expect(await call(scenario)).toMatchObject({ status: 400, asked: 'a' })
  })

  it('goes on being asked where the breaker is off', async () => {
    const config = { resilience: { circuit_breaker: { enabled: false } } }
    const scenario = await startScenario({ targets: 2, config })
    scenario.a.answer(fails)
    scenario.b.answer(works)
    for (let n = 0; n < 6; n++) expect((await call(scenario)).asked).toBe('ab')
  })
})

describe('a backend that asks to wait', () => {
  const limited = (seconds: string) => openaiError(429, { message: 'slow down', retryAfter: seconds })

  it('is left alone until then', async () => {
    const scenario = await startScenario({ targets: 2 })
    scenario.a.answer(limited('2'))
    scenario.b.answer(works)
    expect((await call(scenario)).asked).toBe('ab')
    scenario.a.answer(works)
    expect((await call(scenario)).asked).toBe('b')
    await scenario.clock.advanceSlowly(2_000)
    expect((await call(scenario)).asked).toBe('a')
  })

  it('is waited for where it is the only one, and the wait is in the record', async () => {
    const scenario = await startScenario({ config: { failure_handling: { max_attempts: 1 } } })
    scenario.a.answer(limited('7'))
    expect((await call(scenario)).status).toBe(429)
    scenario.a.answer(works)
    const waits = timerStarted(scenario.clock, 7_000)
    const waiting = scenario.chat()
    await waits
    await scenario.clock.advanceSlowly(7_000)
    expect((await waiting).status).toBe(200)
    await (await waiting).drain()
    const exchange = await scenario.watch.closedExchange(2)
    expect(exchange.queuedNs / 1e6).toBeGreaterThanOrEqual(6_900)
  })

  it('is left alone also by a call that waits to ask it again, when another was told to wait longer', async () => {
    const scenario = await startScenario()
    const { a, clock } = scenario
    const [first, second] = [gate(), gate()]
    a.next([waitFor(first.opened), ...limited('2')])
    a.next([waitFor(second.opened), ...limited('20')])
    a.answer(works)
    const one = scenario.chat()
    await a.received(1)
    const other = scenario.chat()
    await a.received(2)
    const waitsShortly = timerStarted(clock, 2_000)
    first.open()
    await waitsShortly
    const waitsLong = timerStarted(clock, 20_000)
    second.open()
    await waitsLong
    await clock.advanceSlowly(2_000)
    for (let n = 0; n < 20; n++) await new Promise((resolve) => setImmediate(resolve))
    expect(a.requests).toHaveLength(2)
    await clock.advanceSlowly(18_000)
    expect([(await one).status, (await other).status]).toEqual([200, 200])
    expect(a.requests).toHaveLength(4)
  })

  it('is asked all the same for what has no other target and is only passed on', async () => {
    const scenario = await startScenario()
    scenario.a.answer(limited('60'))
    const failed = await scenario.chat()
    expect(failed.status).toBe(429)
    scenario.a.answer(jsonAnswer)
    const passed = await scenario.post('/v1/embeddings', { model: 'm', input: 'hi' })
    expect([passed.status, scenario.a.requests.length]).toEqual([200, 2])
  })

  it('is not waited for longer than is set: 429 says when', async () => {
    const scenario = await startScenario({ config: { failure_handling: { max_wait_seconds: 5 } } })
    scenario.a.answer(limited('60'))
    await call(scenario)
    const answer = await scenario.chat()
    expect([answer.status, answer.headers['retry-after']]).toEqual([429, '60'])
    expect(await answer.text()).toContain('it asks to wait')
    expect(scenario.a.requests).toHaveLength(1)
  })
})

describe('a provider key that is refused', () => {
  it('is not sent again for five minutes, and the client is told', async () => {
    const scenario = await startScenario()
    scenario.a.answer(openaiError(401, { message: 'Incorrect API key' }))
    await call(scenario)
    await call(scenario)
    const told = await call(scenario)
    expect(told).toMatchObject({ status: 502, asked: '' })
    expect(told.text).toContain("it refuses the proxy's provider key (401)")
    await scenario.clock.advanceSlowly(300_000)
    scenario.a.answer(works)
    expect(await call(scenario)).toMatchObject({ status: 200, asked: 'a' })
    expect(await call(scenario)).toMatchObject({ status: 200, asked: 'a' })
  })
})

describe('a model that a backend refuses', () => {
  it('is not asked for there for five minutes, others are', async () => {
    const scenario = await startScenario({
      ...{ targets: 2, backend: { models: ['m', 'n'] } },
      config: { failover_routes: { m: ['openai.a:m', 'openai.b:m'], n: ['openai.a:n', 'openai.b:n'] } },
    })
    scenario.b.answer(works)
    scenario.a.answer((request) =>
      jsonBody(request).model === 'm' ? openaiError(403, { message: 'No access to model `m`' }) : works,
    )
    expect(await call(scenario)).toMatchObject({ status: 403, asked: 'a' })
    expect(await call(scenario)).toMatchObject({ status: 200, asked: 'b' })
    expect(await call(scenario, { model: 'n' })).toMatchObject({ status: 200, asked: 'a' })
    await scenario.clock.advanceSlowly(300_000)
    expect((await call(scenario)).asked).toBe('a')
  })
})

describe('max_concurrent', () => {
  const one = { backend: { max_concurrent: 1 } }

  it('of one lets three calls through one at a time, and refuses none', async () => {
    const scenario = await startScenario(one)
    const { a, watch } = scenario
    const gates = [gate(), gate(), gate()]
    for (const { opened } of gates) a.next([waitFor(opened), ...works])
    const answers = [1, 2, 3].map(() => scenario.chat().then((answer) => answer.text()))
    await watch.until(() => watch.exchanges.length === 3)
    for (const [at, { open }] of gates.entries()) {
      await a.received(at + 1)
      // Whoever is let through too early shows itself while the others still wait.
      for (let n = 0; n < 20; n++) await new Promise((resolve) => setImmediate(resolve))
      expect(a.requests).toHaveLength(at + 1)
      open()
    }
    for (const text of await Promise.all(answers)) expect(text).toContain('fine')
  })

  it('gives 429 after two minutes in line', async () => {
    const scenario = await startScenario(one)
    scenario.a.answer([...begun, stall()])
    await scenario.chat()
    const waits = timerStarted(scenario.clock, 120_000)
    const waiting = scenario.chat()
    await waits
    await scenario.clock.advanceSlowly(120_000)
    const answer = await waiting
    expect(answer.status).toBe(429)
    expect(await answer.text()).toContain('all of its 1 places are taken')
    expect(scenario.a.requests).toHaveLength(1)
  })

  it('gives 429 after two minutes in line also where the clock of the system is set back meanwhile', async () => {
    let setBackMs = 0
    const clock = new (class extends FakeClock {
      override nowMs = () => super.nowMs() - setBackMs
    })()
    const scenario = await startScenario({ ...one, clock })
    scenario.a.answer([...begun, stall()])
    await scenario.chat()
    const waits = timerStarted(clock, 120_000)
    const waiting = scenario.chat()
    await waits
    setBackMs = 3_600_000
    await clock.advanceSlowly(120_000)
    expect((await waiting).status).toBe(429)
  })

  it('gives 503 to what waits in line when the proxy ends', async () => {
    const scenario = await startScenario(one)
    scenario.a.answer([...begun, stall()])
    await scenario.chat()
    const waits = timerStarted(scenario.clock, 120_000)
    const waiting = scenario.chat()
    await waits
    const closed = scenario.proxy.close(1_000)
    const answer = await waiting
    expect([answer.status, answer.headers['retry-after']]).toEqual([503, '1'])
    expect(await answer.text()).toContain('shutting down')
    await scenario.clock.advanceSlowly(3_000)
    await closed
  })

  it('keeps the place in line of a call that also waits for another backend to be done with its cooldown', async () => {
    const only = { n: ['openai.a:m'], o: ['openai.b:m'], m: ['openai.a:m', 'openai.b:m'] }
    const scenario = await startScenario({ targets: 2, ...one, config: { failover_routes: only } })
    const { a, b, clock } = scenario
    const [first, busy] = [gate(), gate()]
    const says = (content: string, model: string) =>
      scenario.chat({ model, messages: [{ role: 'user', content }] })
    a.next([waitFor(first.opened), ...works])
    a.answer(works)
    const answers = [says('first', 'n')]
    await a.received(1)
    b.next(openaiError(429, { message: 'slow down', retryAfter: '2' }))
    b.answer([waitFor(busy.opened), ...works])
    const limited = timerStarted(clock, 2_000)
    answers.push(says('limited', 'o'))
    await limited
    const waits = timerStarted(clock, 2_000)
    answers.push(says('early', 'm'))
    await waits
    const waitsLate = timerStarted(clock, 120_000)
    answers.push(says('late', 'n'))
    await waitsLate
    await clock.advanceSlowly(2_000)
    await b.received(2)
    first.open()
    await a.received(3)
    const asked = a.requests.map((request) => JSON.stringify(jsonBody(request).messages))
    expect(asked.map((text) => /first|early|late/.exec(text)?.[0])).toEqual(['first', 'early', 'late'])
    busy.open()
    for (const answer of answers) expect((await answer).status).toBe(200)
  })

  it('lets a call go to another backend that has room', async () => {
    const scenario = await startScenario({ targets: 2, ...one })
    scenario.a.answer([...begun, stall()])
    scenario.b.answer(works)
    await scenario.chat()
    expect(await call(scenario)).toMatchObject({ status: 200, asked: 'b' })
  })

  it('frees the place of a client that leaves while it waits', async () => {
    const scenario = await startScenario(one)
    const { a } = scenario
    a.answer([...begun, stall()])
    const first = await scenario.chat()
    const leaving = new AbortController()
    const body = JSON.stringify({ model: 'm', messages, stream: true })
    const second = fetch(`${scenario.proxy.url}/v1/chat/completions`, {
      ...{ method: 'POST', body, headers: { 'content-type': 'application/json' } },
      signal: leaving.signal,
    }).catch(() => null)
    await scenario.watch.until(() => scenario.watch.exchanges.length === 2)
    const third = scenario.chat()
    await scenario.watch.until(() => scenario.watch.exchanges.length === 3)
    leaving.abort()
    await second
    expect(await scenario.watch.closedExchange(1)).toMatchObject({ incompleteReason: 'client_disconnect' })
    a.answer(works)
    first.abort()
    expect(await (await third).text()).toContain('fine')
    expect(a.requests).toHaveLength(2)
  })
})
