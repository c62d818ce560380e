import { describe, expect, test } from 'vitest'
import type { Call } from '../../../../src/core/call.ts'
import type { JsonObject } from '../../../../src/core/json.ts'
import { encoded, lossesOf } from './a-call.ts'

const everyHint: Partial<Call> = {
  ...{ userId: 'u1', metadata: { a: 'b' }, serviceTier: 'flex', store: true },
  ...{ promptCacheKey: 'k1', verbosity: 'low' },
}

test("a request for OpenAI's own models that do not reason", () => {
  const { body, lost, edits } = encoded({
    stream: true,
    maxOutputTokens: 900,
    ...{ temperature: 0.5, topP: 0.9, seed: 7, frequencyPenalty: 0.1, presencePenalty: 0.2 },
    ...{ stop: ['END'], choices: 2, logprobs: { top: 3 } },
    ...{ userId: 'u1', metadata: { a: 'b' }, serviceTier: 'flex', store: true, promptCacheKey: 'k1' },
  })
  expect(body).toEqual({
    model: 'gpt-4o',
    messages: [{ role: 'user', content: 'hi' }],
    max_tokens: 900,
    ...{ temperature: 0.5, top_p: 0.9, seed: 7, frequency_penalty: 0.1, presence_penalty: 0.2 },
    ...{ stop: ['END'], n: 2, logprobs: true, top_logprobs: 3 },
    ...{ user: 'u1', metadata: { a: 'b' }, service_tier: 'flex', store: true, prompt_cache_key: 'k1' },
    stream: true,
  })
  expect(lost).toEqual([])
  expect(edits).toEqual({ toolNames: {}, wrappedTools: [], answerTool: null })
})

test('models that reason have newer names, and refuse sampling', () => {
  const result = encoded(
    {
      ...{ maxOutputTokens: 900, temperature: 0.5, topP: 0.9, frequencyPenalty: 0.1, presencePenalty: 0.2 },
      reasoning: { effort: 'high', budgetTokens: null, adaptive: false, visible: null },
      ...{ verbosity: 'low' },
      messages: [
        { role: 'system', parts: [{ type: 'text', text: 'Be brief.' }] },
        { role: 'user', parts: [{ type: 'text', text: 'hi' }] },
      ],
    },
    { model: 'gpt-5-mini' },
  )
  expect(result.body).toEqual({
    model: 'gpt-5-mini',
    messages: [
      { role: 'developer', content: 'Be brief.' },
      { role: 'user', content: 'hi' },
    ],
    max_completion_tokens: 900,
    reasoning_effort: 'high',
    verbosity: 'low',
    stream: false,
  })
  expect(lossesOf(result)).toEqual(['temperature', 'top_p', 'frequency_penalty', 'presence_penalty'])
})

test('sampling that changes nothing is left out of them without a word', () => {
  const result = encoded(
    { temperature: 1, topP: 1, frequencyPenalty: 0, presencePenalty: 0 },
    { model: 'o3' },
  )
  expect(result.body).toEqual({ model: 'o3', messages: [{ role: 'user', content: 'hi' }], stream: false })
  expect(result.lost).toEqual([])
})

describe('usage is asked for', () => {
  test.each([
    [true, true, { include_usage: true }],
    [true, false, undefined],
    [false, true, undefined],
  ])('stream %s, to be asked for %s', (stream, askForUsage, expected) => {
    expect(encoded({ stream }, { askForUsage }).body.stream_options).toEqual(expected)
  })
})

describe("what only OpenAI's accounts have", () => {
  const names = ['user', 'metadata', 'service_tier', 'store', 'prompt_cache_key', 'verbosity']

  test.each(['groq', 'mistral', 'deepseek', 'xai', 'together', 'fireworks', 'nvidia', 'ollama'])(
    'never reaches %s, and is named',
    (backendType) => {
      const result = encoded(everyHint, { backendType, model: 'some-model' })
      expect(result.body).toEqual({
        model: 'some-model',
        messages: [{ role: 'user', content: 'hi' }],
        stream: false,
      })
      expect(lossesOf(result)).toEqual(names)
    },
  )

  test.each(['lmstudio', 'llamacpp', 'vllm', 'openrouter', 'something-new'])('nor %s', (backendType) => {
    expect(lossesOf(encoded(everyHint, { backendType, model: 'some-model' }))).toEqual(names)
  })

  test('goes to Azure', () => {
    expect(encoded(everyHint, { backendType: 'azure', model: 'gpt-5' })).toMatchObject({
      body: { user: 'u1', store: true, verbosity: 'low' },
      lost: [],
    })
  })

  test('is no loss where it asks for nothing: not to be kept', () => {
    expect(encoded({ store: false }, { backendType: 'groq', model: 'm' }).lost).toEqual([])
  })

  test("holds a user of at most 64 characters; Claude Code's are longer and become a hash", () => {
    const userId = `{"device_id":"${'d'.repeat(64)}","session_id":"s"}`
    const { user } = encoded({ userId }).body
    expect(user).toMatch(/^[0-9a-f]{64}$/)
    expect(encoded({ userId }).body.user).toBe(user)
    expect(encoded({ userId: `${userId} ` }).body.user).not.toBe(user)
    expect(encoded({ userId: 'x'.repeat(64) }).body.user).toBe('x'.repeat(64))
  })

  test.each([
    ['auto', 'auto', []],
    ['standard_only', 'default', []],
    ['priority', 'priority', []],
    ['reserved', undefined, ['service_tier']],
  ])('has tiers: %s', (serviceTier, expected, losses) => {
    const result = encoded({ serviceTier })
    expect(result.body.service_tier).toBe(expected)
    expect(lossesOf(result)).toEqual(losses)
  })

  test.each(['gpt-4o', 'gpt-4.1-mini', 'o4-mini', 'openai/gpt-4o'])('has no verbosity for %s', (model) => {
    const result = encoded({ verbosity: 'low' }, { model })
    expect(result.body).not.toHaveProperty('verbosity')
    expect(lossesOf(result)).toEqual(['verbosity'])
  })
})

