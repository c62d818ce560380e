import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { textDiff } from '../../../src/capture/diff/text-diff.ts'

const lines = (before: string, after: string) => textDiff(before, after).map(({ sign, text }) => sign + text)

describe('a text diff', () => {
  it('shows what went and what came, with two lines around', () => {
    expect(lines('1\n2\n3\n4\n5\n6\n7', '1\n2\n3\nfour\n5\n6\n7')).toEqual([
      ...['…1 line alike', ' 2', ' 3', '-4', '+four', ' 5', ' 6', '…1 line alike'],
    ])
  })

  it('keeps what both have between two changes', () => {
    expect(lines('a\nsame\nb', 'A\nsame\nB')).toEqual(['-a', '+A', ' same', '-b', '+B'])
  })

  it('of two long lines shows where they begin to differ', () => {
    const [went, came] = textDiff(`${'x'.repeat(5000)}left`, `${'x'.repeat(5000)}right`)
    expect(went).toEqual({ sign: '-', text: `…${'x'.repeat(40)}left` })
    expect(came).toEqual({ sign: '+', text: `…${'x'.repeat(40)}right` })
  })

  it('of texts too long to be matched shows all of the one, then all of the other', () => {
    const many = (word: string) => Array.from({ length: 1100 }, (_, at) => `${word} ${at}`).join('\n')
    const shown = textDiff(many('a'), many('b'))
    expect(shown.filter(({ sign }) => sign === '-')).toHaveLength(1100)
    expect(shown.filter(({ sign }) => sign === '+')).toHaveLength(1100)
  })

  it('has every line of both exactly once, in its order', () => {
    const text = fc.array(fc.constantFrom('a', 'b', 'c', ''), { maxLength: 12 }).map((all) => all.join('\n'))
    fc.assert(
      fc.property(text, text, (before, after) => {
        const diff = textDiff(before, after)
        const count = (...signs: string[]) =>
          diff.reduce((sum, line) => {
            const alike = line.sign === '…' ? Number(/^\d+/.exec(line.text)?.[0]) : 0
            return sum + (signs.includes(line.sign) ? 1 : 0) + alike
          }, 0)
        expect(count(' ', '-')).toBe(before.split('\n').length)
        expect(count(' ', '+')).toBe(after.split('\n').length)
        const kept = diff.filter(({ sign }) => sign === '-').map(({ text: gone }) => gone)
        const old = before.split('\n')
        let at = 0
        for (const gone of kept) at = old.indexOf(gone, at) + 1
        expect(at > 0 || kept.length === 0).toBe(true)
      }),
    )
  })
})
