import { describe, expect, it, onTestFinished } from 'vitest'
import {
  anthropicAnswer,
  type Behaviour,
  chatAnswer,
  chatStream,
  type FakeProvider,
  jsonBody,
  openaiError,
  reset,
  type Script,
  startFakeProvider,
  waitFor,
} from '../support/fake-provider.ts'
import { documentedJson } from '../support/openapi.ts'
import { startTestProxy } from '../support/start-proxy.ts'

interface Settings {
  probability?: number
  turn_count?: number
  from_pattern?: string
  allow_first_turn?: boolean
}

/** What it was asked to answer: besides, proxies ask for its models. */
function posted({ requests }: FakeProvider): FakeProvider['requests'] {
  return requests.filter(({ method }) => method === 'POST')
}

function sentTo(provider: FakeProvider, number: number): Record<string, unknown> {
  return jsonBody(posted(provider)[number] as FakeProvider['requests'][number])
}

const circuitsOff = { circuit_breaker_enabled: false }

/** A proxy before an Anthropic and an OpenAI provider; Claude models are replaced by `small` at the latter. */
async function startReplacing(
  settings: Settings = {},
  { other = chatAnswer({ model: 'small' }), ledger = false, config = {} as object } = {},
) {
  const anthropic = await startFakeProvider(anthropicAnswer())
  const openai = await startFakeProvider(other as Behaviour)
  const { from_pattern = '*', ...rest } = settings
  const proxy = await startTestProxy({
    ledger,
    config: {
      backends: {
        anthropic: {
          api_url: `${anthropic.url}/v1`,
          api_key: 'sk-ant-key-of-the-proxy',
          models: ['opus', 'haiku'],
        },
        openai: { api_url: `${openai.url}/v1`, api_key: 'sk-openai-key-of-the-proxy', stream_usage: 'never' },
      },
      replacement: {
        ...{ enabled: true, probability: 1, ...rest },
        replacement_rules: [{ from_pattern, to_backend: 'openai', to_model: 'small' }],
      },
      health_check: circuitsOff,
      ...config,
    },
  })
  onTestFinished(async () => {
    await proxy.stop()
    await Promise.all([anthropic.close(), openai.close()])
  })
  const ask = (session = 's1', { model = 'opus', headers = {}, ...more }: Record<string, unknown> = {}) =>
    fetch(`${proxy.url}/v1/messages`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'x-session-id': session, ...(headers as object) },
      body: JSON.stringify({ model, max_tokens: 10, messages: [{ role: 'user', content: 'hi' }], ...more }),
    })
  /** Which backend answered. */
  const turn = async (...about: Parameters<typeof ask>) => {
    const answer = await ask(...about)
    await answer.text()
    return `${answer.status} ${answer.headers.get('x-llmproxy-backend')}`
  }
  const metrics = async () =>
    (await documentedJson(await fetch(`${proxy.url}/v1/replacement/metrics`))) as Metrics
  return { proxy, anthropic, openai, ask, turn, metrics }
}

interface Metrics {
  enabled: boolean
  rules: unknown[]
  activation_metrics: Record<string, unknown>
  turn_count_metrics: Record<string, unknown>
  opt_out_metrics: Record<string, unknown>
  probability_check_metrics: Record<string, unknown>
  effectiveness: unknown
}

