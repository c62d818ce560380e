import { parseBound } from '../query/dates.ts'
import { dayMs, hourMs, isTimeZone } from '../query/local-time.ts'
import { type Day, dayAfter, dayBegin, dayOf, type Period } from './days.ts'
import { ReconcileFault } from './fault.ts'
import { daysOf, type Invoice, periodOf, readInvoice } from './invoice/invoice.ts'
import { LedgerSide, quarterMs } from './ledger/ledger-side.ts'
import { readRecords } from './ledger/read-records.ts'
import { reconcile } from './reconcile.ts'
import type { ReconcileReport } from './report.ts'

export interface ReconcileQuestion {
  /** The invoice's file. */
  bytes: AsyncIterable<Uint8Array>
  map: string | null
  timeZone: string
  since: string | null
  until: string | null
  tolerancePercent: number
  /** Empty: as the invoice says. */
  backends: readonly string[]
  nowMs: number
}

/** What is to be asked of the ledger: an export in JSON Lines. */
export interface PreparedReconciliation {
  query: URLSearchParams
  compare(pieces: AsyncIterable<Uint8Array | string>): Promise<ReconcileReport>
}

/** The invoice's days may begin up to fourteen hours elsewhere, in a zone that is itself that far from UTC. */
const marginMs = 1.5 * dayMs

/** Reads the invoice, and says what of the ledger it is to be compared with. Throws `ReconcileFault`, `ProxyError`. */
export async function prepareReconciliation(question: ReconcileQuestion): Promise<PreparedReconciliation> {
  const { timeZone, tolerancePercent, nowMs } = question
  if (!isTimeZone(timeZone)) {
    throw new ReconcileFault(
      'usage',
      `${JSON.stringify(timeZone)} is no time zone; write Europe/Berlin or UTC`,
    )
  }
  const asked = askedBounds(question, nowMs)
  const invoice = await readInvoice(question.bytes, { map: question.map, timeZone })
  const theirs = periodOf(invoice)
  const period = { since: asked.since ?? theirs.since, until: asked.until ?? theirs.until }
  if (period.until < period.since) throw new ReconcileFault('nothing', nothingIn(period, theirs))
  if (dayAfter(period.since, mostDays) < period.until) throw tooLong(period)
  const backends = question.backends.length > 0 ? question.backends : ownBackends(invoice)
  const [fromMs, untilMs] = [dayBegin(period.since, timeZone), dayBegin(dayAfter(period.until), timeZone)]
  const query = new URLSearchParams({
    format: 'jsonl',
    start_date: new Date(fromMs - marginMs).toISOString(),
    end_date: new Date(untilMs + marginMs).toISOString(),
  })
  for (const backend of backends) query.append('backend', backend)
  return {
    query,
    async compare(pieces) {
      const ledger = new LedgerSide({
        ...{ timeZone, backends, fromMs, untilMs, sliceMs: sliceMs(period, timeZone) },
      })
      for await (const record of readRecords(pieces)) ledger.add(record)
      const report = reconcile(invoice, ledger, { period, timeZone, tolerancePercent, backends })
      if (report.rows.length === 0) throw new ReconcileFault('nothing', nothingIn(period, theirs))
      return report
    },
  }
}

/** Longer than any invoice: a year is misspelt. */
const mostDays = 3_660

function tooLong({ since, until }: Period): ReconcileFault {
  return new ReconcileFault(
    'usage',
    `${since} to ${until} is more than ten years; a date may be misspelt, or give --since and --until`,
  )
}

function askedBounds({ since, until, timeZone }: ReconcileQuestion, nowMs: number) {
  const day = (text: string | null, side: 'start' | 'end'): Day | null => {
    if (text === null) return null
    const param = side === 'start' ? 'since' : 'until'
    const atMs = parseBound(text, side, { timeZone, nowMs, param })
    return dayOf(side === 'start' ? atMs : atMs - 1, timeZone)
  }
  const bounds = { since: day(since, 'start'), until: day(until, 'end') }
  if (bounds.since !== null && bounds.until !== null && bounds.until < bounds.since) {
    throw new ReconcileFault('usage', '--until is before --since')
  }
  return bounds
}

function ownBackends({ layout }: Invoice): string[] {
  return layout.backendType === null ? [] : [layout.backendType]
}

function nothingIn({ since, until }: Period, theirs: Period): string {
  return `neither the invoice nor the ledger has anything from ${since} to ${until}; the invoice has ${theirs.since} to ${theirs.until}`
}

/** Whole hours, unless the zone's days begin or end between two. */
function sliceMs(period: Period, timeZone: string): number {
  const { since, until } = period
  return daysOf({ since, until: dayAfter(until) }).every((day) => dayBegin(day, timeZone) % hourMs === 0)
    ? hourMs
    : quarterMs
}
