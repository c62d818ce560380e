import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { stringify } from 'yaml'
import { leavesOf } from '../../src/config/origins.ts'
import { parseYaml } from '../../src/config/yaml-file.ts'

describe('reading YAML', () => {
  test('gives places with which each value can be found again in the text', () => {
    const word = fc.stringMatching(/^[a-z][a-z0-9_]{2,8}$/)
    const tree = fc.dictionary(
      word,
      fc.oneof(fc.integer(), fc.dictionary(word, fc.integer(), { minKeys: 1 })),
      { minKeys: 1 },
    )
    fc.assert(
      fc.property(tree, (value) => {
        const text = stringify(value)
        const file = parseYaml(text)
        expect(file.faults).toEqual([])
        for (const leaf of leavesOf(value)) {
          const { line, column } = file.place(leaf.path)
          expect(Number.parseInt(text.split('\n')[line - 1]?.slice(column - 1) ?? '', 10)).toBe(leaf.value)
          const key = file.place(leaf.path, true)
          const written = text.split('\n')[key.line - 1]?.slice(key.column - 1)
          expect(written?.replaceAll('"', '')).toMatch(new RegExp(`^${leaf.path.at(-1)}:`))
        }
      }),
    )
  })

  test('never throws, whatever the text', () => {
    const yamlish = fc.string({ unit: fc.constantFrom(...'ab: -\n[]{}&*!|>"\'#%@,?\t<'), maxLength: 60 })
    fc.assert(
      fc.property(fc.oneof(fc.string(), yamlish), (text) => {
        const { faults, place } = parseYaml(text)
        for (const fault of faults) expect(fault.line).toBeGreaterThan(0)
        expect(place(['a', 0, 'b']).line).toBeGreaterThan(0)
      }),
      { numRuns: 500 },
    )
  })

  test.each([
    ['a: off\nb: yes\nc: 1e3', { a: 'off', b: 'yes', c: 1000 }],
    ['\ufeffa: 1\r\nb: 2\r\n', { a: 1, b: 2 }],
    ['', undefined],
    ['# only a comment', undefined],
  ])('%j', (text, tree) => {
    expect(parseYaml(text)).toMatchObject({ faults: [] })
    expect(parseYaml(text).tree).toEqual(tree)
  })

  test('an unknown tag and a second document are faults', () => {
    expect(parseYaml('a: !secret x').faults).toHaveLength(1)
    expect(parseYaml('a: 1\n---\na: 2').faults).toHaveLength(1)
  })
})
