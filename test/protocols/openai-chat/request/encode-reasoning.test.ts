import { expect, test } from 'vitest'
import type { ReasoningWish } from '../../../../src/core/call.ts'
import { encoded, lossesOf } from './a-call.ts'

const wish = (said: Partial<ReasoningWish>): ReasoningWish => ({
  ...{ effort: null, budgetTokens: null, adaptive: false, visible: null },
  ...said,
})

test.each<[string, string, Partial<ReasoningWish>, object]>([
  ['openai', 'gpt-5', { effort: 'low' }, { reasoning_effort: 'low' }],
  ['openai', 'gpt-5', { effort: 'max' }, { reasoning_effort: 'high' }],
  ['openai', 'gpt-5', { budgetTokens: 31_999 }, { reasoning_effort: 'high' }],
  ['openai', 'gpt-5.1', { effort: 'none' }, { reasoning_effort: 'none' }],
  ['openai', 'o3', { effort: 'minimal' }, { reasoning_effort: 'low' }],
  ['openai', 'gpt-5', { adaptive: true }, {}],
  ['groq', 'openai/gpt-oss-120b', { effort: 'high' }, { reasoning_effort: 'high' }],
  ['openrouter', 'openai/gpt-5', { effort: 'max' }, { reasoning: { effort: 'xhigh' } }],
  ['openrouter', 'anthropic/claude-sonnet-4-5', { budgetTokens: 2000 }, { reasoning: { max_tokens: 2000 } }],
  ['openrouter', 'anthropic/claude-opus-4-6', { adaptive: true }, { reasoning: { enabled: true } }],
  ['openrouter', 'z-ai/glm-5', { budgetTokens: 0 }, { reasoning: { effort: 'none' } }],
  [
    'openrouter',
    'z-ai/glm-5',
    { effort: 'high', visible: false },
    { reasoning: { effort: 'high', exclude: true } },
  ],
  ['deepseek', 'deepseek-chat', { effort: 'none' }, { thinking: { type: 'disabled' } }],
  [
    'deepseek',
    'deepseek-chat',
    { effort: 'max' },
    { thinking: { type: 'enabled' }, reasoning_effort: 'max' },
  ],
  ['deepseek', 'deepseek-chat', { adaptive: true }, { thinking: { type: 'enabled' } }],
])('%s, %s: %j', (backendType, model, said, expected) => {
  const result = encoded({ reasoning: wish(said) }, { backendType, model })
  const { model: _model, messages: _messages, stream: _stream, ...rest } = result.body
  expect(rest).toEqual(expected)
  expect(result.lost).toEqual([])
})

test.each([
  ['openai', 'gpt-4o'],
  ['mistral', 'mistral-large-latest'],
  ['groq', 'llama-3.3-70b-versatile'],
])('%s, %s does not reason: the wish is named, and the wish for none is none', (backendType, model) => {
  const asked = encoded({ reasoning: wish({ effort: 'high' }) }, { backendType, model })
  expect(Object.keys(asked.body)).toEqual(['model', 'messages', 'stream'])
  expect(lossesOf(asked)).toEqual(['reasoning'])
  expect(encoded({ reasoning: wish({ effort: 'none' }) }, { backendType, model }).lost).toEqual([])
})
