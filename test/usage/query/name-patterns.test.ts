import { expect, it } from 'vitest'
import { fitsModel } from '../../../src/usage/query/name-patterns.ts'

it.each([
  ['claude-3-5-sonnet-20241022', 'claude-3-5-sonnet', true],
  ['claude-3-5-sonnet-latest', 'claude-3-5-sonnet', true],
  ['gpt-4o-2024-08-06', 'gpt-4o', true],
  ['gpt-4-0613', 'gpt-4', true],
  ['claude-3-5-sonnet@20241022', 'claude-3-5-sonnet', true],
  ['gpt-4o', 'gpt-4', false],
  ['gpt-4o-mini', 'gpt-4o', false],
  ['gpt-4', 'gpt-4-0613', false],
  ['gpt-4o-mini', 'gpt-4*', true],
  ['openai/gpt-4o', '*gpt-4o', true],
])('the model %s is meant by %s: %s', (model, wanted, expected) => {
  expect(fitsModel(model, wanted)).toBe(expected)
})
