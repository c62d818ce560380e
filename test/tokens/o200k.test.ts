import { describe, expect, it } from 'vitest'
import { countO200k } from '../../src/tokens/o200k.ts'

describe('countO200k', () => {
  // OpenAI cookbook, "How to count tokens with tiktoken", encoding o200k_base.
  it.each([
    ['antidisestablishmentarianism', 6],
    ['2 + 2 = 4', 7],
    ['お誕生日おめでとう', 8],
  ])('counts %s as OpenAI does', (text, tokens) => {
    expect(countO200k(text)).toBe(tokens)
  })

  it('takes the names of special tokens for text', () => {
    expect(countO200k('<|endoftext|>')).toBeGreaterThan(1)
    expect(countO200k('before <|endoftext|> after')).toBeGreaterThan(3)
  })

  it('counts halves of surrogate pairs', () => {
    expect(countO200k('\ud83d')).toBe(countO200k('\ufffd'))
  })
})
