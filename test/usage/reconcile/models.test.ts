import { expect, it } from 'vitest'
import { matchModels } from '../../../src/usage/reconcile/models.ts'

const groups = (invoice: string[], ledger: string[]) =>
  matchModels(invoice, ledger).map(({ invoice: theirs, ledger: ours }) => [
    [...theirs].sort(),
    [...ours].sort(),
  ])

it.each([
  ['anthropic/claude-sonnet-4-5', 'claude-sonnet-4-5'],
  ['models/gemini-2.5-pro', 'google/gemini-2.5-pro'],
  ['Claude-Sonnet-4-5', 'claude-sonnet-4-5'],
  ['deepseek/deepseek-r1', 'deepseek/deepseek-r1:free'],
  ['gpt-4o-2024-08-06', 'openai/gpt-4o'],
  ['gpt-4o', 'gpt-4o-2024-08-06'],
  ['claude-3-5-sonnet-20241022', 'claude-3-5-sonnet-latest'],
  ['anthropic/claude-4.5-sonnet-20250929', 'anthropic/claude-sonnet-4.5'],
  ['anthropic/claude-4.5-sonnet-20250929', 'claude-sonnet-4-5-20250929'],
])('%s on an invoice is %s in the ledger', (invoice, ledger) => {
  expect(groups([invoice], [ledger])).toEqual([[[invoice], [ledger]]])
})

it.each([
  ['gpt-4o', 'gpt-4o-mini'],
  ['gpt-4', 'gpt-4o'],
  ['claude-sonnet-4-5', 'claude-opus-4-5'],
  ['gemini-2.5-pro', 'gemini-2.5-flash'],
  ['deepseek-v3', 'deepseek-v3.1'],
  ['gpt-4.5', 'gpt-5.4'],
  ['anthropic/claude-4.5-sonnet', 'claude-sonnet-5-4'],
])('%s is not %s', (invoice, ledger) => {
  expect(groups([invoice], [ledger])).toHaveLength(2)
})

it('dated names that both sides have stay apart', () => {
  const names = ['gpt-4o', 'gpt-4o-2024-08-06', 'gpt-4o-2024-11-20']
  expect(groups(names, names)).toEqual(names.map((name) => [[name], [name]]))
})

it('a name that one side lacks is put with its dated ones', () => {
  expect(
    groups(['gpt-4o-2024-08-06', 'gpt-4o-mini'], ['gpt-4o', 'gpt-4o-2024-08-06', 'gpt-4o-mini']),
  ).toEqual(
    expect.arrayContaining([
      [['gpt-4o-2024-08-06'], ['gpt-4o', 'gpt-4o-2024-08-06']],
      [['gpt-4o-mini'], ['gpt-4o-mini']],
    ]),
  )
})
