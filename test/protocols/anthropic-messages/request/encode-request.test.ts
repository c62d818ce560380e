import { createHash } from 'node:crypto'
import { expect, test } from 'vitest'
import type { Call } from '../../../../src/core/call.ts'
import { anthropicMessages } from '../../../../src/protocols/anthropic-messages/index.ts'
import { aCall, encoded, lostOf } from './a-call.ts'

const hi = [{ role: 'user', content: [{ type: 'text', text: 'Hi' }] }]

test('the smallest request names a model, a limit and the stream', () => {
  expect(encoded({}).body).toEqual({
    model: 'claude-sonnet-4-5',
    max_tokens: 1000,
    messages: hi,
    stream: false,
  })
})

test.each([
  ['claude-3-haiku-20240307', 4096],
  ['claude-sonnet-4-5', 64_000],
  ['claude-opus-4-8', 128_000],
  ['kimi-k2', 8192],
])('%s gets a limit where the call has none', (model, limit) => {
  expect(encoded({ maxOutputTokens: null }, model).body.max_tokens).toBe(limit)
})

test('the same call gives the same bytes', () => {
  const call: Partial<Call> = {
    tools: [{ type: 'function', name: 'a.b', description: null, parameters: null, strict: null }],
    messages: [
      { role: 'user', parts: [{ type: 'text', text: 'Hi' }] },
      { role: 'assistant', parts: [{ type: 'tool_call', id: 'call/1', name: 'a.b', arguments: '{}' }] },
    ],
  }
  expect(JSON.stringify(encoded(call).body)).toBe(JSON.stringify(encoded(call).body))
})

test('everything that has no parameter there is named', () => {
  const call: Partial<Call> = {
    seed: 1,
    frequencyPenalty: 0.5,
    presencePenalty: 0.5,
    choices: 2,
    logprobs: { top: 0 },
    verbosity: 'low',
    metadata: { a: 'b' },
    store: true,
    promptCacheKey: 'k',
    previousResponseId: 'resp_1',
    serviceTier: 'flex',
    special: [{ loss: 'logit_bias', param: 'logit_bias' }],
  }
  const { body, lost } = encoded(call)
  expect(lost.map(({ loss }) => loss)).toEqual([
    'seed',
    'frequency_penalty',
    'presence_penalty',
    'n',
    'logprobs',
    'verbosity',
    'metadata',
    'store',
    'prompt_cache_key',
    'previous_response_id',
    'logit_bias',
    'service_tier',
  ])
  expect(body).toEqual(encoded({}).body)
})

test('what asks for what is the case anyway is no loss', () => {
  const call = { frequencyPenalty: 0, presencePenalty: 0, choices: 1, store: false, metadata: {} }
  expect(encoded(call).lost).toEqual([])
})

test('the user goes to metadata, hashed where it is longer than Anthropic takes', () => {
  expect(encoded({ userId: 'u-1', serviceTier: 'auto' }).body).toMatchObject({
    metadata: { user_id: 'u-1' },
    service_tier: 'auto',
  })
  const long = 'u'.repeat(257)
  const hash = createHash('sha256').update(long).digest('hex')
  expect(encoded({ userId: long }).body.metadata).toEqual({ user_id: hash })
})

test.each<[string, string, Partial<Call>, object, string[]]>([
  ['claude-sonnet-4-5', 'within 1', { temperature: 0.3, topK: 5 }, { temperature: 0.3, top_k: 5 }, []],
  ['claude-sonnet-4-5', 'beyond 1', { temperature: 1.7 }, { temperature: 1 }, ['temperature']],
  ['claude-sonnet-4-5', 'both', { temperature: 0.3, topP: 0.8 }, { temperature: 0.3 }, ['top_p']],
  ['claude-sonnet-4-5', 'top_p alone', { topP: 0.8 }, { top_p: 0.8 }, []],
  ['claude-3-5-haiku-latest', 'both', { temperature: 0.3, topP: 0.8 }, { temperature: 0.3, top_p: 0.8 }, []],
  ['claude-opus-4-8', 'any', { temperature: 0.3, topP: 0.8, topK: 5 }, {}, ['temperature', 'top_p', 'top_k']],
  ['claude-opus-4-8', 'the default', { temperature: 1, topP: 1 }, {}, []],
])('sampling: %s, %s', (model, _what, call, expected, lost) => {
  const result = encoded(call, model)
  const { temperature, top_p, top_k } = result.body
  expect(JSON.parse(JSON.stringify({ temperature, top_p, top_k }))).toEqual(expected)
  expect(lostOf(result).sort()).toEqual([...lost].sort())
})

test('a model that thinks takes no temperature, and only a high top_p', () => {
  const reasoning = { effort: 'low' as const, budgetTokens: null, adaptive: false, visible: null }
  const call = { reasoning, maxOutputTokens: 8000, temperature: 0.3, topK: 5 }
  const result = encoded({ ...call, topP: 0.97 })
  expect(result.body).toMatchObject({ top_p: 0.97, thinking: { type: 'enabled' } })
  expect(lostOf(result)).toEqual(['temperature', 'top_k'])
  expect(lostOf(encoded({ ...call, topP: 0.5 }))).toContain('top_p')
})

test('stop sequences of white space alone are refused there', () => {
  const result = encoded({ stop: ['END', '\n'] })
  expect(result.body.stop_sequences).toEqual(['END'])
  expect(lostOf(result)).toEqual(['stop_of_spaces'])
})

test('cache breakpoints stay where the client set them, at most the last four', () => {
  const cache = { ttl: null }
  const result = encoded({
    tools: [{ type: 'function', name: 'f', description: null, parameters: null, strict: null, cache }],
    messages: [
      { role: 'system', parts: [{ type: 'text', text: 'S', cache: { ttl: '1h' } }] },
      {
        role: 'user',
        parts: [
          { type: 'text', text: 'a', cache },
          { type: 'text', text: 'b', cache },
          { type: 'text', text: 'c', cache },
        ],
      },
    ],
  })
  const ephemeral = { cache_control: { type: 'ephemeral' } }
  expect(result.body).toMatchObject({
    system: [{ text: 'S', cache_control: { type: 'ephemeral', ttl: '1h' } }],
    messages: [
      {
        content: [
          { text: 'a', ...ephemeral },
          { text: 'b', ...ephemeral },
          { text: 'c', ...ephemeral },
        ],
      },
    ],
  })
  expect(JSON.stringify(result.body.tools)).not.toContain('cache_control')
  expect(lostOf(result)).toEqual(['cache_control'])
})

test('no breakpoint is added to a call that has none', () => {
  expect(JSON.stringify(encoded({}).body)).not.toContain('cache_control')
})

test('where it goes, and what its parameters are called', () => {
  expect(anthropicMessages.generation('m', true)).toEqual({ path: '/v1/messages', query: '' })
  expect(anthropicMessages.paramNames).toMatchObject({ user: 'metadata.user_id', reasoning: 'thinking' })
})

test('a call of another backend type is written the same, but for tools that only Anthropic runs', () => {
  const target = { backendType: 'vllm', model: 'claude-sonnet-4-5', askForUsage: false }
  expect(anthropicMessages.encodeRequest(aCall(), target).body).toEqual(encoded({}).body)
})
