import { expect, test } from 'vitest'
import { type Column, outputWidth, renderTable } from '../../src/cli/table.ts'

interface Row {
  name: string
  tokens: number
  note: string
}
const columns: readonly Column<Row>[] = [
  { title: 'NAME', value: ({ name }) => name },
  { title: 'TOKENS', value: ({ tokens }) => String(tokens), align: 'right', dropOrder: 1 },
  { title: 'NOTE', value: ({ note }) => note, dropOrder: 2 },
]
const rows = [
  { name: 'gpt', tokens: 5, note: 'long enough' },
  { name: 'claude', tokens: 12345678, note: '' },
]

test('columns line up, numbers to the right, without trailing spaces', () => {
  expect(renderTable(rows, columns, 80)).toBe(
    ['NAME      TOKENS  NOTE', 'gpt            5  long enough', 'claude  12345678'].join('\n'),
  )
})

test('a narrow terminal drops columns in their order and never cuts one', () => {
  expect(renderTable(rows, columns, 20)).toBe(
    ['NAME      TOKENS', 'gpt            5', 'claude  12345678'].join('\n'),
  )
  expect(renderTable(rows, columns, 1)).toBe('NAME\ngpt\nclaude')
})

test('without rows the header is left', () => {
  expect(renderTable([], columns, 80)).toBe('NAME  TOKENS  NOTE')
})

test('a pipe has room for everything, a terminal for its columns', () => {
  expect(outputWidth({ columns: 40 })).toBe(Number.POSITIVE_INFINITY)
  expect(outputWidth({ isTTY: true, columns: 40 })).toBe(40)
})
