import { describe, expect, it, onTestFinished } from 'vitest'
import type { LiveExchange } from '../../src/core/live-snapshot.ts'
import { gate, type Scenario, startScenario } from '../proxy/scenario.ts'
import {
  chatFrames,
  openaiError,
  stall,
  startBlackHole,
  streamHead,
  waitFor,
  write,
} from '../support/fake-provider.ts'
import { sseBlock } from '../support/sse-text.ts'
import { askLive } from './ask-live.ts'

const [begin = '', hello = '', ...rest] = chatFrames(['Hello', ' there'])
const delta = (content: object) => sseBlock({ choices: [{ index: 0, delta: content, finish_reason: null }] })

/** The exchange in flight that was opened last. */
async function newest({ proxy }: Scenario): Promise<LiveExchange | undefined> {
  return (await askLive(proxy)).in_flight.at(-1)
}

/** Calls, and does not wait for the answer. */
function calls(scenario: Scenario, ...args: Parameters<Scenario['chat']>): void {
  scenario.chat(...args).catch(() => {})
}

describe('an exchange is seen', () => {
  it('queued, while the only place at its backend is taken', async () => {
    const scenario = await startScenario({ backend: { max_concurrent: 1 } })
    scenario.a.answer([stall()])
    calls(scenario)
    await scenario.a.received()
    calls(scenario, { messages: [{ role: 'user', content: 'another' }] })
    await scenario.watch.until(() => scenario.watch.exchanges[1]?.inLine !== null)
    await expect.poll(async () => (await newest(scenario))?.waiting_for).toBe('backend')
    scenario.clock.advance(3_000)
    expect(await askLive(scenario.proxy)).toMatchObject({
      in_flight: [
        { state: 'sent', backend: 'openai.a' },
        {
          ...{ state: 'queued', waiting_for: 'backend', backend: 'openai.a', attempt: 0, ttft_ms: null },
          ...{ requested_model: 'm', turn_number: 1, state_ms: 3_000 },
        },
      ],
      backends: [{ name: 'openai.a', in_flight: 1, queued: 1, state: 'full' }],
    })
  })

  it('connecting, to a host that says nothing', async () => {
    const hole = await startBlackHole()
    onTestFinished(() => hole.close())
    const scenario = await startScenario({ urls: [hole.url.replace('http:', 'https:')] })
    calls(scenario)
    await scenario.watch.until(() => scenario.watch.exchanges[0]?.attempts.length === 1)
    scenario.clock.advance(700)
    expect(await newest(scenario)).toMatchObject({
      ...{ state: 'connecting', state_ms: 700, waiting_for: 'backend', backend: 'openai.a' },
      ...{ attempt: 1, attempts: 1, output_tokens: 0 },
    })
  })

  it('sent, thinking, streaming and stalled, as its backend goes on', async () => {
    const scenario = await startScenario()
    const { a, clock, watch } = scenario
    const gates = [gate(), gate(), gate()]
    const [headed, thought, said] = gates.map(({ opened }) => opened) as [
      Promise<void>,
      Promise<void>,
      Promise<void>,
    ]
    a.answer([
      ...[waitFor(headed), streamHead(), write(begin), waitFor(thought)],
      ...[write(delta({ reasoning_content: 'hm, let me see' })), waitFor(said), write(hello), stall()],
    ])
    calls(scenario)
    await a.received()
    clock.advance(1_000)
    expect(await newest(scenario)).toMatchObject({ state: 'sent', state_ms: 1_000, waiting_for: 'backend' })
    gates[0]?.open()
    await watch.until(() => watch.bytes.BTP.includes('assistant'))
    expect(await newest(scenario)).toMatchObject({ state: 'thinking', ttft_ms: null })
    clock.advance(500)
    gates[1]?.open()
    await watch.until(() => watch.bytes.BTP.includes('let me see'))
    expect(await newest(scenario)).toMatchObject({ state: 'thinking', state_ms: 500, ttft_ms: 1_500 })
    gates[2]?.open()
    await watch.until(() => watch.bytes.BTP.includes('Hello'))
    clock.advance(2_000)
    expect(await newest(scenario)).toMatchObject({
      ...{ state: 'streaming', state_ms: 2_000, waiting_for: 'backend', output_tokens: 5, tps: 2.5 },
    })
    clock.advance(8_000)
    expect(await newest(scenario)).toMatchObject({ state: 'stalled', state_ms: 10_000 })
  })

  it('client_slow, when its client does not read, and then not any more', async () => {
    const scenario = await startScenario()
    const { a, clock, watch } = scenario
    const much = delta({ content: 'x'.repeat(100_000) })
    const wait = gate()
    a.answer([
      ...[streamHead(), write(begin), ...Array.from({ length: 200 }, () => write(much))],
      ...[waitFor(wait.opened), write(rest.join(''))],
    ])
    const stream = await scenario.chat()
    // Until the sockets between have taken all that they take.
    let before = -1
    const isStuck = () => {
      const passed = watch.bytes.BTP.length
      const hasStopped = passed === before && watch.exchanges[0]?.clientIsBehind === true
      before = passed
      return hasStopped
    }
    await expect.poll(isStuck).toBe(true)
    clock.advance(15_000)
    expect(await newest(scenario)).toMatchObject({
      ...{ state: 'client_slow', state_ms: 15_000, waiting_for: 'client' },
    })
    const reading = stream.text()
    const caughtUp = { state: 'streaming', waiting_for: 'backend' }
    await expect.poll(() => newest(scenario), { timeout: 9_000 }).toMatchObject(caughtUp)
    wait.open()
    await reading
  })

  it('retrying, at the second of two backends', async () => {
    const scenario = await startScenario({ targets: 2 })
    scenario.a.answer(openaiError(500, { message: 'no room for sk-key-of-openai.a' }))
    scenario.b.answer([stall()])
    calls(scenario)
    await scenario.b.received()
    scenario.clock.advance(9_000)
    const { in_flight, backends } = await askLive(scenario.proxy)
    expect(in_flight).toMatchObject([
      {
        ...{ state: 'retrying', state_ms: 9_000, waiting_for: 'backend' },
        ...{ backend: 'openai.b', attempt: 2, attempts: 2 },
      },
    ])
    const failed = backends.find(({ name }) => name === 'openai.a')
    expect(failed).toMatchObject({ requests: 1, errors: 1, error_ratio: 1 })
    expect(failed?.last_error?.text).toMatch(/^500 .*no room for/)
    expect(failed?.last_error?.text).not.toContain('sk-key-of-openai.a')
  })

  it('draining, when its client left and its backend is read to the end', async () => {
    const scenario = await startScenario({ backend: { on_client_disconnect: { drain_seconds: 60 } } })
    const { a, clock, watch } = scenario
    a.answer([streamHead(), write(begin + hello), stall()])
    const stream = await scenario.chat()
    await watch.until(() => watch.bytes.PTC.includes('Hello'))
    stream.abort()
    await expect.poll(async () => (await newest(scenario))?.state).toBe('draining')
    clock.advance(5_000)
    expect(await newest(scenario)).toMatchObject({
      state: 'draining',
      state_ms: 5_000,
      waiting_for: 'backend',
    })
  })
})
