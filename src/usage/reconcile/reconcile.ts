import type { Part } from './causes/cause.ts'
import { explain } from './causes/explain.ts'
import { midnightParts } from './causes/midnight.ts'
import { rateFactor } from './causes/rate-factor.ts'
import { causesOf, causesTogether } from './causes/report-causes.ts'
import {
  beyond,
  cellOf,
  cellsTogether,
  difference,
  isBeyond,
  type Limits,
  ledgerDays,
  type ModelSides,
  noInvoice,
  sidesByModel,
} from './cells.ts'
import { type Day, dayOf, type Period } from './days.ts'
import { daysOf, type Invoice, type InvoiceCell, within } from './invoice/invoice.ts'
import { type LedgerAmounts, LedgerSums } from './ledger/amounts.ts'
import type { LedgerSide } from './ledger/ledger-side.ts'
import { matchModels } from './models.ts'
import type { ReconcileReport, ReportRow } from './report.ts'
import { numbersOf } from './report-numbers.ts'
import { findShift, type Shift } from './time-zone.ts'

export interface ReconcileSettings {
  period: Period
  timeZone: string
  /** Percent of the larger side. */
  tolerancePercent: number
  backends: readonly string[]
}

interface ComparedRow {
  row: ReportRow
  parts: readonly Part[]
  invoice: InvoiceCell
  ledger: LedgerAmounts
}

/** Both sides, day by day and model by model: what differs, and why it likely does. */
export function reconcile(whole: Invoice, ledger: LedgerSide, settings: ReconcileSettings): ReconcileReport {
  const invoice = within(whole, settings.period)
  const limits: Limits = {
    measures: { tokens: invoice.hasTokens, cost: invoice.hasCost },
    tolerance: settings.tolerancePercent / 100,
    roundingNanoUsd: invoice.roundingNanoUsd,
  }
  const sides = sidesByModel(invoice, ledger, matchModels)
  const days = daysOf(settings.period)
  const dayOfSlice = dayInZone(settings.timeZone, ledger.sliceMs)
  const models = sides.map((one) => modelDays(one, days, dayOfSlice, limits))
  const shift = invoice.hasMoments
    ? null
    : findShift({
        ...{ sides, days, dayOfSlice, limits, sliceMs: ledger.sliceMs },
        isSettled: (one, day) => models[sides.indexOf(one)]?.nights.has(day) ?? false,
      })
  const compared = models
    .flatMap((model) => compareModel(model, days, shift, limits))
    .sort((a, b) =>
      a.row.date === b.row.date ? compare(a.row.model, b.row.model) : compare(a.row.date, b.row.date),
    )
  return {
    invoice: {
      ...{
        format: invoice.layout.format,
        rows: invoice.rows,
        columns: invoice.layout.map,
        notes: invoice.notes,
      },
    },
    ledger: { backends: settings.backends, plan_attempts: ledger.planAttempts },
    period: { ...settings.period, time_zone: settings.timeZone },
    tolerance_percent: settings.tolerancePercent,
    within_tolerance: compared.every(({ row }) => row.within_tolerance),
    invoice_utc_offsets: shift?.offsets ?? null,
    models: sides.map(({ model }) => ({
      ...{ model: model.name, invoice_names: model.invoice, ledger_names: model.ledger },
    })),
    rows: compared.map(({ row }) => row),
    total: totalOf(compared, limits),
    causes: causesTogether(
      compared.map(({ parts }) => parts),
      limits.measures,
    ),
  }
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}

function dayInZone(zone: string, sliceMs: number): (slice: number) => Day {
  const known = new Map<number, Day>()
  return (slice) => {
    const day = known.get(slice) ?? dayOf(slice * sliceMs, zone)
    known.set(slice, day)
    return day
  }
}

/** A model's days as they were asked for. */
interface ModelDays {
  sides: ModelSides
  ledger: ReadonlyMap<Day, LedgerAmounts>
  nights: ReadonlyMap<Day, Part>
}

const nothing: LedgerAmounts = new LedgerSums()

function modelDays(
  sides: ModelSides,
  days: readonly Day[],
  dayOfSlice: (slice: number) => Day,
  { measures }: Limits,
): ModelDays {
  const ledger = ledgerDays(sides.slices, dayOfSlice)
  const offs = days.map((day) => difference(cellOf(sides, day), ledger.get(day) ?? nothing, measures))
  return { sides, ledger, nights: midnightParts(days, offs, sides.overnight, measures) }
}

function compareModel(
  model: ModelDays,
  days: readonly Day[],
  shift: Shift | null,
  limits: Limits,
): ComparedRow[] {
  const { sides, ledger } = model
  const shifted = shift && ledgerDays(sides.slices, shift.dayOfSlice)
  const at = (of: ReadonlyMap<Day, LedgerAmounts>) => (day: Day) => {
    const [invoice, ours] = [cellOf(sides, day), of.get(day) ?? nothing]
    return { invoice, ledger: ours, off: difference(invoice, ours, limits.measures) }
  }
  const factor = rateFactor(days.map(at(shifted ?? ledger)), limits)
  return days.map(at(ledger)).flatMap(({ invoice, ledger: ours, off }, index): ComparedRow[] => {
    const day = days[index]
    if (day === undefined || (invoice.rows === 0 && ours.attempts === 0)) return []
    const isOff = beyond(off, invoice, ours, limits)
    const parts = isBeyond(isOff)
      ? explain({
          ...{ day, invoice, ledger: ours, off, limits, habits: sides.habits, rateFactor: factor },
          shifted: shifted && { offsets: shift?.offsets ?? [], ...at(shifted)(day) },
          night: model.nights.get(day) ?? null,
        })
      : []
    const row = {
      ...{ date: day, model: sides.model.name, ...numbersOf(invoice, ours, limits) },
      causes: causesOf(parts, limits.measures, isOff),
    }
    return [{ row, parts, invoice, ledger: ours }]
  })
}

function totalOf(compared: readonly ComparedRow[], limits: Limits) {
  const ledger = new LedgerSums()
  for (const one of compared) ledger.addAll(one.ledger)
  const [first, ...others] = compared.map(({ invoice }) => invoice).filter(({ rows }) => rows > 0)
  return numbersOf(others.reduce(cellsTogether, first ?? noInvoice('')), ledger, limits)
}
