import { describe, expect, it } from 'vitest'
import { modelAnswer, modelListAnswer } from '../../src/models/model-shapes.ts'
import { aBackend } from '../support/a-backend.ts'

const entries = [
  { id: 'a', target: { backend: aBackend('openai'), model: 'a' } },
  { id: 'groq:b', target: { backend: aBackend('groq'), model: 'b' } },
]

describe('a list of models', () => {
  it("has OpenAI's shape", () => {
    expect(modelListAnswer('openai', entries)).toEqual({
      object: 'list',
      data: [
        { id: 'a', object: 'model', created: 0, owned_by: 'openai' },
        { id: 'groq:b', object: 'model', created: 0, owned_by: 'groq' },
      ],
    })
  })

  it("has Anthropic's shape", () => {
    const created_at = '1970-01-01T00:00:00Z'
    expect(modelListAnswer('anthropic', entries)).toEqual({
      data: [
        { type: 'model', id: 'a', display_name: 'a', created_at },
        { type: 'model', id: 'groq:b', display_name: 'groq:b', created_at },
      ],
      has_more: false,
      first_id: 'a',
      last_id: 'groq:b',
    })
    expect(modelListAnswer('anthropic', [])).toEqual({
      data: [],
      has_more: false,
      first_id: null,
      last_id: null,
    })
  })

  it("has Gemini's shape", () => {
    expect(modelListAnswer('gemini', entries)).toMatchObject({
      models: [{ name: 'models/a', displayName: 'a' }, { name: 'models/groq:b' }],
    })
  })
})

describe('one model', () => {
  it.each(['openai', 'anthropic', 'gemini'] as const)('is as in the list, for %s', (family) => {
    const list = modelListAnswer(family, entries.slice(0, 1))
    const [only] = Object.values(list).find(Array.isArray) ?? []
    expect(modelAnswer(family, entries[0]!)).toEqual(only)
  })
})
