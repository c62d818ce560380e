import { describe, expect, it } from 'vitest'
import { protocolNames } from '../../../../src/core/protocol-name.ts'
import { aCapture, type ExchangeDraft, edited, lastOf } from '../../../support/a-capture.ts'
import { addUserTurn } from '../../../support/capture/tool-turns.ts'
import { aMock, ask, askAs, askJson } from './a-mock.ts'

const long = 'The quick brown fox jumps over the lazy dog. '.repeat(20)

describe.each(protocolNames)('a request of %s that no recording answers', (protocol) => {
  it('is told the nearest one, and where it differs first, in an error of its protocol', async () => {
    const capture = aCapture([{ protocol }, { protocol }])
    for (const [at, x] of capture.exchanges.entries()) {
      x.bothRequests((leg) => addUserTurn(x, leg, `${long} Question ${at}.`))
    }
    const x = lastOf(capture)
    const asked = x.request.clone().replaceText('Question 1.', 'Question two.')
    const mock = await aMock(capture)
    const { status, text, headers } = await askAs(mock, asked)
    const path = { gemini: 'contents[1].parts[0].text', 'openai-responses': 'input[1].content' }[
      protocol as 'gemini'
    ]
    const place = path ?? 'messages[1].content'
    expect([status, headers['x-llmproxy-replay'], headers['x-should-retry']]).toEqual([503, 'miss', 'false'])
    const { error } = JSON.parse(text)
    expect(error.message).toMatch(
      new RegExp(
        `the nearest is x_[12], where ${place.replace(/[[\]]/g, '\\$&')} is .*Question [01].*, not .*Question two\\."`,
      ),
    )
    expect(error.message.length).toBeLessThan(400)
    expect(mock.counts).toMatchObject({ exact: 0, fuzzy: 0, miss: 1 })
  })
})

it('the nearest is the one with the fewest differences, not the one that is as long', async () => {
  const capture = aCapture([{}, {}])
  const [first, second] = capture.exchanges as [ExchangeDraft, ExchangeDraft]
  const settings = { seed: 1, n: 1, top_k: 1 }
  first.bothRequests((leg) => leg.editJson((json) => Object.assign(json, { seed: 2, n: 2, top_k: 2 })))
  second.bothRequests((leg) =>
    leg.replaceText('Hi', 'Say it again').editJson((json) => Object.assign(json, settings)),
  )
  const asked = second.request.clone().replaceText('Say it again', 'Ho')
  const { text } = await askAs(await aMock(capture), asked)
  expect(JSON.parse(text).error.message).toContain(
    'the nearest is x_2, where messages[0].content is "Say it again", not "Ho"',
  )
})

it('of another model says which was recorded', async () => {
  const mock = await aMock(aCapture())
  const { text } = await askJson(mock, '/v1/chat/completions', { model: 'gpt-5', messages: [], stream: true })
  expect(JSON.parse(text).error).toMatchObject({
    message: expect.stringContaining('where model is "gpt-4o", not "gpt-5"'),
    ...{ param: 'model', code: 'replay_miss' },
  })
})

it('that lacks what was recorded says so', async () => {
  const mock = await aMock(aCapture())
  const { text } = await askJson(mock, '/v1/chat/completions', { messages: [], stream: true })
  expect(JSON.parse(text).error.message).toContain('where model is "gpt-4o", and is not in the request')
})

it('of a kind that was not recorded says so', async () => {
  const mock = await aMock(aCapture())
  const { text } = await askJson(mock, '/v1/embeddings', { model: 'e', input: 'x' })
  expect(JSON.parse(text).error.message).toBe(
    'no recording answers this request: the capture has none of POST /embeddings',
  )
})

it('--strict says that it is why', async () => {
  const capture = aCapture()
  const mock = await aMock(capture, { strict: true })
  const { text } = await askAs(
    mock,
    lastOf(capture)
      .request.clone()
      .editJson((json) => (json.user = 'u')),
  )
  expect(JSON.parse(text).error.message).toContain(
    'exactly (--strict); the nearest is x_1, where user is not there, not "u"',
  )
})

it('of which all recordings were given says so', async () => {
  const capture = aCapture()
  const mock = await aMock(capture, { reuse: 'none' })
  await askAs(mock, lastOf(capture).request)
  const { text } = await askAs(mock, lastOf(capture).request)
  expect(JSON.parse(text).error.message).toBe(
    'its only recording was given already, last x_1; --reuse last gives it again',
  )
})

it('is 404 where that is wished', async () => {
  const mock = await aMock(aCapture(), { missStatus: 404 })
  expect((await askJson(mock, '/v1/embeddings', {})).status).toBe(404)
})

describe('counting tokens', () => {
  const capture = edited(
    aCapture({ protocol: 'anthropic-messages', stream: false, answer: { input_tokens: 42 } }),
    (x) => x.bothRequests((leg) => Object.assign(leg, { url: '/v1/messages/count_tokens' })),
  )

  it('gives the recorded count', async () => {
    const { text } = await askAs(await aMock(capture), lastOf(capture).request)
    expect(JSON.parse(text)).toEqual({ input_tokens: 42 })
  })

  it.each([
    [
      '/v1/messages/count_tokens',
      { model: 'claude-sonnet-4-5', messages: [{ role: 'user', content: 'Ho' }] },
    ],
    ['/v1/responses/input_tokens', { model: 'gpt-5', input: 'Ho' }],
    ['/v1beta/models/gemini-2.5-flash:countTokens', { contents: [{ parts: [{ text: 'Ho' }] }] }],
  ])('that was not recorded is not there, so that clients count for themselves: %s', async (path, body) => {
    const mock = await aMock(capture)
    const { status, headers } = await askJson(mock, path, body)
    expect([status, headers['x-llmproxy-replay'], mock.counts.miss]).toEqual([404, 'miss', 1])
  })
})

it.each([
  ['no JSON', '{"model":'],
  ['JSON that is nested without end', `${'['.repeat(100_000)}${']'.repeat(100_000)}`],
  ['an object that is nested without end', `${'{"a":'.repeat(20_000)}1${'}'.repeat(20_000)}`],
  [
    'messages of no known shape',
    '{"model":"gpt-4o","stream":true,"messages":[null,1,[[]],{"role":7,"content":{"a":[]}}]}',
  ],
  [
    'members of prototypes',
    '{"model":"gpt-4o","__proto__":{"x":1},"constructor":1,"messages":[{"__proto__":[]}]}',
  ],
])('a body that is %s is a miss, and the next one is answered', async (_what, body) => {
  const capture = aCapture()
  const mock = await aMock(capture)
  expect((await ask(mock, { path: '/v1/chat/completions', body })).status).toBe(503)
  expect((await askAs(mock, lastOf(capture).request)).status).toBe(200)
})