test.each<[string, JsonObject, string[]]>([
  ['openai', { seed: 7 }, ['top_k']],
  ['mistral', { random_seed: 7 }, ['top_k']],
  ['groq', { seed: 7 }, ['top_k']],
  ['vllm', { top_k: 40, seed: 7 }, []],
  ['openrouter', { top_k: 40, seed: 7 }, []],
  ['together', { top_k: 40, seed: 7 }, []],
])('%s calls seed and top_k so', (backendType, expected, losses) => {
  const result = encoded({ seed: 7, topK: 40 }, { backendType, model: 'some-model' })
  const { model: _model, messages: _messages, stream: _stream, ...rest } = result.body
  expect(rest).toEqual(expected)
  expect(lossesOf(result)).toEqual(losses)
})

test('the fifth stop sequence is too many', () => {
  const result = encoded({ stop: ['a', 'b', 'c', 'd', 'e'] })
  expect(result.body.stop).toEqual(['a', 'b', 'c', 'd'])
  expect(lossesOf(result)).toEqual(['stop_sequences_beyond'])
})

test("another protocol's own things are lost by their names and places", () => {
  const { lost } = encoded({
    previousResponseId: 'resp_1',
    special: [{ loss: 'safety_settings', param: 'safetySettings' }],
  })
  expect(lost).toEqual([
    { loss: 'safety_settings', param: 'safetySettings' },
    { loss: 'previous_response_id', param: null },
  ])
})

describe('the form of the answer', () => {
  const schema = { type: 'object', properties: { a: { type: 'string' } } }
  const output = { type: 'json_schema', name: 'w', description: 'D', schema, strict: true } as const

  test('is a schema, strict where the provider knows that', () => {
    expect(encoded({ output }).body.response_format).toEqual({
      type: 'json_schema',
      json_schema: { name: 'w', description: 'D', schema, strict: true },
    })
    expect(encoded({ output }, { backendType: 'groq', model: 'm' }).body.response_format).toEqual({
      type: 'json_schema',
      json_schema: { name: 'w', description: 'D', schema },
    })
  })

  test('has a name though the client gave none', () => {
    const { response_format } = encoded({ output: { ...output, name: null } }).body
    expect(response_format).toMatchObject({ json_schema: { name: 'answer' } })
  })

  test('is described in words to DeepSeek, which takes no schema', () => {
    const result = encoded({ output }, { backendType: 'deepseek', model: 'deepseek-chat' })
    expect(result.body.response_format).toEqual({ type: 'json_object' })
    const [instruction] = result.body.messages as JsonObject[]
    expect(instruction?.role).toBe('system')
    expect(instruction?.content).toContain('"a":{"type":"string"}')
    expect(lossesOf(result)).toEqual(['json_schema'])
  })

  test('is JSON mode as it is where the prompt speaks of JSON, else with a sentence behind the instructions', () => {
    const instruction = { role: 'system' as const, parts: [{ type: 'text' as const, text: 'Be brief.' }] }
    const ask = (text: string) =>
      encoded({
        output: { type: 'json' },
        messages: [instruction, { role: 'user', parts: [{ type: 'text', text }] }],
      })
    expect(ask('As Json, please').body.messages).toHaveLength(2)
    const silent = ask('hi')
    expect(silent.body.messages).toEqual([
      { role: 'system', content: 'Be brief.' },
      { role: 'system', content: expect.stringContaining('JSON object') },
      { role: 'user', content: 'hi' },
    ])
    expect(lossesOf(silent)).toEqual(['json_mode'])
  })
})
