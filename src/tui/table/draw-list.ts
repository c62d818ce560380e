import { cell, inStyle, type Line, line, span } from '../lines.ts'
import type { Sorting } from '../state.ts'
import { glyphs } from '../theme.ts'
import { type PlacedColumn, placeColumns } from './column.ts'
import type { List } from './list-spec.ts'
import type { ListedRow } from './listed-row.ts'

export interface ListView {
  rows: readonly ListedRow[]
  sorting: Sorting
  /** Where the selected row is among them; null: the keys go elsewhere. */
  selected: number | null
  width: number
  /** Lines, the titles among them. */
  height: number
  hasTitles?: boolean
}

/** The list's lines: titles, and as many rows as have room, the selected one among them. */
export function drawList(
  list: List,
  { rows, sorting, selected, width, height, hasTitles = true }: ListView,
): Line[] {
  if (height <= 0) return []
  // The first column says what is selected.
  const placed = placeColumns(list.columns, width - 2)
  const room = hasTitles ? height - 1 : height
  const from = selected === null ? 0 : Math.max(0, Math.min(selected - room + 1, rows.length - room))
  const shown = rows.slice(from, from + room)
  const lines = shown.map((row, at) => rowLine(row, placed, from + at === selected))
  if (rows.length === 0) lines.push(line(span(` ${list.empty}`, 'muted')))
  return hasTitles ? [titles(placed, list, sorting), ...lines] : lines
}

function titles(placed: readonly PlacedColumn[], list: List, sorting: Sorting): Line {
  const cells = placed.map(({ title, width, align, sortName }) => {
    const isSorted = sorting.by === null ? title === list.order.title : sortName === sorting.by
    if (!isSorted) return cell(span(title, 'muted'), width, align)
    const mark = isAscending(list, sorting) ? glyphs.ascending : glyphs.descending
    return cell(
      span(title.length < width ? title + mark : mark + title.slice(1 + title.length - width), 'strong'),
      width,
      align,
    )
  })
  return [span(' '), ...joined(cells)]
}

function isAscending({ columns }: List, { by, reversed }: Sorting): boolean {
  const ascends = columns.find(({ sort }) => sort !== undefined && sort.name === by)?.sort?.ascends ?? false
  return ascends !== reversed
}

function rowLine(row: ListedRow, placed: readonly PlacedColumn[], isSelected: boolean): Line {
  const all = row.cells()
  const cells = placed.map(({ index, width, align }) => cell(all[index] ?? span(''), width, align))
  const mark = isSelected ? glyphs.selected : ' '
  const whole: Line = [span(mark, isSelected ? 'accent' : null), ...joined(cells)]
  if (row.isFading) return inStyle(whole, 'muted')
  return isSelected
    ? whole.map((part) => (part.style === undefined ? { ...part, style: 'accent' } : part))
    : whole
}

function joined(cells: Line): Line {
  return cells.flatMap((one, at) => (at === 0 ? [one] : [span(' '), one]))
}
