import type { Labels } from './family.ts'
import { other } from './places.ts'
import type { SeriesBudget } from './series-budget.ts'

/** A metric as the table needs it. */
export interface Column<Name extends string, Cell> {
  /** How many lines of a scrape one series of it is. */
  linesEach: number
  cell(labels: Labels<Name>): Cell
}

export interface SeriesTableParts<Name extends string, Key extends string, Cell> {
  /** In the order in which `row` takes their values; the one at `givesUp` is given up first. */
  labelNames: readonly Name[]
  givesUp: number
  columns: Readonly<Record<Key, Column<Name, Cell>>>
  budget: SeriesBudget
}

/**
 * Metrics that share their labels. What finds no room in the budget is counted in a wider row, first without one of its labels
 * and then without any, so that no sum is ever short.
 */
export class SeriesTable<Name extends string, Key extends string, Cell> {
  readonly #parts: SeriesTableParts<Name, Key, Cell>
  /** Those that have a cell. */
  readonly #rows = new Map<string, SeriesRow<Key, Cell>>()
  #last: { values: readonly string[]; row: SeriesRow<Key, Cell> } | null = null

  constructor(parts: SeriesTableParts<Name, Key, Cell>) {
    this.#parts = parts
  }

  row(...values: string[]): SeriesRow<Key, Cell> {
    const last = this.#last
    // Most exchanges are like the one before, and each asks several times.
    if (last !== null && values.every((value, at) => value === last.values[at])) return last.row
    const key = values.join('\n')
    const known = this.#rows.get(key)
    if (known === undefined) return new SeriesRow((column, row) => this.#cellOf(column, row, values, key))
    this.#last = { values, row: known }
    return known
  }

  #cellOf(column: Key, row: SeriesRow<Key, Cell>, values: readonly string[], key: string): Cell {
    const { labelNames, columns, budget } = this.#parts
    const wider = this.#wider(values)
    if (wider !== null && !budget.take(columns[column].linesEach, !this.#isExact(values))) {
      return this.row(...wider).cell(column)
    }
    const labels = Object.fromEntries(labelNames.map((name, at) => [name, values[at]])) as Labels<Name>
    const made = columns[column].cell(labels)
    row.keep(column, made)
    this.#rows.set(key, row)
    return made
  }

  #isExact(values: readonly string[]): boolean {
    return values[this.#parts.givesUp] !== other
  }

  /** Null: there is none wider. */
  #wider(values: readonly string[]): string[] | null {
    if (values.every((value) => value === other)) return null
    return this.#isExact(values) ? values.with(this.#parts.givesUp, other) : values.map(() => other)
  }
}

/** The series of one set of labels, each made when it is first counted in. */
export class SeriesRow<Key extends string, Cell> {
  readonly #make: (column: Key, row: SeriesRow<Key, Cell>) => Cell
  readonly #cells = new Map<Key, Cell>()

  constructor(make: (column: Key, row: SeriesRow<Key, Cell>) => Cell) {
    this.#make = make
  }

  cell(column: Key): Cell {
    return this.#cells.get(column) ?? this.#make(column, this)
  }

  keep(column: Key, cell: Cell): void {
    this.#cells.set(column, cell)
  }
}
