import { expect, it } from 'vitest'
import { budgetOf, effortOf, nearestEffort } from '../../../src/protocols/translation/effort.ts'

it.each([
  ['none', 0],
  ['low', 1024],
  ['medium', 8192],
  ['high', 24_576],
] as const)('the effort %s is a budget of %d tokens, and back', (effort, budgetTokens) => {
  expect(budgetOf(effort)).toBe(budgetTokens)
  expect(effortOf(budgetTokens)).toBe(effort)
})

it.each([
  [-5, 'none'],
  [1, 'low'],
  [4000, 'low'],
  [5000, 'medium'],
  [31_999, 'xhigh'],
  [200_000, 'max'],
] as const)('a budget of %d tokens is nearest to %s', (budgetTokens, effort) => {
  expect(effortOf(budgetTokens)).toBe(effort)
})

it.each([
  ['minimal', ['low', 'medium', 'high'], 'low'],
  ['max', ['low', 'medium', 'high'], 'high'],
  ['medium', ['low', 'medium', 'high'], 'medium'],
  ['none', ['minimal', 'low'], 'minimal'],
  ['high', [], 'high'],
] as const)('of %s a model that knows %j gets %s', (effort, known, nearest) => {
  expect(nearestEffort(effort, known)).toBe(nearest)
})
