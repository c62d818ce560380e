import { expect, it } from 'vitest'
import { type KeyedCaller, mayUse } from '../../../src/server/access/caller.ts'

function callerWith(models: string[] | null): KeyedCaller {
  return {
    kind: 'key',
    name: 'alice',
    role: 'user',
    models,
    requestsPerMinute: null,
    usdPerDay: null,
    keyHash: '',
    accessKeyHeader: 'x-api-key',
    accessKeyPlaces: ['x-api-key'],
  }
}

it.each([
  [['claude-*'], 'anthropic', 'claude-sonnet-4-5', true],
  [['claude-*'], 'openai', 'gpt-4o', false],
  [['openai:gpt-4o'], 'openai', 'gpt-4o', true],
  [['openai:gpt-4o'], 'azure', 'gpt-4o', false],
  [['openai.eu:*'], 'openai.eu', null, true],
  [['gpt-*'], 'openai', null, false],
  [null, 'openai', null, true],
])('with models %j, a target %s:%s is allowed: %s', (models, backend, model, allowed) => {
  expect(mayUse(callerWith(models), { backend: { name: backend }, model })).toBe(allowed)
})

it('lets everybody use everything where no access keys are configured', () => {
  expect(mayUse({ kind: 'open' }, { backend: { name: 'openai' }, model: 'gpt-4o' })).toBe(true)
})
