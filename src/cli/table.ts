export interface Column<Row> {
  title: string
  value: (row: Row) => string
  align?: 'left' | 'right'
  /** Columns with a higher number are dropped first when the terminal is narrow; one without is never dropped. */
  dropOrder?: number
}

/** Columns without borders, two spaces between them, one record a line. Drops whole columns to fit, never cuts. */
export function renderTable<Row>(
  rows: readonly Row[],
  columns: readonly Column<Row>[],
  widthColumns: number,
): string {
  const shown = fitting(
    columns.map((column) => {
      const cells = rows.map(column.value)
      return { column, cells, width: Math.max(column.title.length, ...cells.map((cell) => cell.length)) }
    }),
    widthColumns,
  )
  const line = (cell: (index: number) => string) =>
    shown
      .map(({ column, width }, index) =>
        column.align === 'right' ? cell(index).padStart(width) : cell(index).padEnd(width),
      )
      .join('  ')
      .trimEnd()
  const header = line((index) => shown[index]?.column.title ?? '')
  return [header, ...rows.map((_, row) => line((index) => shown[index]?.cells[row] ?? ''))].join('\n')
}

function fitting<Part extends { width: number; column: { dropOrder?: number } }>(
  parts: readonly Part[],
  widthColumns: number,
): readonly Part[] {
  const total = parts.reduce((sum, { width }) => sum + width + 2, -2)
  const orders = parts.flatMap(({ column }) => column.dropOrder ?? [])
  if (total <= widthColumns || orders.length === 0) return parts
  const highest = Math.max(...orders)
  return fitting(
    parts.filter(({ column }) => column.dropOrder !== highest),
    widthColumns,
  )
}

/** The terminal's width; in a pipe nothing is dropped. */
export function outputWidth(stream: { isTTY?: boolean; columns?: number }): number {
  return stream.isTTY ? (stream.columns ?? 80) : Number.POSITIVE_INFINITY
}
