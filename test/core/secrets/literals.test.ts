import fc from 'fast-check'
import { expect, test } from 'vitest'
import { Literals } from '../../../src/core/secrets/literals.ts'

const literals = [
  ...['sk-', 'sig', 'skk', '=', '://'].map((text) => ({ text, ignoresCase: false })),
  ...['bearer', 'x-key', 'key'].map((text) => ({ text, ignoresCase: true })),
]
const present = (text: string) => new Literals(literals).presentIn(text) ?? literals.map(() => false)
const expected = (text: string) =>
  literals.map(({ text: literal, ignoresCase }) => {
    // Of ASCII only: other characters are no form of these.
    const plain = text.replace(/[A-Z]/g, (letter) => (ignoresCase ? letter.toLowerCase() : letter))
    return plain.includes(literal)
  })

test.each([
  '',
  's',
  'sk-',
  'xsk-',
  'skk-',
  'a=b',
  'BeArEr',
  'X-Key',
  'xkeY',
  'http://',
  ':/',
  '\u00e9sk-',
  'ssig',
])('literals are found where they stand, those without case in any: %s', (text) => {
  expect(present(text)).toEqual(expected(text))
})

test('whatever the text is, those are found that it has', () => {
  const piece = fc.constantFrom(
    's',
    'sk',
    'sk-',
    'K',
    'k',
    'key',
    'KEY',
    'x-',
    'bea',
    'rer',
    'BEARER',
    '=',
    ':',
    '/',
    'si',
    'g',
    '\u00e9',
  )
  fc.assert(
    fc.property(fc.array(fc.oneof(piece, fc.string({ maxLength: 3 }))), (pieces) => {
      const text = pieces.join('')
      expect(present(text)).toEqual(expected(text))
    }),
    { numRuns: 1000 },
  )
})
