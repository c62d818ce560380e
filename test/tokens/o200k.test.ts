import fc from 'fast-check'
import { countTokens } from 'gpt-tokenizer/encoding/o200k_base'
import { O200K_TOKEN_SPLIT_REGEX } from 'gpt-tokenizer/encodingParams/constants'
import { describe, expect, it } from 'vitest'
import { countO200k } from '../../src/tokens/o200k.ts'
import { wordPattern } from '../../src/tokens/word-pattern.ts'

describe('countO200k', () => {
  // OpenAI cookbook, "How to count tokens with tiktoken", encoding o200k_base.
  it.each([
    ['antidisestablishmentarianism', 6],
    ['2 + 2 = 4', 7],
    ['お誕生日おめでとう', 8],
  ])('counts %s as OpenAI does', (text, tokens) => {
    expect(countO200k(text)).toBe(tokens)
  })

  it('cuts words by the pattern that another tokenizer has', () => {
    expect(wordPattern.source).toBe(O200K_TOKEN_SPLIT_REGEX.source)
  })

  it('takes the names of special tokens for text', () => {
    expect(countO200k('<|endoftext|>')).toBeGreaterThan(1)
    expect(countO200k('before <|endoftext|> after')).toBeGreaterThan(3)
  })

  it('counts halves of surrogate pairs', () => {
    expect(countO200k('\ud83d')).toBe(countO200k('\ufffd'))
  })

  it('counts every text as another tokenizer does', () => {
    const asPlainText = { disallowedSpecial: new Set<string>() }
    const atom = fc.oneof(
      fc.constantFrom(
        ...[
          ' ',
          '  ',
          '\n',
          "'s",
          '\u00a0',
          '\u0301',
          '\ud800',
          '\udc00',
          '😀',
          '日本語',
          'Привет',
          'हिन्दी',
          'ſ',
        ],
        ...[
          '<|endoftext|>',
          'Hello',
          'antidisestablishmentarianism',
          '12345',
          '\u200d',
          '\x85',
          'ǅ',
          'base64+/=',
        ],
      ),
      // The other one loses a byte order mark within a word.
      fc.string({ unit: 'binary', maxLength: 8 }).map((text) => text.replaceAll('\ufeff', '')),
      fc.string({ unit: 'grapheme-ascii', maxLength: 40 }),
    )
    fc.assert(
      fc.property(fc.array(atom, { maxLength: 10 }), (atoms) => {
        const text = atoms.join('')
        expect(countO200k(text)).toBe(countTokens(text, asPlainText))
      }),
      { numRuns: 200 },
    )
  })

  it('counts a word that it has counted before alike, and one that took its place', () => {
    const words = Array.from({ length: 20_000 }, (_, index) => ` zq${index.toString(36)}xw`)
    const counts = words.map(countO200k)
    expect(words.map(countO200k)).toEqual(counts)
    expect(countO200k(words.join(''))).toBe(counts.reduce((sum, tokens) => sum + tokens))
  })
})
