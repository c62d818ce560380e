import { describe, expect, it } from 'vitest'
import { DecimalMarks, readNumber } from '../../../../src/usage/reconcile/invoice/numbers.ts'

describe('a number on an invoice', () => {
  it.each([
    ['1234.5', 1234.5, null],
    ['1,234.50', 1234.5, null],
    ['1.234,50', null, 1234.5],
    ['1.234', 1.234, 1234],
    ['1,234', 1234, 1.234],
    ['12', 12, 12],
    ['0.123', 0.123, null],
    ['0,123', null, 0.123],
    ['0,123.5', null, null],
    ['-00.123', -0.123, null],
    ['$0.0123', 0.0123, null],
    ['US$ 1,234', 1234, 1.234],
    ['1 234,56 €', null, 1234.56],
    ["1'234.56", 1234.56, null],
    ['-0.5', -0.5, null],
    ['(1.20)', -1.2, null],
    ['1.2e-05', 0.000012, null],
    ['.5', 0.5, null],
    ['', 0, 0],
    ['—', 0, 0],
    ['null', 0, 0],
    ['1,23,4', null, null],
    ['12 tokens', null, null],
    ['1.2.3', null, null],
  ])('%s is %s with a point and %s with a comma', (text, dot, comma) => {
    const { dot: withDot, comma: withComma } = readNumber(text)
    expect(withDot?.value ?? null).toBe(dot)
    expect(withComma?.value ?? null).toBe(comma)
  })
})

describe('the decimal mark of a file', () => {
  const marks = (...texts: string[]) => {
    const learned = new DecimalMarks()
    for (const [index, text] of texts.entries()) learned.read(text, index + 2, 'cost')
    return learned
  }

  it('is what all of its numbers can have', () => {
    expect(marks('1.234', '0.5').decided('comma')).toBe('dot')
    expect(marks('1.234', '0,5').decided('dot')).toBe('comma')
  })

  it('is the usual one where every number can have either', () => {
    expect(marks('1.234', '17').decided('dot')).toBe('dot')
    expect(marks('1.234', '17').decided('comma')).toBe('comma')
  })

  it('cannot be both: the lines that say so are named', () => {
    expect(() => marks('1.5', '2', '1,5').decided('dot')).toThrow(
      'numbers are written in two ways: 1.5 in line 2, 1,5 in line 4',
    )
  })

  it('is not looked for in what is no number', () => {
    expect(() => marks('1.5', 'abc')).toThrow('line 3: cost is "abc", no number')
  })
})
