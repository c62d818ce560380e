import { expect, it } from 'vitest'
import { beside, box } from '../../src/tui/box.ts'
import { cell, ends, line, sized, span, textOf, widthOf } from '../../src/tui/lines.ts'

it('a line is cut with an ellipsis or filled up, to the column, whatever its pieces and letters', () => {
  const spans = line(span('日本', 'good'), span('語 abc', 'bad'), 'd')
  for (let width = 0; width < 16; width++) {
    const text = sized(spans, width)
    expect(widthOf(text)).toBe(width)
    if (width > 0 && width < 10) expect(textOf(text)).toContain('…')
  }
  expect(textOf(sized(spans, 11))).toBe('日本語 abcd')
})

it('of two texts at the ends the left one gives way', () => {
  expect(textOf(ends(line('left side'), line('right'), 12))).toBe('left s…right')
  expect(textOf(ends(line('left'), line('right'), 12))).toBe('left   right')
  expect(textOf(ends(line('left'), line('right'), 4))).toBe('rig…')
})

it('a cell has its width and keeps its style', () => {
  expect(cell(span('12', 'warn'), 4, 'right')).toEqual({ text: '  12', style: 'warn' })
  expect(cell(span('abcdef'), 4)).toEqual({ text: 'abc…' })
})

it('a box is as large as asked, with the title in its border, and a note where it has room', () => {
  const settings = { title: line('Title'), note: line('note'), height: 4 }
  const drawn = (width: number) =>
    box([line('one'), line('a longer line')], { ...settings, width }).map(textOf)
  expect(drawn(24)).toEqual([
    '╭─ Title ─────── note ─╮',
    '│one                   │',
    '│a longer line         │',
    '╰──────────────────────╯',
  ])
  expect(drawn(12)).toEqual(['╭─ Title ──╮', '│one       │', '│a longer …│', '╰──────────╯'])
  for (let width = 2; width < 30; width++) {
    for (const one of box([], { ...settings, width })) expect(widthOf(one)).toBe(width)
  }
})

it('boxes stand beside each other', () => {
  const one = box([], { title: line('a'), width: 8, height: 3 })
  expect(beside(one, one).map(textOf)[0]).toBe('╭─ a ──╮╭─ a ──╮')
})
