import { expect, it } from 'vitest'
import { encodingOf } from '../../src/tokens/model-encodings.ts'

it.each([
  ['gpt-4o-2024-08-06', 'tokenizer'],
  ['openai/gpt-5-mini', 'tokenizer'],
  ['o3', 'tokenizer'],
  ['openai/gpt-oss-120b', 'tokenizer'],
  ['gpt-4-0613', 'approximate'],
  ['claude-sonnet-4-5-20250929', 'approximate'],
  ['anthropic.claude-3-haiku-20240307-v1:0', 'approximate'],
  ['gemini-2.5-pro', 'approximate'],
  ['something-new', 'approximate'],
])('tokens of %s are counted by %s', (model, method) => {
  expect(encodingOf(model).method).toBe(method)
})

it('newer Claude models make more tokens of the same text', () => {
  expect(encodingOf('claude-opus-4-8').factor).toBeGreaterThan(encodingOf('claude-opus-4-5').factor)
})
