import { describe, expect, test } from 'vitest'
import { ProxyError } from '../../../../src/core/errors.ts'
import type { JsonObject } from '../../../../src/core/json.ts'
import { openAiChat } from '../../../../src/protocols/openai-chat/index.ts'
import { emptyCall } from '../../../../src/protocols/translation/empty-call.ts'
import { decoded, hi } from './a-call.ts'

test('everything that a request can say is in the call', () => {
  const call = openAiChat.decodeRequest(
    {
      model: 'ignored for the place',
      messages: [{ role: 'user', content: 'hi' }],
      stream: true,
      stream_options: { include_usage: true },
      max_completion_tokens: 900,
      max_tokens: 100,
      ...{ temperature: 0.5, top_p: 0.9, top_k: 40, seed: 7, frequency_penalty: 0.1, presence_penalty: 0.2 },
      ...{ stop: 'END', n: 2, logprobs: true, top_logprobs: 3 },
      ...{ reasoning_effort: 'high', verbosity: 'low', parallel_tool_calls: false },
      user: 'u1',
      metadata: { team: 'a', run: 3 },
      ...{ service_tier: 'flex', store: true, prompt_cache_key: 'k1' },
      response_format: { type: 'json_object' },
    },
    { model: 'gpt-5', stream: true },
  )
  expect(call).toEqual({
    ...emptyCall({ model: 'gpt-5', stream: true }),
    messages: [hi],
    maxOutputTokens: 900,
    ...{ temperature: 0.5, topP: 0.9, topK: 40, seed: 7, frequencyPenalty: 0.1, presencePenalty: 0.2 },
    ...{ stop: ['END'], choices: 2, logprobs: { top: 3 } },
    reasoning: { effort: 'high', budgetTokens: null, adaptive: false, visible: null },
    ...{ verbosity: 'low', parallelToolCalls: false, userId: 'u1', metadata: { team: 'a', run: '3' } },
    ...{ serviceTier: 'flex', store: true, promptCacheKey: 'k1', output: { type: 'json' } },
    usageAsked: true,
  })
})

test('what was left out is null, and the usage was not asked for', () => {
  expect(decoded({})).toEqual({
    ...emptyCall({ model: 'm', stream: false }),
    messages: [hi],
    usageAsked: false,
  })
})

test.each<[JsonObject, object]>([
  [{ max_tokens: 5 }, { maxOutputTokens: 5 }],
  [{ stop: ['a', 'b'] }, { stop: ['a', 'b'] }],
  [{ logprobs: true }, { logprobs: { top: 0 } }],
  [{ logprobs: false, top_logprobs: 2 }, { logprobs: null }],
  [{ safety_identifier: 's1' }, { userId: 's1' }],
  [{ response_format: { type: 'text' } }, { output: null, special: [] }],
  [
    { response_format: { type: 'json_schema', json_schema: { name: 'a', schema: { type: 'object' } } } },
    {
      output: {
        ...{ type: 'json_schema', name: 'a', description: null, strict: null },
        schema: { type: 'object' },
      },
    },
  ],
])('%j means %j', (body, expected) => {
  expect(decoded(body)).toMatchObject(expected)
})

describe('a wish for reasoning', () => {
  const none = { effort: null, budgetTokens: null, adaptive: false, visible: null }
  test.each<[JsonObject, object | null]>([
    [{ reasoning_effort: 'none' }, { ...none, effort: 'none' }],
    [{ reasoning: { effort: 'xhigh' } }, { ...none, effort: 'xhigh' }],
    [{ reasoning: { max_tokens: 2000, exclude: true } }, { ...none, budgetTokens: 2000, visible: false }],
    [{ reasoning: { enabled: true } }, { ...none, adaptive: true }],
    [{ reasoning: { enabled: false } }, { ...none, effort: 'none' }],
    [{ reasoning: {} }, null],
  ])('%j', (body, expected) => {
    expect(decoded(body).reasoning).toEqual(expected)
  })
})

test.each<[JsonObject, string, string]>([
  [{ logit_bias: { 50256: -100 } }, 'logit_bias', 'logit_bias'],
  [{ prediction: { type: 'content', content: 'x' } }, 'prediction', 'prediction'],
  [{ modalities: ['text', 'audio'], audio: { voice: 'alloy', format: 'wav' } }, 'audio_output', 'audio'],
  [{ modalities: ['audio'] }, 'audio_output', 'modalities'],
  [{ modalities: ['image', 'text'] }, 'image_output', 'modalities'],
  [{ chat_template_kwargs: { enable_thinking: false, a: 1 } }, 'other_parameters', 'chat_template_kwargs'],
  [{ response_format: { type: 'grammar', grammar: 'x' } }, 'other_parameters', 'response_format'],
  [{ reasoning_effort: 'default' }, 'reasoning', 'reasoning_effort'],
  [{ tool_choice: { type: 'novelty' } }, 'forced_tool', 'tool_choice'],
])('%j is named as lost elsewhere', (body, loss, param) => {
  expect(decoded(body).special).toEqual([{ loss, param }])
})

test.each<[string, JsonObject, string]>([
  ['no messages', { messages: null }, 'messages'],
  ['messages that are no list', { messages: 'hi' }, 'messages'],
  ['a message that is no object', { messages: ['hi'] }, 'messages[0]'],
  ['a role that nobody has', { messages: [{ role: 'judge', content: 'x' }] }, 'messages[0].role'],
  ['content that is a number', { messages: [{ role: 'user', content: 7 }] }, 'messages[0].content'],
  ['a part that is a number', { messages: [{ role: 'user', content: [7] }] }, 'messages[0].content[0]'],
  ['tools that are no list', { tools: {} }, 'tools'],
  ['a tool without a function', { tools: [{ type: 'function' }] }, 'tools[0].function.name'],
  [
    'a function without a name',
    { tools: [{ type: 'function', function: { description: 'x' } }] },
    'tools[0].function.name',
  ],
  ['a custom tool without a name', { tools: [{ type: 'custom', custom: {} }] }, 'tools[0].custom.name'],
  [
    'arguments of an earlier call that are no JSON',
    { messages: [{ role: 'assistant', tool_calls: [{ id: 'a', function: { name: 'f', arguments: '{' } }] }] },
    'messages[0].tool_calls[0].function.arguments',
  ],
  [
    'arguments that are a list',
    {
      messages: [{ role: 'assistant', tool_calls: [{ id: 'a', function: { name: 'f', arguments: '[1]' } }] }],
    },
    'messages[0].tool_calls[0].function.arguments',
  ],
  [
    'a call that names nothing',
    { messages: [{ role: 'assistant', tool_calls: [{ id: 'a', type: 'function' }] }] },
    'messages[0].tool_calls[0]',
  ],
])('%s: 400 with the place', (_what, body, param) => {
  let thrown: unknown
  try {
    decoded(body)
  } catch (error) {
    thrown = error
  }
  expect(thrown).toBeInstanceOf(ProxyError)
  expect(thrown).toMatchObject({ code: 'bad_request', param })
})
