import { describe, expect, it } from 'vitest'
import { ProxyError } from '../../src/core/errors.ts'
import type { ProviderFamily } from '../../src/core/protocol.ts'
import { targetName } from '../../src/core/target.ts'
import { findModelEntry, modelEntries } from '../../src/models/model-entries.ts'
import { aBackend } from '../support/a-backend.ts'

const backends = [
  aBackend('groq', { models: ['llama'] }),
  aBackend('openai', { models: ['gpt-4o', 'gpt-4o-mini'] }),
  aBackend('openai.eu', { models: ['gpt-4o'] }),
  aBackend('anthropic', { models: ['claude'] }),
  aBackend('mistral'),
]

function entriesFor(family: ProviderFamily, refused: readonly string[] = []) {
  return modelEntries({
    family,
    backends,
    listOf: ({ models }) => (models.length > 0 ? models : undefined),
    mayUse: (target) => !refused.includes(targetName(target)),
  })
}

const ids = (family: ProviderFamily, refused?: readonly string[]) =>
  entriesFor(family, refused).map(({ id }) => id)

describe('modelEntries', () => {
  it("has the own provider's models bare and first, others with their backend", () => {
    expect(ids('openai')).toEqual(['gpt-4o', 'gpt-4o-mini', 'groq:llama', 'openai.eu:gpt-4o'])
  })

  it("has only backends that speak the family's protocols", () => {
    expect(ids('anthropic')).toEqual(['claude'])
    expect(ids('gemini')).toEqual([])
  })

  it('leaves out what the access key may not use', () => {
    expect(ids('openai', ['openai:gpt-4o', 'groq:llama'])).toEqual(['gpt-4o-mini', 'openai.eu:gpt-4o'])
  })
})

describe('findModelEntry', () => {
  const entries = entriesFor('openai')

  it.each([
    ['gpt-4o', 'openai:gpt-4o'],
    ['openai:gpt-4o', 'openai:gpt-4o'],
    ['openai.eu:gpt-4o', 'openai.eu:gpt-4o'],
    ['models/groq:llama', 'groq:llama'],
  ])('finds %s', (id, target) => {
    expect(targetName(findModelEntry(entries, id).target)).toBe(target)
  })

  it('names the nearest model when there is none of that name', () => {
    expect(() => findModelEntry(entries, 'gpt-4p')).toThrow(/"gpt-4p"; did you mean gpt-4o\?/)
    expect(() => findModelEntry(entries, 'something-else')).toThrow(/GET \/v1\/models/)
    try {
      findModelEntry(entries, 'x')
      expect.unreachable()
    } catch (error) {
      expect(error).toBeInstanceOf(ProxyError)
      expect(error).toMatchObject({ code: 'unknown_model', status: 404, param: 'model' })
    }
  })
})
