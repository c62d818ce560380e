import { expect, it } from 'vitest'
import { familyOf } from '../../../src/protocols/translation/model-families.ts'

it.each([
  ['gpt-4o', 'none', 'never', false],
  ['meta-llama/Llama-3.3-70B-Instruct', 'none', 'never', false],
  ['a-model-of-tomorrow', 'effort', 'never', false],
  ['gpt-5', 'effort', 'always', false],
  ['gpt-5.1-codex', 'effort', 'always', false],
  ['openai/gpt-5-mini', 'effort', 'always', false],
  ['gpt-5-chat-latest', 'none', 'never', false],
  ['o4-mini', 'effort', 'always', false],
  ['claude-3-5-sonnet-20241022', 'none', 'never', false],
  ['claude-3-7-sonnet-20250219', 'budget', 'reasoning', false],
  ['claude-sonnet-4-20250514', 'budget', 'reasoning', false],
  ['claude-sonnet-4-0', 'budget', 'reasoning', false],
  ['claude-opus-4-1-20250805', 'budget', 'reasoning', false],
  ['anthropic.claude-sonnet-4-20250514-v1:0', 'budget', 'reasoning', false],
  ['claude-sonnet-4-5-20250929', 'budget', 'reasoning', true],
  ['claude-opus-4-6', 'adaptive', 'reasoning', true],
  ['claude-opus-4-8', 'adaptive', 'always', true],
  ['gemini-2.0-flash', 'none', 'never', true],
  ['gemini-2.5-flash', 'budget', 'never', true],
  ['gemini-3-pro-preview', 'effort', 'never', true],
] as const)('%s reasons by %s and refuses sampling %s', (model, reasoning, refusesSampling, takesFormat) => {
  const family = familyOf(model)
  expect({ reasoning: family.reasoning, refusesSampling: family.refusesSampling }).toEqual({
    reasoning,
    refusesSampling,
  })
  if (model.includes('claude')) expect(family.outputFormat).toBe(takesFormat)
})
