import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { jsonDifferences } from '../../../src/capture/diff/json-differences.ts'
import type { Json } from '../../../src/core/json.ts'

const pathsOf = (before: Json, after: Json) => [...jsonDifferences(before, after)].map(({ path }) => path)

describe('differences of JSON', () => {
  it('are told by their paths, in the order of the first', () => {
    const before = { model: 'a', messages: [{ role: 'user', content: 'Hi' }], n: 1 }
    const after = { n: 2, messages: [{ role: 'user', content: 'Ho' }, { role: 'assistant' }], 'a b': true }
    expect([...jsonDifferences(before, after)]).toEqual([
      { path: 'model', before: 'a', after: undefined },
      { path: 'messages[0].content', before: 'Hi', after: 'Ho' },
      { path: 'messages[1]', before: undefined, after: { role: 'assistant' } },
      { path: 'n', before: 1, after: 2 },
      { path: '["a b"]', before: undefined, after: true },
    ])
  })

  it('are none where only the order of members differs', () => {
    expect(pathsOf({ a: 1, b: { c: [], d: null } }, { b: { d: null, c: [] }, a: 1 })).toEqual([])
  })

  it('of another kind are one difference', () => {
    expect(pathsOf({ a: [1] }, { a: { 0: 1 } })).toEqual(['a'])
    expect(pathsOf({ a: null }, { a: {} })).toEqual(['a'])
  })

  it('do not take a member of every object for one of its own', () => {
    expect(pathsOf({ constructor: 1 }, {})).toEqual(['constructor'])
    expect(pathsOf(JSON.parse('{"__proto__": {"a": 1}}'), {})).toEqual(['__proto__'])
  })

  it('are found in what is nested without end', () => {
    const nested = (inner: string) => JSON.parse(`${'['.repeat(50_000)}${inner}${']'.repeat(50_000)}`) as Json
    expect(pathsOf(nested('1'), nested('2'))).toHaveLength(1)
  })

  it('are there exactly where the values are not equal', () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 4 }), fc.jsonValue({ maxDepth: 4 }), (one, other) => {
        const [before, after] = [one, other].map((value) => JSON.parse(JSON.stringify(value)) as Json)
        expect(pathsOf(before as Json, before as Json)).toEqual([])
        const differs = !isDeepEqual(before, after)
        expect(pathsOf(before as Json, after as Json).length > 0).toBe(differs)
      }),
    )
  })
})

/** The standard library's word for it. */
function isDeepEqual(one: unknown, other: unknown): boolean {
  try {
    expect(one).toEqual(other)
    return true
  } catch {
    return false
  }
}
