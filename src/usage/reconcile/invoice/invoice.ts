import { nanoUsdOf } from '../../../core/cost.ts'
import { type Day, dayAfter, isWithin, type Period } from '../days.ts'
import { ReconcileFault } from '../fault.ts'
import { type CsvRow, type Delimiter, readCsv } from './csv.ts'
import { CurrencyMarks } from './currency.ts'
import { DateColumn, type DateKey } from './dates.ts'
import { type InvoiceLayout, layoutOf } from './formats.ts'
import { type DecimalMark, DecimalMarks, type Readings } from './numbers.ts'

/** What an invoice has for a day and a model. */
export interface InvoiceCell {
  day: Day
  /** As the invoice names it; '' where it names none. */
  model: string
  rows: number
  /** Calls that were charged; null where the invoice does not count them. */
  requests: number | null
  tokens: number
  nanoUsd: number
  ownKeyNanoUsd: number
}

export interface Invoice {
  layout: InvoiceLayout
  rows: number
  cells: readonly InvoiceCell[]
  hasTokens: boolean
  hasCost: boolean
  /** Each row tells a moment, not only a day. */
  hasMoments: boolean
  /** By how much one row may be off because its cost is written with so many decimals. */
  roundingNanoUsd: number
  /** How it was read, where that was not plain; for people. */
  notes: readonly string[]
}

export interface InvoiceSettings {
  map: string | null
  timeZone: string
}

type Sums = Record<
  DecimalMark,
  { tokens: number; nanoUsd: number; ownKeyNanoUsd: number; requests: number; charged: number }
>

interface OpenCell {
  key: DateKey
  model: string
  rows: number
  sums: Sums
}

/** Reads an invoice as it comes; only its days and models are kept. Throws `ReconcileFault`. */
export async function readInvoice(
  bytes: AsyncIterable<Uint8Array>,
  { map, timeZone }: InvoiceSettings,
): Promise<Invoice> {
  const { header, delimiter, rows } = await readCsv(bytes)
  const reader = new RowReader(layoutOf(header, map), header, timeZone)
  for await (const row of rows) reader.take(row)
  return reader.invoice(delimiter)
}

class RowReader {
  readonly #layout: InvoiceLayout
  readonly #at: (name: string) => number
  readonly #dates: DateColumn
  readonly #marks = new DecimalMarks()
  readonly #currency: CurrencyMarks
  readonly #decimals = { dot: 0, comma: 0 }
  readonly #cells = new Map<string, OpenCell>()
  #rows = 0

  constructor(layout: InvoiceLayout, header: readonly string[], timeZone: string) {
    this.#layout = layout
    this.#at = (name) => header.indexOf(name)
    this.#dates = new DateColumn(layout.map.date, { timeZone, timesAreUtc: layout.timesAreUtc })
    this.#currency = new CurrencyMarks(layout.map.cost)
  }

  take({ cells, line }: CsvRow): void {
    const { map, ownKeyCost, requests } = this.#layout
    const text = (name: string) => cells[this.#at(name)] ?? ''
    const read = (names: readonly string[]) => names.map((name) => this.#marks.read(text(name), line, name))
    const key = this.#dates.read(text(map.date), line)
    const cell = this.#cell(key, map.model === null ? '' : text(map.model).trim())
    const [tokens, cost] = [read(map.tokens), read(map.cost)]
    const ownKey = read(ownKeyCost === null ? [] : [ownKeyCost])
    const counted = typeof requests === 'string' ? read([requests]) : null
    for (const name of map.cost) this.#currency.read(text(name), line, name)
    this.#rows++
    cell.rows++
    for (const mark of ['dot', 'comma'] as const) {
      for (const reading of cost)
        this.#decimals[mark] = Math.max(this.#decimals[mark], reading[mark]?.decimals ?? 0)
      const sums = cell.sums[mark]
      const [tokenSum, costSum, ownKeySum] = [sum(tokens, mark), sum(cost, mark), sum(ownKey, mark)]
      sums.tokens += tokenSum
      sums.nanoUsd += nanoUsdOf(costSum)
      sums.ownKeyNanoUsd += nanoUsdOf(ownKeySum)
      sums.requests += counted ? sum(counted, mark) : 0
      if (tokenSum !== 0 || costSum !== 0 || ownKeySum !== 0) sums.charged++
    }
  }

  #cell(key: DateKey, model: string): OpenCell {
    const name = `${key} ${model}`
    const known = this.#cells.get(name)
    if (known) return known
    const none = () => ({ tokens: 0, nanoUsd: 0, ownKeyNanoUsd: 0, requests: 0, charged: 0 })
    const cell = { key, model, rows: 0, sums: { dot: none(), comma: none() } }
    this.#cells.set(name, cell)
    return cell
  }

  invoice(delimiter: Delimiter): Invoice {
    if (this.#rows === 0) throw new ReconcileFault('file', 'the file has a header and no rows')
    const mark = this.#marks.decided(delimiter === ';' ? 'comma' : 'dot')
    const { dayOf, note } = this.#dates.decided()
    const cells = [...this.#cells.values()].map((cell): InvoiceCell => {
      const { tokens, nanoUsd, ownKeyNanoUsd, requests, charged } = cell.sums[mark]
      const asked = this.#layout.requests
      const count = asked === true ? charged : asked === null ? null : requests
      return {
        ...{ day: dayOf(cell.key), model: cell.model, rows: cell.rows, requests: count },
        ...{ tokens, nanoUsd, ownKeyNanoUsd },
      }
    })
    return {
      ...{ layout: this.#layout, rows: this.#rows, cells },
      hasTokens: this.#layout.map.tokens.length > 0,
      hasCost: this.#layout.map.cost.length > 0,
      hasMoments: this.#dates.areMoments,
      // Whole dollars in a file are no sign that cents were dropped.
      roundingNanoUsd: Math.max(1, 0.5e9 / 10 ** Math.max(2, this.#decimals[mark])),
      notes: [note, this.#currency.note].filter((one) => one !== null),
    }
  }
}

function sum(readings: readonly Readings[], mark: DecimalMark): number {
  return readings.reduce((total, reading) => total + (reading[mark]?.value ?? 0), 0)
}

/** From the invoice's first day to its last. */
export function periodOf({ cells }: Pick<Invoice, 'cells'>): Period {
  const days = cells.map(({ day }) => day)
  const least = (a: Day, b: Day) => (a < b ? a : b)
  const most = (a: Day, b: Day) => (a > b ? a : b)
  return { since: days.reduce(least), until: days.reduce(most) }
}

/** Only the days that are asked for. */
export function within(invoice: Invoice, period: Period): Invoice {
  const cells = invoice.cells.filter(({ day }) => isWithin(day, period))
  return { ...invoice, cells, rows: cells.reduce((sum, { rows }) => sum + rows, 0) }
}

/** All days of a period, in order. */
export function daysOf({ since, until }: Period): Day[] {
  const days: Day[] = []
  for (let day = since; day <= until; day = dayAfter(day)) days.push(day)
  return days
}
