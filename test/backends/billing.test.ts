import { expect, it } from 'vitest'
import { billingAt } from '../../src/backends/billing.ts'
import { aBackend } from '../support/a-backend.ts'

const header = { name: 'authorization', prefix: 'Bearer ' } as const

it.each([
  ['anthropic', 'sk-ant-oat01-abc', 'subscription'],
  ['anthropic', 'sk-ant-api03-abc', 'api'],
  ['chatgpt', 'eyJ.eyJ.x', 'subscription'],
  ['openai', 'sk-proj-abc', 'api'],
  ['openrouter', 'sk-ant-oat01-abc', 'api'],
] as const)('what %s bills for %s is %s', (type, value, billing) => {
  const backend = aBackend(type)
  expect(billingAt(backend, { kind: 'client', value, hash: '', header })).toBe(billing)
})

it('nothing is a plan where no credential is sent', () => {
  expect(billingAt(aBackend('ollama'), { kind: 'none' })).toBe('api')
})
