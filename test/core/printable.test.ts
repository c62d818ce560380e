import { describe, expect, it } from 'vitest'
import { headerText, printable } from '../../src/core/printable.ts'

describe('text for a terminal', () => {
  it.each([
    ['\u001b[31mred', '␛[31mred'],
    ['a\r\nb\u0000', 'a␍␊b␀'],
    ['\u007f', '␡'],
    ['\u009b2J', '\ufffd2J'],
    ['\u202egpj.exe', '\ufffdgpj.exe'],
    ['ü 💥 ok', 'ü 💥 ok'],
  ])('%j is shown as %j', (text, shown) => {
    expect(printable(text)).toBe(shown)
  })

  it('is cut with an ellipsis to its length', () => {
    expect(printable('abcdef', 4)).toBe('abc…')
    expect(printable('abcd', 4)).toBe('abcd')
  })
})

it('text for a header is visible ASCII of at most 200 bytes', () => {
  expect(headerText('a\r\nx: ü')).toBe('a??x: ?')
  expect(headerText('x'.repeat(300))).toHaveLength(200)
})