describe('a session with a rule', () => {
  it('is answered by the other model for a window, and by its own before and after', async () => {
    const { turn, openai, metrics } = await startReplacing({ turn_count: 2 })
    const answered = []
    for (let i = 0; i < 5; i++) answered.push(await turn())
    expect(answered).toEqual(['200 anthropic', '200 openai', '200 openai', '200 anthropic', '200 openai'])
    expect(sentTo(openai, 0)).toMatchObject({ model: 'small' })
    expect(await metrics()).toMatchObject({
      ...{ enabled: true, probability: 1, turn_count: 2 },
      rules: [{ from_pattern: '*', to_backend: 'openai', to_model: 'small' }],
      activation_metrics: {
        ...{ total_activations: 2, activations_last_60s: 2, activation_ratio: 1 },
        ...{ by_rule: { '*=openai:small': 2 }, by_target: { 'openai:small': 2 } },
      },
      turn_count_metrics: {
        total_turns_completed: 3,
        turn_count_distribution: { 2: 1 },
        average_turn_count: 2,
      },
    })
  })

  it('is left alone by X-Disable-Replacement in any case, which no provider sees', async () => {
    const { turn, anthropic, metrics } = await startReplacing()
    await turn()
    const headers = { 'X-Disable-Replacement': 'TRUE' }
    expect(await turn('s1', { headers })).toBe('200 anthropic')
    expect(await turn('s1', { headers: { 'X-Disable-Replacement': 'false' } })).toBe('200 openai')
    expect(posted(anthropic)[1]?.headers['x-disable-replacement']).toBeUndefined()
    expect((await metrics()).opt_out_metrics).toMatchObject({ header_opt_outs: 1, opt_out_ratio: 1 / 3 })
  })

  it('can be opted out and in again', async () => {
    const { proxy, turn } = await startReplacing()
    const optOut = await fetch(`${proxy.url}/v1/replacement/opt-out`, {
      method: 'POST',
      body: '{"session_id":"s1"}',
    })
    expect([optOut.status, await documentedJson(optOut, 'POST')]).toEqual([
      200,
      { session_id: 's1', opted_out: true },
    ])
    expect([await turn(), await turn()]).toEqual(['200 anthropic', '200 anthropic'])
    const optIn = () => fetch(`${proxy.url}/v1/replacement/opt-out/s1`, { method: 'DELETE' })
    expect(await documentedJson(await optIn(), 'DELETE')).toEqual({ session_id: 's1', opted_out: false })
    expect(await turn()).toBe('200 openai')
    expect((await optIn()).status).toBe(404)
  })

  it('keeps an agent’s helper calls and its small model to themselves', async () => {
    const { proxy, turn } = await startReplacing({ from_pattern: 'opus' })
    await turn()
    await fetch(`${proxy.url}/v1/messages/count_tokens`, {
      method: 'POST',
      headers: { 'x-session-id': 's1' },
      body: '{"model":"opus","messages":[{"role":"user","content":"hi"}]}',
    })
    expect(await turn('s1', { model: 'haiku' })).toBe('200 anthropic')
    expect(await turn()).toBe('200 openai')
  })

  it('has one of five parallel requests replaced where a window has one turn', async () => {
    const { turn, metrics, anthropic, openai } = await startReplacing()
    await turn()
    let asked = 0
    let letGo = () => {}
    const all = new Promise<void>((resolve) => {
      letGo = resolve
    })
    const atOnce = (answer: Script) => () => {
      asked += 1
      if (asked === 5) letGo()
      return [waitFor(all), ...answer]
    }
    anthropic.answer(atOnce(anthropicAnswer()))
    openai.answer(atOnce(chatAnswer()))
    const answered = await Promise.all([turn(), turn(), turn(), turn(), turn()])
    expect(answered.sort()).toEqual([...Array<string>(4).fill('200 anthropic'), '200 openai'])
    expect((await metrics()).activation_metrics.total_activations).toBe(1)
  })
})

describe('a replacement that fails before output', () => {
  it.each([
    ['500', openaiError(500)],
    ['a refusal of the request', openaiError(400)],
    ['a missing model', openaiError(404)],
    ['a broken connection', [reset()]],
  ])('with %s leaves the answer to the model that was asked for, and its window ends', async (_, other) => {
    const { turn, openai, metrics } = await startReplacing({ turn_count: 5 }, { other: other as never })
    await turn()
    expect(await turn()).toBe('200 anthropic')
    expect(posted(openai)).toHaveLength(1)
    expect(await turn()).toBe('200 anthropic')
    expect(posted(openai)).toHaveLength(1)
    expect((await metrics()).turn_count_metrics).toMatchObject({
      ...{ total_turns_completed: 1, turn_count_distribution: { 1: 1 } },
    })
  })

  it('leaves it also where one attempt is all that an exchange may have', async () => {
    const { turn } = await startReplacing(
      {},
      { other: openaiError(500) as never, config: { failure_handling: { max_attempts: 1 } } },
    )
    await turn()
    expect(await turn()).toBe('200 anthropic')
  })

  it('is not asked at all while its circuit is open', async () => {
    const { turn, openai } = await startReplacing(
      {},
      {
        other: openaiError(503) as never,
        config: {
          health_check: {},
          resilience: { circuit_breaker: { failure_threshold: 1, open_seconds: 600 } },
        },
      },
    )
    for (const session of ['a', 'b', 'c']) {
      await turn(session)
      expect(await turn(session)).toBe('200 anthropic')
    }
    expect(posted(openai)).toHaveLength(1)
  })

  it('counts its window’s failed turns where nobody is left to answer', async () => {
    const { turn, anthropic, metrics } = await startReplacing(
      { turn_count: 2 },
      { other: openaiError(500) as never },
    )
    await turn()
    anthropic.answer([reset()])
    expect((await turn()).startsWith('502')).toBe(true)
    expect((await metrics()).turn_count_metrics.total_turns_completed).toBe(1)
  })
})

