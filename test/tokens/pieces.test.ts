import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { countO200k } from '../../src/tokens/o200k.ts'
import { longestPiece, pieces } from '../../src/tokens/pieces.ts'
import { longTexts } from './long-texts.ts'

const countByPieces = (text: string) => [...pieces(text)].reduce((sum, piece) => sum + countO200k(piece), 0)
const projectFile = (path: string) => readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8')

describe('pieces', () => {
  it.each(Object.entries(longTexts))('cuts a long run of %s into pieces of bounded length', (_, text) => {
    const cut = [...pieces(text)]
    expect(cut.join('')).toBe(text)
    expect(Math.max(...cut.map((piece) => piece.length))).toBeLessThanOrEqual(longestPiece)
    // No piece but the last is short, so the number of pieces is bounded too.
    expect(Math.min(...cut.slice(0, -1).map((piece) => piece.length))).toBeGreaterThanOrEqual(
      longestPiece / 2 - 1,
    )
  })

  it('keeps short texts whole and gives nothing for an empty one', () => {
    expect([...pieces('Hello, world')]).toEqual(['Hello, world'])
    expect([...pieces('')]).toEqual([])
  })

  it('never splits a surrogate pair', () => {
    for (const piece of pieces(`x${'😀'.repeat(1000)}`)) {
      expect(Buffer.from(piece).toString()).toBe(piece)
    }
  })

  it('changes no count of prose, code and minified JSON', () => {
    const texts = [
      projectFile('ARCHITECTURE.md'),
      projectFile('src/core/losses.ts'),
      JSON.stringify(JSON.parse(projectFile('package-lock.json'))).slice(0, 60_000),
    ]
    expect(texts.map(countByPieces)).toEqual(texts.map(countO200k))
  })

  it('changes no count of words, whatever stands between them', () => {
    const word = fc.stringMatching(/^[a-zA-Z0-9äßжя的]{1,12}$/)
    const mark = fc.constantFrom('\u0301', '\u20dd', '\u093f')
    const between = fc.constantFrom(
      ' ',
      '  ',
      '\n',
      '.\n\n',
      ', ',
      "'s ",
      "'",
      '’',
      '/',
      '":"',
      ' 😀',
      '\t',
      ' - ',
    )
    const text = fc
      .array(fc.tuple(word, fc.option(mark, { nil: '', freq: 4 }), between), {
        minLength: 80,
        maxLength: 400,
      })
      .map((parts) => parts.flat().join(''))
    fc.assert(
      fc.property(text, (words) => {
        expect(countByPieces(words)).toBe(countO200k(words))
      }),
    )
  })

  it('never cuts within a word, wherever the piece is full', () => {
    const words = "don't he'll e\u0301te\u0301 हिन्दी में 𝐀𝐁𝐂 naïve 2024-11-26 "
    for (let shift = 0; shift < words.length; shift++) {
      const text = words.repeat(30).slice(shift)
      expect(countByPieces(text), `shifted by ${shift}`).toBe(countO200k(text))
    }
  })

  it('adds at most a token for each cut where there is no end of a word', () => {
    const text = longTexts['random letters']?.slice(0, 4096) ?? ''
    const cuts = [...pieces(text)].length - 1
    const difference = countByPieces(text) - countO200k(text)
    expect(cuts).toBe(7)
    expect(difference).toBeGreaterThanOrEqual(0)
    expect(difference).toBeLessThanOrEqual(cuts)
  })
})
