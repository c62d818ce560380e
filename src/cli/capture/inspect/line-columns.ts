/** A column of lines that are printed as they come, so that its width is fixed beforehand. */
export interface LineColumn<Row> {
  title: string
  width: number
  value: (row: Row) => string
  align?: 'left' | 'right'
  /** Columns with a higher number are left out first where there is no room; one without is never. */
  dropOrder?: number
  /** The last column takes what room is left; it is words, and may be cut. */
  isLast?: boolean
}

export interface LineLayout<Row> {
  head: string
  line: (row: Row) => string
  hidden: string[]
}

const leastLast = 16

/** Leaves out whole columns until a line fits; cells longer than their column push the others, and are never cut. */
export function lineLayout<Row>(columns: readonly LineColumn<Row>[], width: number): LineLayout<Row> {
  let shown = [...columns]
  while (widthOf(shown) > width) {
    const orders = shown.flatMap(({ dropOrder }) => dropOrder ?? [])
    if (orders.length === 0) break
    const first = Math.max(...orders)
    shown = shown.filter(({ dropOrder }) => dropOrder !== first)
  }
  const titles = shown.map(({ title, width: room, align, isLast }) =>
    isLast ? title : align === 'right' ? title.padStart(room) : title.padEnd(room),
  )
  return {
    head: titles.join('  ').trimEnd(),
    line: (row) => lineOf(row, shown, width),
    hidden: columns.filter((column) => !shown.includes(column)).map(({ title }) => title),
  }
}

function lineOf<Row>(row: Row, shown: readonly LineColumn<Row>[], width: number): string {
  let line = ''
  for (const [index, { value, width: room, align, isLast }] of shown.entries()) {
    const text = value(row)
    const before = index === 0 ? '' : '  '
    const left = width - line.length - before.length
    const cell = isLast && text.length > left ? `${text.slice(0, Math.max(leastLast, left) - 1)}…` : text
    line += before + (isLast ? cell : align === 'right' ? cell.padStart(room) : cell.padEnd(room))
  }
  return line.trimEnd()
}

function widthOf<Row>(columns: readonly LineColumn<Row>[]): number {
  const widths = columns.map(({ width, isLast }) => (isLast ? leastLast : width))
  return widths.reduce((sum, width) => sum + width, 2 * (columns.length - 1))
}
