import fc from 'fast-check'
import { expect, it } from 'vitest'
import { matchesGlob } from '../../src/core/glob.ts'

it.each([
  ['gpt-4*', 'gpt-4o', true],
  ['gpt-4*', 'gpt-4', true],
  ['gpt-4?', 'gpt-4', false],
  ['gpt-4?', 'gpt-4o', true],
  ['*', '', true],
  ['', '', true],
  ['', 'a', false],
  ['*mini*', 'gpt-4o-mini-2', true],
  ['a*b*c', 'a-b-b-c', true],
  ['a*b*c', 'a-b-b-d', false],
  ['gpt.4', 'gpt-4', false],
  ['[a]', 'a', false],
])('%s matches %s: %s', (pattern, text, matches) => {
  expect(matchesGlob(pattern, text)).toBe(matches)
})

it('matches as a regular expression of the same meaning does', () => {
  const letters = (characters: string) => fc.string({ unit: fc.constantFrom(...characters), maxLength: 8 })
  fc.assert(
    fc.property(letters('ab*?'), letters('ab'), (pattern, text) => {
      const expression = new RegExp(`^${pattern.replace(/\*+/g, '.*').replaceAll('?', '.')}$`)
      expect(matchesGlob(pattern, text)).toBe(expression.test(text))
    }),
  )
})

it('cannot be made slow', () => {
  const startedMs = performance.now()
  expect(matchesGlob(`${'*a'.repeat(100)}b`, 'a'.repeat(10_000))).toBe(false)
  expect(performance.now() - startedMs).toBeLessThan(500)
})
