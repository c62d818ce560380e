import { columnsOf, cutToColumns, padToColumns } from '../../text-width.ts'

/** A column of lines. Where they are printed as they come, its width is fixed beforehand. */
export interface LineColumn<Row> {
  title: string
  width: number
  value: (row: Row) => string
  align?: 'left' | 'right'
  /** Columns with a higher number are left out first where there is no room; one without is never. */
  dropOrder?: number
  /** The last column takes what room is left; it is words, and may be cut. */
  isLast?: boolean
  /** It is words, which may be cut to this where leaving out others was not enough. */
  leastWidth?: number
}

export interface LineLayout<Row> {
  head: string
  line: (row: Row) => string
  hidden: string[]
}

const leastLast = 16

/** Columns as wide as these rows need; one that is empty in all of them is left out, if it ever may be. */
export function fittedColumns<Row>(
  columns: readonly LineColumn<Row>[],
  rows: readonly Row[],
): LineColumn<Row>[] {
  return columns.flatMap((column) => {
    const longest = Math.max(0, ...rows.map((row) => columnsOf(column.value(row))))
    if (longest === 0 && column.isLast) return []
    return [{ ...column, width: Math.max(column.title.length, longest) }]
  })
}

/** Leaves out whole columns until a line fits, then cuts words; cells longer than their column push the others. */
export function lineLayout<Row>(columns: readonly LineColumn<Row>[], width: number): LineLayout<Row> {
  let shown = [...columns]
  while (widthOf(shown) > width) {
    const orders = shown.flatMap(({ dropOrder }) => dropOrder ?? [])
    if (orders.length === 0) break
    const first = Math.max(...orders)
    shown = shown.filter(({ dropOrder }) => dropOrder !== first)
  }
  const laid = narrowed(shown, width)
  const titles = laid.map(({ title, width: room, align, isLast }) =>
    isLast ? title : padToColumns(title, room, align),
  )
  return {
    head: titles.join('  ').trimEnd(),
    line: (row) => lineOf(row, laid, width),
    hidden: columns
      .filter(({ title }) => !shown.some((one) => one.title === title))
      .map(({ title }) => title),
  }
}

/** Takes from words what is still too wide. */
function narrowed<Row>(shown: readonly LineColumn<Row>[], width: number): LineColumn<Row>[] {
  let over = Math.max(0, widthOf(shown) - width)
  return shown.map((column) => {
    if (over === 0 || column.isLast || column.leastWidth === undefined) return column
    const narrower = Math.max(column.leastWidth, column.width - over)
    over -= Math.max(0, column.width - narrower)
    return { ...column, width: Math.min(column.width, narrower) }
  })
}

function lineOf<Row>(row: Row, shown: readonly LineColumn<Row>[], width: number): string {
  let line = ''
  let taken = 0
  for (const [index, { value, width: room, align, isLast, leastWidth }] of shown.entries()) {
    const before = index === 0 ? '' : '  '
    const left = width - taken - before.length
    const most = isLast ? Math.max(leastLast, left) : leastWidth === undefined ? left : room
    const text = value(row)
    const cell =
      (isLast || leastWidth !== undefined) && Number.isFinite(width) ? cutToColumns(text, most) : text
    const filled = isLast ? cell : padToColumns(cell, room, align)
    line += before + filled
    taken += before.length + columnsOf(filled)
  }
  return line.trimEnd()
}

function widthOf<Row>(columns: readonly LineColumn<Row>[]): number {
  const widths = columns.map(({ width, isLast, leastWidth }) =>
    isLast ? Math.min(leastWidth ?? leastLast, width) : width,
  )
  return widths.reduce((sum, width) => sum + width, 2 * (columns.length - 1))
}
