import { describe, expect, it, test } from 'vitest'
import { type ProtocolName, protocolNames } from '../../../../src/core/protocol-name.ts'
import {
  aCapture,
  type CaptureDraft,
  type ExchangeDraft,
  edited,
  type LegDraft,
  lastOf,
} from '../../../support/a-capture.ts'
import {
  addToolTurns,
  addUserTurn,
  editConversation,
  type ToolTurn,
} from '../../../support/capture/tool-turns.ts'
import { aMock, askAs, askedAs } from './a-mock.ts'

const changes: [
  what: string,
  protocol: ProtocolName,
  change: (leg: LegDraft) => unknown,
  rank: string | null,
][] = [
  ['with its members in another order', 'openai-chat', (leg) => leg.setBody(reversed(leg.json)), null],
  ['in other white space', 'openai-chat', (leg) => leg.setBody(JSON.stringify(leg.json, null, '\t')), null],
  [
    'at another host’s prefix',
    'openai-chat',
    (leg) => Object.assign(leg, { url: '/team/openai/v1/chat/completions' }),
    null,
  ],
  [
    'at a deployment’s path',
    'openai-chat',
    (leg) => Object.assign(leg, { url: '/openai/deployments/d/chat/completions?api-version=1' }),
    null,
  ],
  ['as the beta', 'anthropic-messages', (leg) => Object.assign(leg, { url: '/v1/messages?beta=true' }), null],
  [
    'at another version',
    'gemini',
    (leg) => Object.assign(leg, { url: leg.url?.replace('v1beta', 'v1') }),
    null,
  ],
  ['for another person', 'openai-chat', (leg) => leg.editJson((json) => (json.user = 'u2')), 'but for ids'],
  [
    'with a cache mark',
    'anthropic-messages',
    (leg) =>
      leg.editJson(
        (json) =>
          (json.messages = [
            { role: 'user', content: [{ type: 'text', text: 'Hi', cache_control: { type: 'ephemeral' } }] },
          ]),
      ),
    'only the last message',
  ],
  [
    'of the dated model',
    'openai-chat',
    (leg) => leg.editJson((json) => (json.model = 'gpt-4o-2024-08-06')),
    'but for ids',
  ],
  [
    'with other instructions',
    'anthropic-messages',
    (leg) => leg.editJson((json) => (json.system = 'Be brief.')),
    'the same messages',
  ],
  [
    'with other instructions',
    'openai-responses',
    (leg) => leg.editJson((json) => (json.instructions = 'Be brief.')),
    'the same messages',
  ],
  [
    'with other instructions',
    'openai-chat',
    (leg) => leg.editJson((json) => json.messages.unshift({ role: 'system', content: 'Be brief.' })),
    'the same messages',
  ],
  [
    'with other instructions',
    'gemini',
    (leg) => leg.editJson((json) => (json.systemInstruction = { parts: [{ text: 'Be brief.' }] })),
    'the same messages',
  ],
  [
    'with other tools',
    'openai-chat',
    (leg) => leg.editJson((json) => (json.tools = [])),
    'the same messages',
  ],
  [
    'with another setting',
    'openai-chat',
    (leg) => leg.editJson((json) => (json.temperature = 1)),
    'the same messages',
  ],
]

describe.each(changes)('the same request %s (%s)', (_what, protocol, change, rank) => {
  it(rank === null ? 'is the same' : `is found: ${rank}`, async () => {
    const capture = aCapture({ protocol, stream: false })
    const line = await askedAs(await aMock(capture), lastOf(capture), change)
    expect(line).toMatch(rank === null ? /^exact x_1/ : new RegExp(`^fuzzy x_1/1 \\(.*${rank}`))
  })

  it('is found by nothing but --strict’s exactness', async () => {
    const capture = aCapture({ protocol, stream: false })
    const line = await askedAs(await aMock(capture, { strict: true }), lastOf(capture), change)
    expect(line).toMatch(rank === null ? /^exact/ : /^miss/)
  })
})

const others: [what: string, protocol: ProtocolName, change: (leg: LegDraft) => unknown][] = [
  ['another question', 'openai-chat', (leg) => leg.editJson((json) => (json.messages[0].content = 'Ho'))],
  ['another model', 'openai-chat', (leg) => leg.editJson((json) => (json.model = 'gpt-4o-mini'))],
  ['another model', 'gemini', (leg) => Object.assign(leg, { url: leg.url?.replace('flash', 'pro') })],
  ['a stream', 'openai-chat', (leg) => leg.editJson((json) => (json.stream = true))],
  [
    'a stream',
    'gemini',
    (leg) => Object.assign(leg, { url: leg.url?.replace(':generate', ':streamGenerate') }),
  ],
  [
    'another kind of call',
    'anthropic-messages',
    (leg) => Object.assign(leg, { url: '/v1/messages/count_tokens' }),
  ],
  ['another protocol', 'openai-chat', (leg) => Object.assign(leg, { url: '/v1/messages' })],
  ['another method', 'openai-chat', (leg) => Object.assign(leg, { method: 'PUT' })],
]

test.each(others)('%s is never answered with it (%s)', async (_what, protocol, change) => {
  const capture = aCapture({ protocol, stream: false })
  const x = lastOf(capture)
  const leg = x.request.clone()
  change(leg)
  const mock = await aMock(capture)
  await askAs(mock, leg)
  expect(mock.lines).toEqual(['miss'])
})

