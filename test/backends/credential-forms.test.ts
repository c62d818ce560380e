import { describe, expect, it } from 'vitest'
import { hasKnownForm, keyHeaderFor } from '../../src/backends/credential-forms.ts'
import { presetOfType } from '../../src/backends/index.ts'
import { backendFor } from './backend-for.ts'

describe('keyHeaderFor', () => {
  const azureUrl = { api_url: 'https://r.openai.azure.com/openai/v1' }

  it.each([
    ['openai', 'sk-1', null, 'authorization'],
    ['openai', 'sk-1', 'x-api-key', 'authorization'],
    ['anthropic', 'sk-ant-api03-1', null, 'x-api-key'],
    ['anthropic', 'sk-ant-api03-1', 'x-api-key', 'x-api-key'],
    ['anthropic', 'sk-ant-api03-1', 'authorization', 'authorization'],
    ['anthropic', 'sk-ant-oat01-1', 'authorization', 'authorization'],
    ['anthropic', 'sk-ant-oat01-1', null, 'authorization'],
    ['anthropic', 'sk-ant-oat01-1', 'x-api-key', 'x-api-key'],
    ['gemini', 'AIza1', null, 'x-goog-api-key'],
    ['gemini', 'AIza1', 'query', 'x-goog-api-key'],
    ['gemini', 'AIza1', 'authorization', 'x-goog-api-key'],
    ['gemini', 'ya29.1', 'authorization', 'authorization'],
    ['gemini', 'ya29.1', null, 'authorization'],
    ['azure', '0123456789abcdef0123456789abcdef', 'authorization', 'api-key'],
    ['azure', 'eyJhbGciOi.eyJzdWIi.c2ln', null, 'authorization'],
  ] as const)('%s gets %s, sent in %s, in %s', (type, value, sentIn, header) => {
    const backend = backendFor(type, type === 'azure' ? azureUrl : {})
    expect(keyHeaderFor(backend, value, sentIn)).toEqual({
      name: header,
      prefix: header === 'authorization' ? 'Bearer ' : '',
    })
  })
})

describe('credential forms', () => {
  it.each([
    ['openai', 'sk-proj-abc', true],
    ['openai', 'sk-abc', true],
    ['openai', 'sk-ant-api03-abc', false],
    ['openai', 'sk-or-v1-abc', false],
    ['openai', 'eyJhbGciOi.eyJzdWIi.c2ln', false],
    ['anthropic', 'sk-ant-api03-abc', true],
    ['anthropic', 'sk-ant-oat01-abc', true],
    ['anthropic', 'sk-abc', false],
    ['gemini', 'AIzaSyabc', true],
    ['gemini', 'AQ.abc', true],
    ['gemini', 'ya29.abc', true],
    ['gemini', 'sk-abc', false],
    ['chatgpt', 'eyJhbGciOi.eyJzdWIi.c2ln', true],
    ['chatgpt', 'sk-abc', false],
    ['openrouter', 'sk-or-v1-abc', true],
    ['openrouter', 'sk-ant-abc', false],
    ['deepseek', 'sk-0123', true],
    ['deepseek', 'sk-ant-0123', false],
    ['mistral', 'abcdefghijklmnopqrstuvwxyz012345', true],
    ['mistral', 'sk-abc', false],
  ])('%s and %s: %s', (type, value, fits) => {
    expect(presetOfType(type)?.credentialForm?.test(value)).toBe(fits)
  })

  it('knows a credential of any of them', () => {
    expect(hasKnownForm('gsk_1')).toBe(true)
    expect(hasKnownForm('something')).toBe(false)
  })
})
