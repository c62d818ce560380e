import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Json } from '../../src/core/json.ts'
import { parseModelList } from '../../src/models/parse-model-list.ts'

describe('parseModelList', () => {
  it.each<[string, Json]>([
    [
      'OpenAI',
      {
        object: 'list',
        data: [
          { id: 'a', object: 'model', created: 1, owned_by: 'openai' },
          { id: 'b', object: 'model', created: 2, owned_by: 'system' },
        ],
      },
    ],
    [
      'Anthropic',
      {
        data: [
          { type: 'model', id: 'a', display_name: 'A', created_at: '2025-02-19T00:00:00Z' },
          { type: 'model', id: 'b', display_name: 'B', created_at: '2025-02-19T00:00:00Z' },
        ],
        has_more: false,
        first_id: 'a',
        last_id: 'b',
      },
    ],
    ['Gemini', { models: [{ name: 'models/a', version: '001' }, { name: 'models/b' }] }],
    ["chatgpt's Codex backend", { models: [{ slug: 'a' }, { slug: 'b' }] }],
    ['Together', [{ id: 'a' }, { id: 'b' }]],
  ])('reads the list of %s', (_, body) => {
    expect(parseModelList(body)).toEqual(['a', 'b'])
  })

  it('keeps slashes and colons, which are part of a name', () => {
    expect(parseModelList({ data: [{ id: 'meta/llama:free' }] })).toEqual(['meta/llama:free'])
  })

  it('takes an empty list for an answer, and anything else for none', () => {
    expect(parseModelList({ data: [] })).toEqual([])
    expect(parseModelList({ error: { message: 'no' } })).toBeUndefined()
    expect(parseModelList('text')).toBeUndefined()
  })

  it('leaves out what is no name, doubles, and names too long to be asked for', () => {
    const data = [null, 3, {}, { id: 5 }, { id: '' }, { id: 'a' }, { id: 'a' }, { id: 'x'.repeat(257) }]
    expect(parseModelList({ data })).toEqual(['a'])
  })

  it('is bounded', () => {
    const data = Array.from({ length: 10_001 }, (_, i) => ({ id: `m${i}` }))
    expect(parseModelList({ data })).toHaveLength(10_000)
  })

  it('reads any JSON without throwing', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        for (const body of [value, { data: value }, { models: value }, { data: [value] }] as Json[]) {
          const models = parseModelList(body)
          expect(models === undefined || models.every((model) => typeof model === 'string')).toBe(true)
        }
      }),
    )
  })
})