test('a stream of Gemini’s is in the framing that is asked for', async () => {
  const capture = aCapture({ protocol: 'gemini', stream: true })
  const mock = await aMock(capture)
  await askAs(mock, lastOf(capture).request, {
    path: lastOf(capture).request.url?.replace('?alt=sse', '') ?? '',
  })
  expect(mock.lines).toEqual(['miss'])
})

const calls: ToolTurn[] = [
  {
    id: 'call_1',
    name: 'shell',
    arguments: { command: 'date' },
    result: 'Mon Nov 27 08:16:22 UTC 2026, pid 4711',
  },
  { id: 'call_2', name: 'shell', arguments: { command: 'ls' }, result: 'a.txt b.txt' },
]

/** Three turns of one conversation: a question, and behind it one and two calls with their results. */
function conversation(protocol: ProtocolName): CaptureDraft {
  const turns = aCapture([{ protocol }, { protocol }, { protocol }])
  for (const [at, x] of turns.exchanges.entries()) {
    x.bothRequests((leg) => addToolTurns(x, leg, calls.slice(0, at)))
    x.bothAnswers((leg) => leg.replaceText('there', `turn${at}`))
  }
  return turns
}

describe.each(protocolNames)('a conversation in %s', (protocol) => {
  it('of which the tools gave something else is found at the same turn', async () => {
    const recorded = conversation(protocol)
    const mock = await aMock(recorded)
    for (const [at, x] of recorded.exchanges.entries()) {
      const line = await askedAs(mock, x, (leg) =>
        leg.replaceText(/08:16:22 UTC 2026, pid 4711/, 'another time, another pid'),
      )
      expect(line).toMatch(at === 0 ? 'exact x_1/1' : `fuzzy x_${at + 1}/1 (but for what its tools gave`)
    }
  })

  it('that another program begins otherwise is found by the answers that it got', async () => {
    const recorded = conversation(protocol)
    const x = recorded.exchanges[2] as ExchangeDraft
    const line = await askedAs(await aMock(recorded), x, (leg) =>
      editConversation(x, leg, (turns) => {
        turns[0] =
          protocol === 'gemini'
            ? { role: 'user', parts: [{ text: 'Hello?' }] }
            : { role: 'user', content: 'Hello?' }
        return leg
      }).replaceText('pid 4711', 'pid 12'),
    )
    expect(line).toMatch(/^fuzzy x_3\/1 \(the same answers so far/)
  })

  it('that goes on otherwise is not', async () => {
    const recorded = conversation(protocol)
    const x = recorded.exchanges[2] as ExchangeDraft
    const mock = await aMock(recorded)
    expect(await askedAs(mock, x, (leg) => addUserTurn(x, leg, 'And now?'))).toBe('miss')
  })

  it('whose last message comes in another turn is found by that alone', async () => {
    const recorded = conversation(protocol)
    for (const x of recorded.exchanges) x.bothRequests((leg) => addUserTurn(x, leg, `Question ${x.id}?`))
    const mock = await aMock(recorded)
    const third = recorded.exchanges[2] as ExchangeDraft
    const line = await askedAs(mock, recorded.exchanges[0] as ExchangeDraft, (leg) =>
      leg.setBody(
        third.request.text
          .replaceAll('call_1', 'call_7')
          .replace('Question x_3?', 'Question x_2?')
          .replace('date', 'whoami'),
      ),
    )
    expect(line).toBe('fuzzy x_2/1 (only the last message is the same)')
  })
})

test('results of tools that ran at the same time may come in another order', async () => {
  const capture = edited(aCapture({ protocol: 'anthropic-messages' }), (x) =>
    x.bothRequests((leg) =>
      leg.editJson((json) => {
        const call = (id: string) => ({ type: 'tool_use', id, name: 'shell', input: {} })
        const result = (id: string) => ({ type: 'tool_result', tool_use_id: id, content: `of ${id}` })
        json.messages.push(
          { role: 'assistant', content: [call('toolu_a'), call('toolu_b')] },
          { role: 'user', content: [result('toolu_a'), result('toolu_b')] },
        )
      }),
    ),
  )
  const line = await askedAs(await aMock(capture), lastOf(capture), (leg) =>
    leg.editJson((json) => json.messages[2].content.reverse()),
  )
  expect(line).toMatch(/^fuzzy x_1\/1 \(.*the order of tool results/)
})

describe('a proxy in between that changed the request', () => {
  const capture = edited(aCapture({ stream: true }), (x) => {
    x.ptb.editJson((json) => (json.model = 'gpt-4o-of-the-backend'))
    x.answer.replaceText('Hello', 'HELLO')
  })
  const x = lastOf(capture)

  it('is answered as its backend did; its client as the client was', async () => {
    const mock = await aMock(capture)
    expect((await askAs(mock, x.ptb, { path: '/v1/chat/completions' })).text).toBe(x.btp.text)
    expect((await askAs(mock, x.request)).text).toBe(x.answer.text)
    expect(mock.lines).toEqual(['exact x_1/1', 'exact x_1'])
  })
})

test('a request that was not recorded whole answers nobody', async () => {
  const capture = edited(aCapture(), (x) => x.bothRequests((leg) => leg.endAs('abort_client')))
  const mock = await aMock(capture)
  expect(await askedAs(mock, lastOf(capture))).toBe('miss')
})

function reversed(json: Record<string, unknown>): string {
  return JSON.stringify(Object.fromEntries(Object.entries(json).reverse()))
}
