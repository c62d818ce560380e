import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import { FakeClock } from '../support/fake-clock.ts'
import {
  anthropicAnswer,
  anthropicFrames,
  chatAnswer,
  type FakeProvider,
  openaiError,
  stall,
  startFakeProvider,
  streamHead,
  waitFor,
  whole,
  write,
} from '../support/fake-provider.ts'
import { sseBlock } from '../support/sse-text.ts'
import { startTestProxy, type TestProxy } from '../support/start-proxy.ts'
import {
  admin,
  aKey,
  ask,
  keyOf,
  limitedConfig,
  noon,
  post,
  recorded,
  refusalOf,
  reported,
  statusOf,
} from './limited.ts'

/** One proxy whose clock stands at noon; every test has a key of its own. */
let provider: FakeProvider
let other: FakeProvider
let proxy: TestProxy

const keys = [
  ...[aKey('rich', { usd_per_day: 2 }), aKey('poor', { usd_per_day: 0.2 }), aKey('free')],
  ...[
    aKey('quick', { usd_per_day: 0.5 }),
    aKey('quota', { usd_per_day: 0.2 }),
    aKey('large', { usd_per_day: 1 }),
  ],
  ...[aKey('fifty', { usd_per_day: 1 }), aKey('unpriced', { usd_per_day: 1 })],
  ...[aKey('penniless', { usd_per_day: 0.000001 }), aKey('failing', { usd_per_day: 1 })],
  ...[aKey('leaving', { usd_per_day: 1 }), aKey('twice', { usd_per_day: 1 })],
  ...[aKey('narrow', { models: ['openai:m', 'claude-m'] }), aKey('hurried', { requests_per_minute: 1 })],
]

beforeAll(async () => {
  ;[provider, other] = await Promise.all([startFakeProvider(), startFakeProvider()])
  proxy = await startTestProxy({
    ...{ ledger: true, clock: new FakeClock(noon) },
    config: limitedConfig({ openai: provider.origin, anthropic: other.origin }, keys),
  })
})
afterAll(async () => {
  await Promise.all([provider.close(), other.close()])
  await proxy.stop()
})
beforeEach(() => {
  provider.answer(chatAnswer({ model: 'm', usage: reported }))
  other.answer(anthropicAnswer({ model: 'claude-m', usage: reported }))
  for (const { requests } of [provider, other]) requests.length = 0
})

describe('two access keys', () => {
  it('have a day each, and one without a limit has none', async () => {
    expect(await statusOf(ask(proxy, 'poor', 100))).toBe(200)
    expect(await refusalOf(ask(proxy, 'poor', 100))).toMatchObject({ status: 429, code: 'spending_limit' })
    // Ten cents each: what is set aside and not needed comes back with the answer's end.
    for (let i = 0; i < 12; i++) expect(await statusOf(ask(proxy, 'rich', 800))).toBe(200)
    expect(await refusalOf(ask(proxy, 'rich', 800))).toMatchObject({ status: 429, code: 'spending_limit' })
    for (const user of ['free', admin]) expect(await statusOf(ask(proxy, user, 50_000))).toBe(200)
  })

  it('hear it as their client’s own quota error, and the record says rejected', async () => {
    expect(await statusOf(ask(proxy, 'quota', 100))).toBe(200)
    const { headers, ...refusal } = await refusalOf(ask(proxy, 'quota', 100))
    expect(refusal).toMatchObject({ type: 'rate_limit_exceeded', code: 'spending_limit', param: null })
    expect(refusal.message).toMatch(
      /"quota" may spend \$0\.20 a day: \$0\.10 are spent.*up to \$0\.137;.*midnight UTC; lower max_tokens/,
    )
    expect(headers.get('retry-after')).toBe(String(12 * 3_600))
    expect(headers.get('x-should-retry')).toBe('false')
    const [record] = await recorded(proxy, 'quota', 2)
    expect(record).toMatchObject({
      ...{ outcome: 'rejected', error_type: 'spending_limit', http_status_code: 429 },
      ...{ proxy_user: 'quota', attempts: 0, cost_usd: null },
    })
    expect(provider.requests).toHaveLength(1)
  })

  it('hear something else of a call that fits into no day', async () => {
    const given = await refusalOf(ask(proxy, 'large', 5_000))
    expect(given).toMatchObject({ status: 429, code: 'call_over_limit' })
    expect(given.message).toMatch(/up to \$5\.038,.*\$1\.00 a day.*lower max_tokens/)
    // JSON leaves out what is undefined.
    const assumed = await refusalOf(ask(proxy, 'large', 0, { max_tokens: undefined }))
    expect(assumed.code).toBe('call_over_limit')
    expect(assumed.message).toContain('send max_tokens (without it the answer counts as 32768 tokens)')
    expect(provider.requests).toHaveLength(0)
  })

  it('with requests_per_minute are told the same way', async () => {
    expect(await statusOf(ask(proxy, 'hurried', 10))).toBe(200)
    const { headers, ...refusal } = await refusalOf(ask(proxy, 'hurried', 10))
    expect(refusal).toMatchObject({ status: 429, type: 'rate_limit_exceeded', code: 'request_limit' })
    expect([headers.get('retry-after'), headers.get('x-should-retry')]).toEqual(['60', 'false'])
    expect((await recorded(proxy, 'hurried', 2))[0]).toMatchObject({ outcome: 'rejected', attempts: 0 })
  })
})

