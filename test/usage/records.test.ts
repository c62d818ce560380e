import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { UsageRecord } from '../../src/usage/record/record.ts'
import {
  chatAnswer,
  chatStream,
  closeWithoutAnswer,
  cutAt,
  type FakeProvider,
  openaiError,
  paced,
  stall,
  startFakeProvider,
  streamHead,
} from '../support/fake-provider.ts'
import { documentedJson } from '../support/openapi.ts'
import { sseBlock } from '../support/sse-text.ts'
import { startTestProxy, type TestProxy } from '../support/start-proxy.ts'

/** One record an exchange, whatever ended it, with the provider's numbers where it told any. */
let one: FakeProvider
let two: FakeProvider
let proxy: TestProxy

beforeAll(async () => {
  ;[one, two] = await Promise.all([startFakeProvider(), startFakeProvider()])
  const backend = (url: string) => ({
    ...{ type: 'openai', api_url: `${url}/v1`, api_key: 'sk-0000000000000000000000', models: ['gpt-4o'] },
  })
  proxy = await startTestProxy({
    ledger: true,
    config: {
      backends: { 'openai.one': backend(one.url), 'openai.two': backend(two.url) },
      failure_handling: { max_wait_seconds: 0 },
    },
  })
  // The tokenizer is there after the first count; until then what is counted by bytes says so.
  one.answer(chatAnswer())
  let newest: UsageRecord | undefined
  while (newest?.token_count_method !== 'tokenizer') {
    await (await ask({ model: 'openai.one:gpt-4o' })).text()
    newest = (await recent()).records[0]
  }
})
afterAll(async () => {
  await proxy.stop()
  await Promise.all([one.close(), two.close()])
})
beforeEach(async () => {
  const { total } = await recent()
  before = total
})
afterEach(() => {
  one.answer(chatAnswer())
  two.answer(chatAnswer())
})

let before = 0
const recent = async () =>
  (await documentedJson(await fetch(`${proxy.url}/v1/usage/recent`))) as {
    records: UsageRecord[]
    total: number
  }

function ask(more: object = {}, init: RequestInit = {}): Promise<Response> {
  return fetch(`${proxy.url}/v1/chat/completions`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({
      model: 'openai.one:gpt-4o',
      messages: [{ role: 'user', content: 'Say hello.' }],
      ...more,
    }),
    ...init,
  })
}

/** The one record that the test's exchange has made. An exchange that its client left closes a little later. */
async function theRecord(): Promise<UsageRecord> {
  for (;;) {
    const { records, total } = await recent()
    if (total === before) continue
    expect(total).toBe(before + 1)
    return records[0] as UsageRecord
  }
}

const words = 'The quick brown fox jumps over the lazy dog. '