describe('a client with its own credential', () => {
  it('is never replaced by a provider that would get it', async () => {
    const anthropic = await startFakeProvider(anthropicAnswer())
    const openai = await startFakeProvider(chatAnswer())
    const proxy = await startTestProxy({
      config: {
        backends: {
          anthropic: { api_url: `${anthropic.url}/v1`, trust_client_credentials: true },
          openai: { api_url: `${openai.url}/v1`, trust_client_credentials: true },
        },
        replacement: {
          ...{ enabled: true, probability: 1, allow_first_turn: true },
          replacement_rules: [{ from_pattern: '*', to_backend: 'openai', to_model: 'small' }],
        },
      },
    })
    onTestFinished(async () => {
      await proxy.stop()
      await Promise.all([anthropic.close(), openai.close()])
    })
    const key = 'sk-ant-api03-the-clients-own-key-0123456789'
    for (let i = 0; i < 3; i++) {
      const answer = await fetch(`${proxy.url}/v1/messages`, {
        method: 'POST',
        headers: { 'x-api-key': key, 'x-session-id': 's' },
        body: '{"model":"anthropic:opus","max_tokens":9,"messages":[{"role":"user","content":"hi"}]}',
      })
      expect([answer.status, answer.headers.get('x-llmproxy-backend')]).toEqual([200, 'anthropic'])
    }
    expect(posted(openai)).toHaveLength(0)
    expect(posted(anthropic).map(({ headers }) => headers['x-api-key'])).toEqual([key, key, key])
  })
})