describe('parallel calls', () => {
  it('of which there is room for three: three of fifty pass', async () => {
    let release: () => void = () => {}
    const held = new Promise<void>((resolve) => {
      release = resolve
    })
    provider.answer([waitFor(held), ...chatAnswer({ model: 'm', usage: reported })])
    let answered = 0
    // 29 cents at most each.
    const calls = Array.from({ length: 50 }, () =>
      ask(proxy, 'fifty', 250).finally(() => {
        answered++
      }),
    )
    await vi.waitFor(() => expect([answered, provider.requests.length]).toEqual([47, 3]), { timeout: 9_000 })
    release()
    const statuses = (await Promise.all(calls)).map(({ status }) => status)
    expect(statuses.filter((status) => status === 200)).toHaveLength(3)
    expect(statuses.filter((status) => status === 429)).toHaveLength(47)
  })
})

describe('a model without a price', () => {
  it('is refused to a key with usd_per_day, with the line to add, and to no other', async () => {
    const { headers, ...refusal } = await refusalOf(ask(proxy, 'unpriced', 10, { model: 'unpriced' }))
    expect(refusal).toMatchObject({ status: 403, code: 'price_missing', param: 'model' })
    expect(refusal.message).toContain('usage_tracking.prices: {"openai:unpriced": {input: …, output: …}}')
    expect(headers.get('x-should-retry')).toBe('false')
    expect(await statusOf(ask(proxy, 'free', 10, { model: 'unpriced' }))).toBe(200)
  })

  it('is left out beside one that has a price', async () => {
    const answer = await ask(proxy, 'unpriced', 10, { model: 'openai:unpriced|anthropic:claude-m' })
    expect(answer.headers.get('x-llmproxy-backend')).toBe('anthropic')
    expect(provider.requests).toHaveLength(0)
  })

  it('may be used where a plan pays, which costs nothing', async () => {
    const answer = post(
      proxy,
      'penniless',
      '/v1/messages',
      { model: 'claude-nobody-priced', max_tokens: 90_000, messages: [] },
      {
        headers: {
          'x-llmproxy-key': keyOf('penniless'),
          authorization: `Bearer sk-ant-oat01-${'a'.repeat(40)}`,
        },
      },
    )
    expect(await statusOf(answer)).toBe(200)
  })
})

describe('what is no generation', () => {
  it('is refused where it could cost something that nobody can tell before', async () => {
    for (const path of ['/v1/embeddings', '/openai/v1/embeddings', '/v1/images/generations']) {
      expect(await refusalOf(post(proxy, 'large', path, { model: 'm', input: 'hi' }))).toMatchObject({
        ...{ status: 403, code: 'path_refused' },
        message: expect.stringMatching(/costs is not known before.*"large".*usd_per_day/),
      })
    }
    expect(await statusOf(post(proxy, 'free', '/v1/embeddings', { model: 'm', input: 'hi' }))).toBe(200)
  })

  it('costs nothing where tokens are only counted, and where something is only read', async () => {
    other.answer(whole(200, { input_tokens: 8 }))
    const counted = { model: 'claude-unpriced', messages: [{ role: 'user', content: 'hi' }] }
    expect(await statusOf(post(proxy, 'penniless', '/v1/messages/count_tokens', counted))).toBe(200)
    const headers = { 'x-llmproxy-key': keyOf('penniless') }
    expect(await statusOf(fetch(`${proxy.url}/openai/v1/models`, { headers }))).toBe(200)
  })
})

