import { describe, expect, it } from 'vitest'
import { headerText, printable, printableJson, printableLines } from '../../src/core/printable.ts'

describe('text for a terminal', () => {
  it.each([
    ['\u001b[31mred', '␛[31mred'],
    ['a\r\nb\u0000', 'a␍␊b␀'],
    ['\u007f', '␡'],
    ['\u009b2J', '\ufffd2J'],
    ['\u202egpj.exe', '\ufffdgpj.exe'],
    ['a\u061cb\u2060c\u00add\ufff9e', 'a\ufffdb\ufffdc\ufffdd\ufffde'],
    ['hidden\u{e0041}\u{e0042}', 'hidden\ufffd\ufffd'],
    ['ü 💥 ok', 'ü 💥 ok'],
  ])('%j is shown as %j', (text, shown) => {
    expect(printable(text)).toBe(shown)
  })

  it('is cut with an ellipsis to its length', () => {
    expect(printable('abcdef', 4)).toBe('abc…')
    expect(printable('abcd', 4)).toBe('abcd')
  })

  it('is cut between characters, never within one', () => {
    expect(printable('ab💥💥', 4)).toBe('ab…')
  })

  it('of several lines keeps them and its tabs, and nothing else that moves the cursor', () => {
    expect(printableLines('a\n\tb\r\u001b[2J\u202e')).toBe('a\n\tb␍␛[2J\ufffd')
  })
})

it('text for a header is visible ASCII of at most 200 bytes', () => {
  expect(headerText('a\r\nx: ü')).toBe('a??x: ?')
  expect(headerText('x'.repeat(300))).toHaveLength(200)
})

describe('JSON for a terminal', () => {
  const evil = { 'k\u009b': 'a\u001b[2J\u007f\u009b1m\u202e\u200b\u2028\u{e0041} ü 💥 漢\n' }

  it.each([undefined, 2])(
    'is the same value, with nothing in it that a terminal obeys (indent %s)',
    (space) => {
      const text = printableJson(evil, space)
      expect(JSON.parse(text)).toEqual(evil)
      expect(text).toContain('ü 💥 漢')
      expect(text).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u200b-\u200f\u2028-\u202e]|\udb40/)
    },
  )
})
