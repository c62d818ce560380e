import fc from 'fast-check'
import { expect, it } from 'vitest'
import { wrapped } from '../../src/cli/wrapped.ts'

it('breaks between words, and keeps what fits together', () => {
  expect(wrapped('one two three four', 9)).toEqual(['one two', 'three', 'four'])
  expect(wrapped('one  two', 80)).toEqual(['one  two'])
  expect(wrapped('a verylongword b', 6)).toEqual(['a', 'verylongword', 'b'])
  expect(wrapped('', 10)).toEqual([''])
  expect(wrapped('never broken in a pipe', Number.POSITIVE_INFINITY)).toEqual(['never broken in a pipe'])
})

it('loses no word, and no line is too wide but for a word that is', () => {
  const word = fc.string({ minLength: 1, maxLength: 12 }).filter((text) => !text.includes(' '))
  fc.assert(
    fc.property(fc.array(word, { minLength: 1 }), fc.integer({ min: 1, max: 40 }), (words, width) => {
      const lines = wrapped(words.join(' '), width)
      expect(lines.join(' ')).toBe(words.join(' '))
      for (const line of lines) expect(line.length <= width || !line.includes(' ')).toBe(true)
    }),
  )
})
