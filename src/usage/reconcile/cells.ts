import type { Day } from './days.ts'
import type { Invoice, InvoiceCell } from './invoice/invoice.ts'
import { type Amounts, type LedgerAmounts, LedgerSums } from './ledger/amounts.ts'
import type { LedgerSide, ModelHabits, Overnight } from './ledger/ledger-side.ts'
import { noHabits } from './ledger/ledger-side.ts'
import type { ModelGroup } from './models.ts'

/** A model on both sides; days are found in the maps. */
export interface ModelSides {
  model: ModelGroup
  invoice: ReadonlyMap<Day, InvoiceCell>
  /** Slices of time, not yet days: which day they belong to is a question of zones. */
  slices: ReadonlyMap<number, LedgerSums>
  habits: ModelHabits
  overnight: ReadonlyMap<Day, Overnight>
}

const allModels: ModelGroup = { name: 'all models', invoice: [], ledger: [] }

/** Puts the names of both sides together. */
export function sidesByModel(
  invoice: Invoice,
  ledger: LedgerSide,
  match: (invoice: readonly string[], ledger: readonly string[]) => ModelGroup[],
): ModelSides[] {
  const theirs = [...new Set(invoice.cells.map(({ model }) => model))]
  const ours = [...ledger.slices.keys()]
  const groups =
    invoice.layout.map.model === null
      ? [{ ...allModels, invoice: theirs, ledger: ours }]
      : match(theirs, ours)
  return groups.map((model) => ({
    model,
    invoice: invoiceDays(invoice.cells.filter((cell) => model.invoice.includes(cell.model))),
    slices: summed(model.ledger.map((name) => ledger.slices.get(name))),
    habits: model.ledger
      .map((name) => ledger.habits.get(name) ?? noHabits())
      .reduce(habitsTogether, noHabits()),
    overnight: nights(model.ledger.map((name) => ledger.overnight.get(name))),
  }))
}

function invoiceDays(cells: readonly InvoiceCell[]): Map<Day, InvoiceCell> {
  const days = new Map<Day, InvoiceCell>()
  for (const cell of cells) {
    const known = days.get(cell.day)
    days.set(cell.day, known ? cellsTogether(known, cell) : cell)
  }
  return days
}

export function cellsTogether(a: InvoiceCell, b: InvoiceCell): InvoiceCell {
  return {
    ...{ day: a.day, model: a.model, rows: a.rows + b.rows },
    requests: a.requests === null || b.requests === null ? null : a.requests + b.requests,
    tokens: a.tokens + b.tokens,
    nanoUsd: a.nanoUsd + b.nanoUsd,
    ownKeyNanoUsd: a.ownKeyNanoUsd + b.ownKeyNanoUsd,
  }
}

function summed(maps: readonly (ReadonlyMap<number, LedgerSums> | undefined)[]): Map<number, LedgerSums> {
  const [first, ...others] = maps.filter((map) => map !== undefined)
  if (others.length === 0) return new Map(first)
  const all = new Map<number, LedgerSums>()
  for (const map of [first, ...others]) {
    for (const [slice, sums] of map ?? []) addTo(all, slice, sums)
  }
  return all
}

function addTo<K>(map: Map<K, LedgerSums>, key: K, sums: LedgerAmounts): void {
  let known = map.get(key)
  if (!known) {
    known = new LedgerSums()
    map.set(key, known)
  }
  known.addAll(sums)
}

function nights(maps: readonly (ReadonlyMap<Day, Overnight> | undefined)[]): Map<Day, Overnight> {
  const all = new Map<Day, Overnight>()
  for (const map of maps) {
    for (const [day, night] of map ?? []) {
      const known = all.get(day) ?? { leaves: new LedgerSums(), enters: new LedgerSums() }
      known.leaves.addAll(night.leaves)
      known.enters.addAll(night.enters)
      all.set(day, known)
    }
  }
  return all
}

function habitsTogether(a: ModelHabits, b: ModelHabits): ModelHabits {
  return {
    reported: a.reported + b.reported,
    promptTokens: a.promptTokens + b.promptTokens,
    completionTokens: a.completionTokens + b.completionTokens,
    mostPromptTokens: Math.max(a.mostPromptTokens, b.mostPromptTokens),
    mostCompletionTokens: Math.max(a.mostCompletionTokens, b.mostCompletionTokens),
    mostUsdPerMillion: Math.max(a.mostUsdPerMillion, b.mostUsdPerMillion),
  }
}

/** The days of a model's slices, by whoever says which day a slice belongs to. */
export function ledgerDays(
  slices: ReadonlyMap<number, LedgerSums>,
  dayOfSlice: (slice: number) => Day,
): Map<Day, LedgerSums> {
  const days = new Map<Day, LedgerSums>()
  for (const [slice, sums] of slices) addTo(days, dayOfSlice(slice), sums)
  return days
}

/** What is measured on both sides. */
export interface Measures {
  tokens: boolean
  cost: boolean
}

export interface Limits {
  measures: Measures
  /** Of the larger side. */
  tolerance: number
  /** By how much a row of the invoice may be rounded. */
  roundingNanoUsd: number
}

export const noAmounts: Amounts = { tokens: 0, nanoUsd: 0 }

/** Invoice less ledger. */
export function difference(invoice: Amounts, ledger: Amounts, { tokens, cost }: Measures): Amounts {
  return {
    tokens: tokens ? invoice.tokens - ledger.tokens : 0,
    nanoUsd: cost ? invoice.nanoUsd - ledger.nanoUsd : 0,
  }
}

/** Which parts of a difference are more than the tolerance, and more than what rounding makes. */
export function beyond(
  off: Amounts,
  invoice: Amounts & { rows: number },
  ledger: Amounts,
  { tolerance, roundingNanoUsd }: Limits,
): Measures {
  const allowed = (a: number, b: number) => tolerance * Math.max(Math.abs(a), Math.abs(b))
  // Rounded up as often as down: a thousand rows are hardly ever off by more than eighty roundings.
  const rounded = roundingNanoUsd * Math.min(invoice.rows, 2.5 * Math.sqrt(invoice.rows))
  return {
    tokens: Math.abs(off.tokens) > allowed(invoice.tokens, ledger.tokens),
    cost: Math.abs(off.nanoUsd) > allowed(invoice.nanoUsd, ledger.nanoUsd) + rounded,
  }
}

export function isBeyond({ tokens, cost }: Measures): boolean {
  return tokens || cost
}

/** What an invoice has of a day that it does not name. */
export function noInvoice(day: Day): InvoiceCell {
  return { day, model: '', rows: 0, requests: null, ...noAmounts, ownKeyNanoUsd: 0 }
}

export function cellOf(sides: ModelSides, day: Day): InvoiceCell {
  return sides.invoice.get(day) ?? noInvoice(day)
}
