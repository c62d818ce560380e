import { expect, test } from 'vitest'
import { openAiChat } from '../../../src/protocols/openai-chat/index.ts'

test('a whole answer in order: start, content, usage, end', () => {
  const body = {
    id: 'c1',
    model: 'deepseek-reasoner',
    service_tier: 'flex',
    choices: [
      {
        index: 0,
        finish_reason: 'tool_calls',
        message: {
          role: 'assistant',
          reasoning_content: 'hm',
          content: 'Let me look.',
          tool_calls: [
            { id: 'a', type: 'function', function: { name: 'f', arguments: '{"x":1}' } },
            { id: 'b', type: 'custom', custom: { name: 'sql', input: 'SELECT 1' } },
            { id: '', type: 'function', function: { name: 'g', arguments: { y: 2 } } },
          ],
        },
      },
    ],
    usage: {
      prompt_tokens: 10,
      completion_tokens: 5,
      total_tokens: 99,
      prompt_cache_hit_tokens: 4,
      completion_tokens_details: { reasoning_tokens: 3 },
      cost: 0.25,
    },
  }
  expect(openAiChat.decodeAnswer(body)).toEqual([
    { type: 'start', id: 'c1', model: 'deepseek-reasoner' },
    { type: 'reasoning', text: 'hm' },
    { type: 'text', text: 'Let me look.' },
    { type: 'tool_call', index: 0, id: 'a', name: 'f', arguments: '{"x":1}' },
    { type: 'tool_call', index: 1, id: 'b', name: 'sql', arguments: 'SELECT 1', custom: true },
    { type: 'tool_call', index: 2, name: 'g', arguments: '{"y":2}' },
    {
      type: 'usage',
      usage: {
        promptTokens: 10,
        completionTokens: 5,
        totalTokens: 15,
        cachedTokens: 4,
        reasoningTokens: 3,
        serviceTier: 'flex',
        costUsd: 0.25,
      },
    },
    { type: 'end', reason: 'tool', raw: 'tool_calls' },
  ])
})

test("xAI's reasoning, which its completion count leaves out, is part of the completion", () => {
  const usage = {
    prompt_tokens: 12,
    completion_tokens: 1,
    total_tokens: 241,
    completion_tokens_details: { reasoning_tokens: 228 },
    cost_in_usd_ticks: 1_176_500,
  }
  expect(openAiChat.decodeAnswer({ choices: [], usage })).toContainEqual({
    type: 'usage',
    usage: {
      promptTokens: 12,
      completionTokens: 229,
      totalTokens: 241,
      reasoningTokens: 228,
      costUsd: 0.00011765,
    },
  })
})

test('an error under a status of success is an error, not an end', () => {
  const events = openAiChat.decodeAnswer({ error: { message: 'busy', code: 502 } })
  expect(events).toMatchObject([{ type: 'error', message: 'busy', status: 502 }])
})

test.each([[null], ['text'], [[]], [{}], [{ object: 'list', data: [] }], [{ input_tokens: 3 }]])(
  '%j is no answer',
  (body) => {
    expect(openAiChat.decodeAnswer(body)).toEqual([])
  },
)
