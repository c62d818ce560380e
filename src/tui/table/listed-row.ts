import type { FilterRow } from '../filter/filter.ts'
import type { Span } from '../lines.ts'

/** A row of any list, as lists, filters and keys need it. What is made of it is made when it is asked for: most rows are not in sight. */
export interface ListedRow {
  id: string
  cells: () => readonly Span[]
  /** By the name of the sorting. */
  sortKey: (name: string) => number | string | null
  filterRow: () => FilterRow
  /** Ended with the last refresh. */
  isFading: boolean
  /** What `c` copies; null: there is none. */
  command: () => string | null
}

/** Put in order by a key; what is not known comes last, and equals keep their places. */
export function sortedRows(
  rows: readonly ListedRow[],
  { by, descends }: { by: string; descends: boolean },
): ListedRow[] {
  const sign = descends ? -1 : 1
  return rows
    .map((row) => ({ row, key: row.sortKey(by) }))
    .toSorted(({ key: a }, { key: b }) => {
      if (a === null || b === null) return Number(a === null) - Number(b === null)
      return sign * compared(a, b)
    })
    .map(({ row }) => row)
}

function compared(a: number | string, b: number | string): number {
  if (typeof a === 'number' && typeof b === 'number') return a - b
  const [textA, textB] = [String(a), String(b)]
  return textA < textB ? -1 : textA > textB ? 1 : 0
}
