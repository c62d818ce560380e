import fc from 'fast-check'
import { O200K_TOKEN_SPLIT_REGEX } from 'gpt-tokenizer/encodingParams/constants'
import { describe, expect, it } from 'vitest'
import { asciiWordEnd } from '../../src/tokens/ascii-words.ts'

function wordsOf(text: string): string[] {
  const bytes = Buffer.from(text, 'latin1')
  const words: string[] = []
  for (let start = 0; start < bytes.length; ) {
    const end = asciiWordEnd(bytes, start, bytes.length)
    words.push(text.slice(start, end))
    start = end
  }
  return words
}

describe('asciiWordEnd', () => {
  it('ends words where OpenAI’s pattern does, after any pair of characters', () => {
    const all = Array.from({ length: 128 }, (_, code) => String.fromCharCode(code))
    for (const first of all) {
      for (const second of all) {
        const text = `a${first}${second}B${second}${first}7 ${first}`
        expect(wordsOf(text)).toEqual(text.match(O200K_TOKEN_SPLIT_REGEX))
      }
    }
  })

  it('ends words where OpenAI’s pattern does in texts of all that it tells apart', () => {
    const atom = fc.constantFrom(
      ...["'s", "'LL", "'Re", "'", ' ', '  ', '\n', '\r\n', '\t', '\v', '/', '.', '!?', '\x1f', '\0'],
      ...['a', 'Hello', 'WORLD', 'aB', '1', '123', '45678', '_'],
    )
    fc.assert(
      fc.property(fc.array(atom, { maxLength: 30 }), (atoms) => {
        const text = atoms.join('')
        expect(wordsOf(text)).toEqual(text.match(O200K_TOKEN_SPLIT_REGEX) ?? [])
      }),
      { numRuns: 500 },
    )
  })
})
