import type { FilterRow } from '../filter/filter.ts'
import type { PanelName, TopState } from '../state.ts'
import type { TableColumn } from './column.ts'
import { type ListedRow, sortedRows } from './listed-row.ts'

/** A list of the dashboard as data. */
export interface ListSpec<Row> {
  name: PanelName
  title: string
  columns: readonly TableColumn<Row>[]
  /** In the order in which the proxy tells them. */
  rows: (state: TopState) => readonly Row[]
  /** How many there are in all; more than the rows where the proxy did not list all. */
  total: (state: TopState) => number
  id: (row: Row) => string
  isFading?: (row: Row) => boolean
  texts: (row: Row) => FilterRow['texts']
  numbers: (row: Row) => FilterRow['numbers']
  isTrouble: (row: Row) => boolean
  command: (row: Row) => string | null
  /** The order of `rows` in a word, and the column that shows it. */
  order: { words: string; title?: string }
  /** Whether the filter leaves rows out: a backend that fails is never hidden by it. */
  isFiltered: boolean
  /** What stands in an empty list. */
  empty: string
}

/** A list whatever its rows are. */
export interface List {
  name: PanelName
  title: string
  columns: readonly Omit<TableColumn<never>, 'cell'>[]
  order: { words: string; title?: string }
  sortNames: readonly string[]
  isFiltered: boolean
  empty: string
  total(state: TopState): number
  /** Those to show, in their order. */
  rows(state: TopState): ListedRow[]
}

export function list<Row>(spec: ListSpec<Row>): List {
  const { name, title, columns, order, isFiltered, empty, total } = spec
  // Asked for several times in one picture, which is of one state.
  const known = new WeakMap<TopState, ListedRow[]>()
  return {
    ...{ name, title, columns, order, isFiltered, empty, total },
    sortNames: columns.flatMap(({ sort }) => sort?.name ?? []),
    rows(state) {
      const before = known.get(state)
      if (before !== undefined) return before
      const atMs = snapshotMs(state)
      const all = spec.rows(state).map((row) => listed(row, spec, atMs, spec.isFading?.(row) ?? false))
      const rows = ordered(all.filter(isShown(state, isFiltered)), state, spec)
      known.set(state, rows)
      return rows
    },
  }
}

/** The proxy's clock when it told: ages do not depend on the clock here. */
export function snapshotMs({ snapshot, nowMs }: TopState): number {
  const ms = snapshot === null ? Number.NaN : Date.parse(snapshot.at)
  return Number.isNaN(ms) ? nowMs : ms
}

function isShown({ errorsOnly, filter, mode, draft }: TopState, isFiltered: boolean) {
  // While it is typed it shows what it would do, as soon as it means something.
  const { test } = mode === 'filter' && draft.fault === null ? draft : filter
  const isTested = isFiltered && test !== null
  return ({ filterRow }: ListedRow): boolean => {
    if (!errorsOnly && !isTested) return true
    const row = filterRow()
    return !(errorsOnly && !row.isTrouble) && (!isTested || test(row))
  }
}

function ordered<Row>(rows: ListedRow[], state: TopState, { name, columns }: ListSpec<Row>): ListedRow[] {
  const { by, reversed } = state.sortings[name]
  if (by === null) return reversed ? rows.toReversed() : rows
  const ascends = columns.find(({ sort }) => sort?.name === by)?.sort?.ascends ?? false
  return sortedRows(rows, { by, descends: ascends === reversed })
}

function listed<Row>(row: Row, spec: ListSpec<Row>, atMs: number, isFading: boolean): ListedRow {
  const { columns } = spec
  const id = spec.id(row)
  const cells = () => columns.map(({ cell }) => cell(row, atMs))
  return {
    ...{ id, isFading, cells },
    sortKey: (name) => columns.find(({ sort }) => sort?.name === name)?.sort?.key(row) ?? null,
    filterRow: () => ({
      cells: [id, ...cells().map(({ text }) => text)],
      ...{ texts: spec.texts(row), numbers: spec.numbers(row), isTrouble: spec.isTrouble(row) },
    }),
    command: () => spec.command(row),
  }
}
