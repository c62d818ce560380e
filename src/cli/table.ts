import Table from 'cli-table3'
import { columnsOf } from './text-width.ts'

export interface Column<Row> {
  title: string
  value: (row: Row) => string
  align?: 'left' | 'right'
  /** Columns with a higher number are dropped first when the terminal is narrow; one without is never dropped. */
  dropOrder?: number
}

interface Filled<Row> {
  column: Column<Row>
  cells: string[]
}

// cli-table3 draws borders and colours unless every part of them is taken away.
const borderParts = [
  ...['top', 'top-mid', 'top-left', 'top-right'],
  ...['bottom', 'bottom-mid', 'bottom-left', 'bottom-right'],
  ...['left', 'left-mid', 'mid', 'mid-mid', 'right', 'right-mid', 'middle'],
]
const noBorders = Object.fromEntries(borderParts.map((part) => [part, '']))
const plain = { head: [], border: [], 'padding-left': 0, 'padding-right': 2, compact: true }

/** Columns without borders, two spaces between them, one record a line. Drops whole columns to fit, never cuts. */
export function renderTable<Row>(
  rows: readonly Row[],
  columns: readonly Column<Row>[],
  widthColumns: number,
): string {
  return fitTable(rows, columns, widthColumns).text
}

/** The same, with the titles of the columns that had no room. */
export function fitTable<Row>(
  rows: readonly Row[],
  columns: readonly Column<Row>[],
  widthColumns: number,
): { text: string; hidden: string[] } {
  let filled = columns.map((column) => ({ column, cells: rows.map(column.value) }))
  for (;;) {
    const text = drawn(filled)
    const narrower = withoutLeastImportant(filled)
    if (widthOf(text) <= widthColumns || narrower.length === filled.length) {
      const shown = new Set(filled.map(({ column }) => column))
      return { text, hidden: columns.filter((column) => !shown.has(column)).map(({ title }) => title) }
    }
    filled = narrower
  }
}

/** The terminal's width; in a pipe nothing is dropped. */
export function outputWidth(stream: { isTTY?: boolean; columns?: number }): number {
  return stream.isTTY ? (stream.columns ?? 80) : Number.POSITIVE_INFINITY
}

function drawn<Row>(filled: readonly Filled<Row>[]): string {
  const table = new Table({
    head: filled.map(({ column }) => column.title),
    colAligns: filled.map(({ column }) => column.align ?? 'left'),
    chars: noBorders,
    style: plain,
  })
  const count = filled[0]?.cells.length ?? 0
  for (let row = 0; row < count; row++) table.push(filled.map(({ cells }) => cells[row] ?? ''))
  return table.toString().replace(/[ \t]+$/gm, '')
}

function withoutLeastImportant<Row>(filled: readonly Filled<Row>[]): Filled<Row>[] {
  const orders = filled.flatMap(({ column }) => column.dropOrder ?? [])
  if (orders.length === 0) return [...filled]
  const first = Math.max(...orders)
  return filled.filter(({ column }) => column.dropOrder !== first)
}

function widthOf(text: string): number {
  return Math.max(...text.split('\n').map(columnsOf))
}
