import { describe, expect, it, onTestFinished } from 'vitest'
import type { LiveSnapshot } from '../../src/core/live-snapshot.ts'
import { startScenario } from '../proxy/scenario.ts'
import { chatAnswer, chatStream, stall } from '../support/fake-provider.ts'
import { openStream } from '../support/raw-client.ts'
import { startTestProxy } from '../support/start-proxy.ts'
import { askLive } from './ask-live.ts'

describe('GET /internal/live', () => {
  it('says what the client runs after tool calls, until it asks again', async () => {
    const scenario = await startScenario()
    const { a, clock, watch } = scenario
    a.next(chatStream([], { toolCalls: [{ name: 'Bash', arguments: { command: 'make' } }] }))
    a.answer([stall()])
    const headers = { 'x-session-id': 'work' }
    await (await scenario.chat({}, { headers })).text()
    await watch.closedExchange()
    clock.advance(100_000)
    expect((await askLive(scenario.proxy)).sessions).toMatchObject([
      {
        id: 'work',
        turns: 1,
        client_runs: ['Bash'],
        last_stop: 'tool',
        last_end_ms_ago: 100_000,
        in_flight: 0,
      },
    ])
    scenario.chat({ messages: [{ role: 'user', content: 'and' }] }, { headers }).catch(() => {})
    await a.received(2)
    expect((await askLive(scenario.proxy)).sessions).toMatchObject([
      { id: 'work', turns: 2, client_runs: [], in_flight: 1 },
    ])
  })

  it('has what closed, with its tokens and what they cost, and no word of what was said', async () => {
    const prices = { 'openai.a:m': { input: 1_000, output: 1_000 } }
    const scenario = await startScenario({ config: { usage_tracking: { prices } } })
    scenario.a.answer(
      chatAnswer({ model: 'm', text: 'a word of the answer', usage: { prompt: 400, completion: 100 } }),
    )
    const body = { stream: false, messages: [{ role: 'user', content: 'a word of the question' }] }
    await (await scenario.chat(body)).text()
    await scenario.watch.closedExchange()
    const snapshot = await askLive(scenario.proxy)
    expect(snapshot).toMatchObject({
      in_flight_total: 0,
      recent: [
        {
          ...{ status: 200, outcome: 'complete', prompt_tokens: 400, completion_tokens: 100 },
          ...{ tokens_reported: true, cost_usd: 0.5, backend: 'openai.a', attempts: 1 },
        },
      ],
      traffic: { requests: 1, errors: 0, tokens_in_per_second: 40, tokens_out_per_second: 10 },
      cost: { unpriced: 0 },
      sessions: [{ turns: 1, tokens: 500, cost_usd: 0.5 }],
      latency: { overhead_ms: { count: 1 } },
    })
    expect(JSON.stringify(snapshot)).not.toMatch(/a word/)
  })

  it('has the issues that were seen live', async () => {
    const scenario = await startScenario()
    scenario.a.answer(chatStream([]))
    await (await scenario.chat({}, { headers: { 'x-session-id': 'work' } })).text()
    const { id } = await scenario.watch.closedExchange()
    const { issues, issues_total, sessions, recent } = await askLive(scenario.proxy)
    expect(issues_total).toBe(1)
    expect(issues).toMatchObject([{ exchange_id: id, session_id: 'work' }])
    expect(sessions).toMatchObject([{ id: 'work', issues: 1 }])
    expect(recent[0]?.issue).toBe(issues[0]?.code)
  })

  it('lists as many as are asked for, and names what cannot be asked', async () => {
    const scenario = await startScenario()
    scenario.a.answer(chatStream(['Hello']))
    for (let n = 0; n < 3; n++) {
      await (await scenario.chat({}, { headers: { 'x-session-id': `s${n}` } })).text()
    }
    await scenario.watch.closedExchange(3)
    const { recent, sessions, sessions_total } = await askLive(scenario.proxy, '?limit=2')
    expect([recent.length, sessions.length, sessions_total]).toEqual([2, 2, 3])
    for (const query of ['limit=0', 'limit=1001', 'limit=ten', 'limt=3']) {
      const refused = await fetch(`${scenario.proxy.url}/internal/live?${query}`)
      expect([refused.status, await refused.text()]).toEqual([400, expect.stringContaining('limit')])
    }
  })

  it('is under 20 kB with fifty exchanges in flight and all its lists full', async () => {
    const scenario = await startScenario({ targets: 3 })
    const { a, proxy, watch } = scenario
    const ask = (n: number) => {
      const headers = { 'x-session-id': `0b2f6a1c-77e0-4b5e-9d2f-${100_000_000_000 + (n % 25)}` }
      return scenario.chat({ messages: [{ role: 'user', content: `no. ${n}` }] }, { headers })
    }
    // Empty answers are issues.
    a.answer(chatStream([], { usage: { prompt: 100_000, completion: 1_000 } }))
    for (let n = 0; n < 30; n++) await (await ask(n)).text()
    await watch.closedExchange(30)
    a.answer([...chatStream(['Hello']).slice(0, 1), stall()])
    for (let n = 30; n < 80; n++) ask(n).catch(() => {})
    await a.received(80)
    const text = await (await fetch(`${proxy.url}/internal/live`)).text()
    const snapshot = JSON.parse(text) as LiveSnapshot
    const { in_flight, recent, sessions, issues } = snapshot
    expect([in_flight, recent, sessions, issues].map(({ length }) => length)).toEqual([10, 10, 10, 10])
    expect(snapshot.in_flight_total).toBe(50)
    expect(text.length).toBeLessThan(20_000)
  })

  it('is for who may see /internal/health', async () => {
    const keys = [
      { name: 'boss', key: 'lp_boss_0123456789abcdef', role: 'admin' },
      { name: 'user', key: 'lp_user_0123456789abcdef', role: 'user' },
    ]
    const { proxy } = await startScenario({ config: { auth: { api_keys: keys } } })
    const statuses = await Promise.all(
      ['/internal/live', '/internal/health'].flatMap((path) =>
        ['lp_boss_0123456789abcdef', 'lp_user_0123456789abcdef', 'none'].map(async (key) => {
          const answer = await fetch(proxy.url + path, { headers: { 'x-llmproxy-key': key } })
          await answer.text()
          return answer.status
        }),
      ),
    )
    expect(statuses.slice(0, 3)).toEqual([200, 403, 401])
    expect(statuses.slice(3)).toEqual(statuses.slice(0, 3))
  })

  it('takes our own count and the ledger’s sum of the day where there is a ledger', async () => {
    const scenario = await startScenario()
    const { a } = scenario
    const proxy = await startTestProxy({
      ledger: true,
      config: {
        backends: {
          openai: {
            api_url: `${a.url}/v1`,
            api_key: 'sk-0000000000000000000000',
            models: ['m'],
            stream_usage: 'never',
          },
        },
        usage_tracking: { prices: { 'openai:m': { input: 1_000, output: 1_000 } } },
      },
    })
    onTestFinished(() => proxy.stop())
    a.answer(chatStream(['Hello', ' there']))
    const body = JSON.stringify({ model: 'm', stream: true, messages: [{ role: 'user', content: 'hi' }] })
    await (await openStream(`${proxy.url}/v1/chat/completions`, { body })).text()
    await expect
      .poll(async () => (await askLive(proxy)).recent[0]?.prompt_tokens, { timeout: 9_000 })
      .toBeGreaterThan(0)
    const { recent, sessions, cost } = await askLive(proxy)
    const [shown] = recent
    expect(shown?.tokens_reported).toBe(false)
    const tokens = (shown?.prompt_tokens ?? 0) + (shown?.completion_tokens ?? 0)
    expect(shown?.cost_usd).toBeCloseTo(tokens / 1_000, 6)
    expect(sessions[0]?.tokens).toBe(tokens)
    expect(sessions[0]?.cost_usd).toBe(shown?.cost_usd)
    expect(cost.unpriced).toBe(0)
    await expect
      .poll(async () => typeof (await askLive(proxy)).cost.usd_today, { timeout: 9_000 })
      .toBe('number')
  })
})
