import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { columnsOf, cutToColumns, padToColumns, piecesOfColumns } from '../../src/cli/text-width.ts'

describe('the columns of a text', () => {
  it.each([
    ['', 0],
    ['plain — ascii', 13],
    ['漢字', 4],
    ['ｶﾅ', 2],
    ['カナ', 4],
    ['한글', 4],
    ['💥', 2],
    ['✅', 2],
    ['e\u0301', 1],
    ['ü§', 2],
    ['␛[31m', 5],
    ['Ω я ü', 5],
  ])('%j takes %i', (text, columns) => {
    expect(columnsOf(text)).toBe(columns)
  })

  it.each([
    ['漢字漢字', 8, '漢字漢字'],
    ['漢字漢字', 7, '漢字漢…'],
    ['漢字漢字', 6, '漢字…'],
    ['a💥b', 3, 'a…'],
    ['abc', 2, 'a…'],
  ])('%j in %i is %j', (text, columns, cut) => {
    expect(cutToColumns(text, columns)).toBe(cut)
  })

  it('are filled up as a terminal counts them', () => {
    expect([padToColumns('漢', 4), padToColumns('漢', 4, 'right'), padToColumns('abcde', 4)]).toEqual([
      ...['漢  ', '  漢', 'abcde'],
    ])
  })

  it('are never exceeded by what is cut or broken, and nothing is lost that is broken', () => {
    const text = fc.string({ unit: fc.constantFrom('a', 'é', '漢', '💥', '\u0301', ' ', '…') })
    fc.assert(
      fc.property(text, fc.integer({ min: 2, max: 20 }), (some, columns) => {
        expect(columnsOf(cutToColumns(some, columns))).toBeLessThanOrEqual(columns)
        const pieces = piecesOfColumns(some, columns)
        expect(pieces.join('')).toBe(some)
        for (const piece of pieces) expect(columnsOf(piece)).toBeLessThanOrEqual(columns)
      }),
    )
  })
})
