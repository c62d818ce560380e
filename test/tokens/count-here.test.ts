import { describe, expect, it } from 'vitest'
import { countHere } from '../../src/tokens/count-here.ts'
import { countO200k } from '../../src/tokens/o200k.ts'
import { longTexts } from './long-texts.ts'

describe('countHere', () => {
  // OpenAI cookbook, "How to count tokens with tiktoken", encoding o200k_base.
  it.each([
    ['antidisestablishmentarianism', 6],
    ['2 + 2 = 4', 7],
    ['お誕生日おめでとう', 8],
  ])('counts %s as OpenAI does', (text, tokens) => {
    expect(countHere(text)).toBe(tokens)
  })

  it('takes the names of special tokens for text', () => {
    expect(countHere('before <|endoftext|> after')).toBeGreaterThan(3)
  })

  it('counts a long text by parts from all over it', () => {
    const prose = 'The quick brown fox jumps over the lazy dog. '.repeat(2_000)
    const numbers = '3.14159,2.71828,1.41421,'.repeat(2_000)
    const halves = prose + numbers
    const off = Math.abs(countHere(halves) / countO200k(halves) - 1)
    expect(off).toBeLessThan(0.1)
  })

  it.each(Object.keys(longTexts))('looks at no more of %s for being long', (name) => {
    const text = longTexts[name] ?? ''
    const tokens = countHere(text)
    expect(tokens).toBeGreaterThan(0)
    expect(countHere(text.repeat(50)) / tokens).toBeCloseTo(50, -1)
  })
})