describe('the models of a key', () => {
  const forbidden = { status: 403, code: 'model_refused' }

  it('hold behind an alias, a selector and a failover route', async () => {
    for (const model of ['nice', 'anthropic:claude-forbidden', 'claude-forbidden', 'safe', 'openai:m2']) {
      expect(await refusalOf(ask(proxy, 'narrow', 10, { model })), model).toMatchObject(forbidden)
    }
    const answer = await ask(proxy, 'narrow', 10, { model: 'nice|openai:m' })
    expect([answer.status, answer.headers.get('x-llmproxy-backend')]).toEqual([200, 'openai'])
    expect(other.requests).toHaveLength(0)
  })

  it('hold on a pinned path, which knows no aliases', async () => {
    const pinned = (model: string) =>
      post(proxy, 'narrow', '/anthropic/v1/messages', {
        ...{ model, max_tokens: 10, messages: [{ role: 'user', content: 'hi' }] },
      })
    for (const model of ['claude-forbidden', 'm', 'nice']) {
      const answer = await pinned(model)
      expect(answer.status).toBe(403)
      expect(await answer.json(), model).toMatchObject({
        error: { details: { error_code: 'model_refused' } },
      })
    }
    expect(await statusOf(pinned('claude-m'))).toBe(200)
    expect(other.requests).toHaveLength(1)
  })
})

it('a pinned path is bound to the day like any other', async () => {
  const body = { model: 'claude-m', max_tokens: 5_000, messages: [{ role: 'user', content: 'hi' }] }
  const answer = await post(proxy, 'large', '/anthropic/v1/messages', body)
  expect(answer.status).toBe(429)
  expect(await answer.json()).toMatchObject({
    type: 'error',
    error: { type: 'rate_limit_error', details: { error_code: 'call_over_limit' } },
  })
  const unpriced = await post(proxy, 'large', '/anthropic/v1/messages', {
    ...body,
    model: 'claude-forbidden',
  })
  expect(await unpriced.json()).toMatchObject({ error: { details: { error_code: 'price_missing' } } })
  expect(other.requests).toHaveLength(0)
})

describe('what a call has cost', () => {
  it('is nothing where the provider refused it', async () => {
    provider.answer(openaiError(500))
    for (let i = 0; i < 3; i++) expect(await statusOf(ask(proxy, 'failing', 800))).toBe(500)
    await recorded(proxy, 'failing', 3)
    provider.answer(chatAnswer({ model: 'm', usage: reported }))
    expect(await statusOf(ask(proxy, 'failing', 900))).toBe(200)
  })

  it('stays what it could have been where nobody can know it', async () => {
    provider.answer([stall()])
    const client = new AbortController()
    const body = { model: 'm', max_tokens: 600, messages: [] }
    const left = post(proxy, 'leaving', '/v1/chat/completions', body, {
      headers: { 'x-llmproxy-key': keyOf('leaving') },
      signal: client.signal,
    }).catch(() => null)
    await provider.received()
    client.abort()
    await left
    await recorded(proxy, 'leaving', 1)
    expect(await refusalOf(ask(proxy, 'leaving', 600))).toMatchObject({ code: 'spending_limit' })
  })

  it('has the attempts that failed after they were billed, and one more must still fit', async () => {
    const overloaded = sseBlock(
      { type: 'error', error: { type: 'overloaded_error', message: 'later' } },
      'error',
    )
    const billedFor = (prompt: number) => {
      const [begin = ''] = anthropicFrames([], { model: 'claude-m', usage: { prompt, completion: 0 } })
      return [streamHead(), write(begin + overloaded)]
    }
    const twice = () => ask(proxy, 'twice', 400, { model: 'twice', stream: true })
    other.answer(billedFor(300))
    const passed = await twice()
    expect([passed.status, passed.headers.get('x-llmproxy-attempts')]).toEqual([200, '2'])
    await passed.text()
    // 30 cents and the 10 that were reported; with 50 more of a failed attempt nothing fits any more.
    expect((await recorded(proxy, 'twice', 1))[0]?.cost_usd).toBeCloseTo(0.4, 9)
    other.answer(billedFor(500))
    provider.requests.length = 0
    const failed = await twice()
    expect([failed.status, failed.headers.get('x-llmproxy-attempts')]).toEqual([503, '1'])
    expect(provider.requests).toHaveLength(0)
  })
})