describe('a conversation of an agent with thinking and tools', () => {
  const tools = [{ name: 'Bash', description: 'Runs', input_schema: { type: 'object', properties: {} } }]
  const thinking = { type: 'enabled', budget_tokens: 2_000 }
  const question = { role: 'user', content: 'Which files are here?' }
  const own = [
    { type: 'thinking', thinking: 'I look.', signature: 'EqQBCgIYAhIM' },
    { type: 'tool_use', id: 'toolu_01', name: 'Bash', input: { command: 'ls' } },
  ]
  const result = (id: string) => ({
    role: 'user',
    content: [{ type: 'tool_result', tool_use_id: id, content: 'a.txt' }],
  })

  it('goes to an OpenAI model and back with its tool calls, and its thinking only to who thought it', async () => {
    const call = { id: 'call_abc', name: 'Bash', arguments: { command: 'cat a.txt' } }
    const { proxy, anthropic, openai } = await startReplacing(
      {},
      { other: chatAnswer({ model: 'small', toolCalls: [call] }) as never },
    )
    const send = async (messages: object[], max_tokens = 4_000) => {
      const answer = await fetch(`${proxy.url}/v1/messages`, {
        method: 'POST',
        headers: { 'x-session-id': 'agent' },
        body: JSON.stringify({ model: 'opus', max_tokens, thinking, tools, messages }),
      })
      return {
        status: answer.status,
        body: (await answer.json()) as { content: { type: string; id: string }[] },
      }
    }
    const first = [question]
    await send(first)
    const second = [...first, { role: 'assistant', content: own }, result('toolu_01')]
    const replaced = await send(second)
    const sent = JSON.stringify(sentTo(openai, 0))
    expect(sentTo(openai, 0)).toMatchObject({
      messages: [
        { role: 'user', content: 'Which files are here?' },
        { role: 'assistant', tool_calls: [{ id: 'toolu_01', function: { name: 'Bash' } }] },
        { role: 'tool', tool_call_id: 'toolu_01', content: 'a.txt' },
      ],
    })
    expect(sent).not.toContain('EqQBCgIYAhIM')
    const used = replaced.body.content.find(({ type }) => type === 'tool_use')
    expect(used).toMatchObject({
      type: 'tool_use',
      id: 'call_abc',
      name: 'Bash',
      input: { command: 'cat a.txt' },
    })
    const third = [...second, { role: 'assistant', content: replaced.body.content }, result('call_abc')]
    expect((await send(third)).status).toBe(200)
    // Its own thought began the turn: it is as the client sent it, byte for byte.
    expect(sentTo(anthropic, 1)).toMatchObject({ thinking, messages: third })
    // A turn that the other model began has no thought, and may not be asked for any.
    const next = [
      ...third,
      { role: 'assistant', content: 'One file.' },
      { role: 'user', content: 'And now?' },
    ]
    const begun = await send(next)
    const last = [...next, { role: 'assistant', content: begun.body.content }, result('call_abc')]
    await send(last)
    const back = sentTo(anthropic, 2) as Record<string, unknown>
    expect(Object.keys(back)).not.toContain('thinking')
    expect(JSON.stringify(back.messages)).toContain('EqQBCgIYAhIM')
  })

  it('streams the other model’s answer in the client’s protocol', async () => {
    const { ask, turn } = await startReplacing({}, { other: chatStream(['Hel', 'lo']) as never })
    await turn()
    const text = await (await ask('s1', { stream: true })).text()
    expect(text).toContain('event: message_start')
    expect(text).toContain('"text":"Hel"')
    expect(text).toContain('event: message_stop')
  })
})

describe('what is written down', () => {
  it('names what was asked for, who answered, and why: record, line and show', async () => {
    const { proxy, turn } = await startReplacing(
      { from_pattern: 'opus' },
      { ledger: true, config: { logging: { format: 'pretty' } } },
    )
    for (let i = 0; i < 3; i++) await turn()
    await turn('s1', { model: 'haiku' })
    const { records } = (await documentedJson(await fetch(`${proxy.url}/v1/usage/recent`))) as {
      records: Record<string, unknown>[]
    }
    const rule = 'opus=openai:small'
    expect(
      records.map(({ model, requested_model, replaced, replacement }) => [
        ...[requested_model, model, replaced, replacement],
      ]),
    ).toEqual([
      ['haiku', 'haiku', false, null],
      ['opus', 'opus', false, { rule, decision: 'cool_down' }],
      ['opus', 'small', true, { rule, decision: 'replaced' }],
      ['opus', 'opus', false, { rule, decision: 'first_turn' }],
    ])
    expect(proxy.log()).toMatch(/opus → openai:small {2}replaced/)
    const filtered = await documentedJson(await fetch(`${proxy.url}/v1/usage/recent?replaced=true`))
    expect((filtered as { records: unknown[] }).records).toHaveLength(1)
  })
})

