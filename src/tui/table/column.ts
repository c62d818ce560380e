import { columnsOf } from '../../cli/text-width.ts'
import type { Span } from '../lines.ts'

/** A column of a list. Widths never depend on what is in it, so that nothing moves between refreshes. */
export interface TableColumn<Row> {
  title: string
  /** Columns of the terminal that it takes at least. */
  width: number
  /** The most that it can use; without it `width` is all. */
  widest?: number
  align?: 'left' | 'right'
  /** Columns with a higher number are left out first where the room is small; one without never is. */
  dropOrder?: number
  cell: (row: Row, atMs: number) => Span
  /** For rows to be put in order by it; the largest or last first, unless `ascends`. */
  sort?: { name: string; key: (row: Row) => number | string | null; ascends?: boolean }
}

/** A column as it is drawn: at which place of the row's cells, and how wide. */
export interface PlacedColumn {
  index: number
  title: string
  width: number
  align: 'left' | 'right'
  sortName: string | null
}

type Measured = Pick<TableColumn<never>, 'title' | 'width' | 'widest' | 'align' | 'dropOrder'> & {
  sort?: { name: string }
}

const gap = 1

/** Which columns have room, and how wide each is; the rest of the room stays empty. */
export function placeColumns(columns: readonly Measured[], room: number): PlacedColumn[] {
  let kept = columns.map((column, index) => ({ column, index }))
  for (;;) {
    const orders = kept.flatMap(({ column }) => column.dropOrder ?? [])
    if (leastWidth(kept) <= room || orders.length === 0) break
    const first = Math.max(...orders)
    kept = kept.filter(({ column }) => column.dropOrder !== first)
  }
  const widths = grown(kept, room - leastWidth(kept))
  return kept.map(({ column, index }, at) => ({
    ...{ index, title: column.title, width: widths[at] ?? 0 },
    ...{ align: column.align ?? 'left', sortName: column.sort?.name ?? null },
  }))
}

type Kept = readonly { column: Measured; index: number }[]

function leastWidth(kept: Kept): number {
  return kept.reduce((sum, { column }) => sum + leastOf(column), 0) + gap * Math.max(0, kept.length - 1)
}

function leastOf({ width, title }: Measured): number {
  return Math.max(width, columnsOf(title))
}

/** Columns that can use more get it one by one in turns, until nobody can or nothing is left. */
function grown(kept: Kept, room: number): number[] {
  const widths = kept.map(({ column }) => leastOf(column))
  for (let left = room; left > 0; ) {
    const before = left
    for (const [at, { column }] of kept.entries()) {
      const width = widths[at] ?? 0
      if (left === 0 || width >= (column.widest ?? 0)) continue
      widths[at] = width + 1
      left--
    }
    if (left === before) break
  }
  return widths
}