describe('the record of an exchange', () => {
  it('with a report has its numbers, and the cost to the nano-dollar', async () => {
    one.answer(
      chatAnswer({
        model: 'gpt-4o',
        usage: { prompt: 1_000, completion: 77, cached: 300, total: 1_077 } as never,
      }),
    )
    await (await ask()).text()
    const record = await theRecord()
    expect(record).toMatchObject({
      outcome: 'complete',
      http_status_code: 200,
      tokens_source: 'provider',
      cost_basis: 'provider_tokens',
      cost_source: 'catalog',
      billing: 'api',
      attempts: 1,
    })
    const { prompt_tokens, completion_tokens, prompt_tokens_details } = record.backend_reported_usage ?? {}
    const cached = prompt_tokens_details?.cached_tokens ?? 0
    // gpt-4o: $2.50 a million tokens in, $1.25 from the cache, $10 out.
    const nano = ((prompt_tokens ?? 0) - cached) * 2_500 + cached * 1_250 + (completion_tokens ?? 0) * 10_000
    expect(record.cost_usd).toBe(nano / 1e9)
  })

  it('without a report is counted by us, and says so', async () => {
    one.answer([
      streamHead(),
      paced(
        [...Array(20).keys()].map(() =>
          sseBlock({ id: 'c', model: 'gpt-4o', choices: [{ index: 0, delta: { content: words } }] }),
        ),
      ),
      paced([
        sseBlock({ id: 'c', choices: [{ index: 0, delta: {}, finish_reason: 'stop' }] }),
        'data: [DONE]\n\n',
      ]),
    ])
    await (await ask({ stream: true })).text()
    let record = await theRecord()
    // On a busy machine a count may come too late for its record, which says so.
    while (record.token_count_method === 'bytes') {
      before++
      await (await ask({ stream: true })).text()
      record = await theRecord()
    }
    // Ten tokens a sentence by OpenAI's tokenizer.
    expect(record.verbatim_completion_tokens).toBeGreaterThanOrEqual(195)
    expect(record.verbatim_completion_tokens).toBeLessThanOrEqual(205)
    expect(record).toMatchObject({
      outcome: 'complete',
      tokens_source: 'count',
      token_count_method: 'tokenizer',
      backend_reported_usage: null,
      cost_basis: 'own_count',
    })
    expect(record.mutated_completion_tokens).toBe(record.verbatim_completion_tokens)
    expect(record.ttft_ms).toBeGreaterThan(0)
  })

  it('that no provider would answer is an error with its attempt and no tokens', async () => {
    one.answer(openaiError(500))
    expect((await ask()).status).toBe(500)
    const record = await theRecord()
    expect(record).toMatchObject({ outcome: 'error', tokens_source: null, cost_usd: null, attempts: 1 })
    expect(record.attempt_log[0]).toMatchObject({ http_status_code: 500, error_type: 'backend_error' })
  })

  it('that went on to another backend has both attempts, and the answer of the second', async () => {
    one.answer([closeWithoutAnswer()])
    two.answer(chatAnswer({ text: 'here' }))
    expect((await ask({ model: 'openai.one:gpt-4o|openai.two:gpt-4o' })).status).toBe(200)
    const record = await theRecord()
    expect(record).toMatchObject({ outcome: 'complete', backend_instance_id: 'openai.two', attempts: 2 })
    expect(record.attempt_log.map((entry) => [entry.backend_instance_id, entry.error_type])).toEqual([
      ['openai.one', 'backend_closed'],
      ['openai.two', null],
    ])
    const stats = async (query: string) =>
      (await documentedJson(await fetch(`${proxy.url}/v1/usage/stats?${query}`))) as {
        error_rate: number
        request_count: number
      }
    expect((await stats('backend=openai.two')).error_rate).toBe(0)
    expect((await stats('backend=openai.one')).error_rate).toBeGreaterThan(0)
  })

  it('that its client left counts what had come until then', async () => {
    const piece = sseBlock({ id: 'c', model: 'gpt-4o', choices: [{ index: 0, delta: { content: words } }] })
    one.answer([streamHead(), paced([piece, piece, piece]), stall()])
    const leaving = new AbortController()
    const answer = await ask({ stream: true }, { signal: leaving.signal })
    const reader = answer.body?.getReader()
    for (let text = ''; text.split('quick').length < 4; )
      text += new TextDecoder().decode((await reader?.read())?.value)
    leaving.abort()
    const record = await theRecord()
    expect(record).toMatchObject({
      outcome: 'incomplete',
      incomplete_reason: 'client_disconnect',
      tokens_source: 'count',
      backend_reported_usage: null,
      cost_basis: 'own_count',
    })
    expect(record.verbatim_completion_tokens).toBeGreaterThan(25)
  })

  it('that broke off is truncated, never complete', async () => {
    one.answer([cutAt(900, 'clean'), ...chatStream(['a '.repeat(100), 'b '.repeat(100)])])
    await (await ask({ stream: true })).text().catch(() => {})
    expect(await theRecord()).toMatchObject({
      outcome: 'incomplete',
      incomplete_reason: 'truncated',
      http_status_code: 200,
    })
  })

  it('that was refused before any backend was asked is rejected', async () => {
    expect((await ask({ model: null })).status).toBe(400)
    expect(await theRecord()).toMatchObject({
      outcome: 'rejected',
      attempts: 0,
      attempt_log: [],
      backend_type: null,
    })
  })

  it('never holds a word of what was said', async () => {
    one.answer(
      chatAnswer({
        text: 'XYZZY-ANSWER',
        toolCalls: [{ name: 'Bash', arguments: { command: 'XYZZY-ARGS' } }],
      }),
    )
    await (await ask({ messages: [{ role: 'user', content: 'XYZZY-PROMPT' }] })).text()
    const record = await theRecord()
    expect(JSON.stringify(record)).not.toContain('XYZZY')
    expect(record).toMatchObject({ tool_call_count: 1, tool_names: ['Bash'] })
  })
})
