import { describe, expect, it } from 'vitest'
import { changesNothing, readRule, ruleText } from '../../src/replacement/rule.ts'

const isBackend = (name: string) => ['openai', 'openai.eu', 'ollama'].includes(name)
const ruleFrom = (from_pattern: string) =>
  readRule({ from_pattern, to_backend: 'ollama', to_model: 'llama3:8b' }, isBackend)
const at = (backend: string, model: string, backendType = backend.split('.')[0] ?? backend) => ({
  ...{ backend, model, backendType },
})

describe('a rule', () => {
  it.each([
    ['*', at('openai', 'gpt-4o'), true],
    ['gpt-4', at('openai', 'gpt-4o-mini'), true],
    ['GPT-4', at('openai', 'gpt-4o-mini'), false],
    ['openai:gpt-4o', at('openai', 'gpt-4o'), true],
    ['openai:gpt-4o', at('openai', 'gpt-4o-mini'), false],
    ['openai:gpt-4o', at('ollama', 'gpt-4o'), false],
    ['openai:gpt-4o', at('openai.eu', 'gpt-4o'), true],
    ['openai.eu:gpt-4o', at('openai.us', 'gpt-4o'), false],
    ['llama3:8', at('ollama', 'llama3:8b'), true],
    ['ollama:llama3:8b', at('ollama', 'llama3:8b'), true],
    [':8b', at('ollama', 'llama3:8b'), true],
    ['gpt.4', at('openai', 'gpt-4o'), false],
  ])('from %s meets %o: %s', (from, asked, expected) => {
    expect(ruleFrom(from).matches(asked)).toBe(expected)
  })

  it('is called as the flag writes it', () => {
    expect(ruleFrom('*').text).toBe('*=ollama:llama3:8b')
    expect(ruleText({ from_pattern: 'a=b', to_backend: 'x', to_model: 'y' })).toBe('a=b=x:y')
  })

  it.each([
    [at('ollama', 'llama3:8b'), true],
    [at('ollama.gpu', 'llama3:8b'), true],
    [at('ollama', 'llama3:70b'), false],
    [at('openai', 'llama3:8b'), false],
  ])('would change nothing for %o: %s', (asked, expected) => {
    expect(changesNothing(ruleFrom('*'), asked)).toBe(expected)
  })
})