describe('its routes', () => {
  it('answer with zeros while it is off', async () => {
    const { metrics } = await startReplacing(
      {},
      { config: { replacement: { enabled: false } }, ledger: true },
    )
    expect(await metrics()).toMatchObject({
      ...{ enabled: false, rules: [], effectiveness: [] },
      activation_metrics: { total_activations: 0, activation_rate_per_second: 0, activation_ratio: null },
    })
  })

  it('say why there is no effectiveness where no ledger is kept', async () => {
    const { metrics } = await startReplacing()
    expect(await metrics()).toMatchObject({
      effectiveness: null,
      effectiveness_reason: expect.stringContaining('usage tracking is off'),
    })
  })

  it('reset the counters', async () => {
    const { proxy, turn, metrics } = await startReplacing()
    await turn()
    await turn()
    expect((await metrics()).activation_metrics.total_activations).toBe(1)
    const answer = await fetch(`${proxy.url}/v1/replacement/metrics/reset`, { method: 'POST' })
    expect(await documentedJson(answer, 'POST')).toEqual({ reset: true })
    expect((await metrics()).activation_metrics.total_activations).toBe(0)
  })

  it.each([
    ['', 'the body is no JSON'],
    ['[]', 'the body must be a JSON object'],
    ['{}', 'session_id must be a text'],
    ['{"session_id":""}', 'session_id must be a text'],
    ['{"session_id":7}', 'session_id must be a text'],
    ['{"session":"x"}', '"session" is not known'],
    [JSON.stringify({ session_id: 'x'.repeat(600) }), 'longer than 512'],
  ])('refuse the opt-out %j', async (body, words) => {
    const { proxy } = await startReplacing()
    const answer = await fetch(`${proxy.url}/v1/replacement/opt-out`, { method: 'POST', body })
    expect(answer.status).toBe(400)
    const { error } = (await documentedJson(answer, 'POST')) as { error: { message: string } }
    expect(error.message).toContain(words)
  })

  it('let an access key of role user speak of its own sessions only', async () => {
    const key = (name: string, role: string) => ({ name, role, key: `llmp-${name}-0123456789abcdef` })
    const { proxy } = await startReplacing(
      {},
      { config: { auth: { api_keys: [key('ann', 'user'), key('root', 'admin')] } } },
    )
    const as = (name: string, path: string, method = 'POST', body?: string) =>
      fetch(`${proxy.url}/v1/replacement/${path}`, {
        ...{ method, headers: { 'x-llmproxy-key': `llmp-${name}-0123456789abcdef` } },
        ...(body === undefined ? {} : { body }),
      })
    expect((await as('ann', 'metrics/reset')).status).toBe(403)
    expect((await as('root', 'metrics/reset')).status).toBe(200)
    expect((await as('root', 'opt-out', 'POST', '{"session_id":"s"}')).status).toBe(200)
    expect((await as('ann', 'opt-out/s', 'DELETE')).status).toBe(404)
    expect((await as('root', 'opt-out/s', 'DELETE')).status).toBe(200)
    expect((await fetch(`${proxy.url}/v1/replacement/metrics`)).status).toBe(401)
  })

  it('tell who listens of windows as they begin and end', async () => {
    const { proxy, turn } = await startReplacing()
    const abort = new AbortController()
    const events = await fetch(`${proxy.url}/internal/events`, { signal: abort.signal })
    const reader = (events.body as ReadableStream<Uint8Array>)
      .pipeThrough(new TextDecoderStream())
      .getReader()
    let text = ''
    const until = async (words: string) => {
      while (!text.includes(words)) text += (await reader.read()).value ?? ''
    }
    await until('listening')
    await turn()
    await turn()
    await until('"ended"')
    expect(text).toContain('event: replacement\ndata: {"type":"activated","session_id":"s1"')
    abort.abort()
  })
})

describe('a configuration', () => {
  const start = (replacement: object) =>
    startTestProxy({ config: { replacement: { enabled: true, probability: 0.5, ...replacement } } })

  it('whose rule leads nowhere is refused at the start, with its place and the nearest name', async () => {
    const rules = [{ from_pattern: '*', to_backend: 'opneai', to_model: 'x' }]
    await expect(start({ replacement_rules: rules })).rejects.toThrow(
      /replacement\.replacement_rules\[0\]\.to_backend.*opneai.*did you mean "?openai/s,
    )
  })

  it('that is on without a rule is refused', async () => {
    await expect(start({})).rejects.toThrow(/replacement\.enabled.*without a rule/s)
  })

  it('is taken by a reload, and a wrong one leaves the old one standing', async () => {
    const { proxy, turn, metrics } = await startReplacing()
    await proxy.rewrite({
      replacement: {
        enabled: true,
        replacement_rules: [{ from_pattern: '*', to_backend: 'no', to_model: 'x' }],
      },
    })
    await proxy.reload()
    expect((await metrics()).enabled).toBe(true)
    await turn()
    expect(await turn()).toBe('200 openai')
  })
})
