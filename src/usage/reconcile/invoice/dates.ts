import { dayMs } from '../../query/local-time.ts'
import { type Day, dayOf, realDay } from '../days.ts'
import { ReconcileFault } from '../fault.ts'
import type { Sighting } from './sighting.ts'

/**
 * A day, or two of which one is meant, which shows when the file has been read: with the month or the day first, and as
 * a midnight is written or as the zone's clocks show that moment.
 */
export type DateKey = Day | `${Day}|${Day}` | `${Day}@${Day}`

export interface DateSettings {
  /** In which a moment's day is found. */
  timeZone: string
  /** A time without a zone is UTC; else it is a clock's in the invoice's own zone, and its day stands as written. */
  timesAreUtc: boolean
}

const iso =
  /^(\d{4})[-/](\d{1,2})[-/](\d{1,2})(?:[T ]+(\d{1,2}):(\d{2})(?::(\d{2})(?:[.,](\d{1,9}))?)?)?\s*(Z|UTC|GMT|[+-]\d{2}(?::?\d{2})?)?$/i
const compact = /^(\d{4})(\d{2})(\d{2})$/
const epoch = /^(\d{10}|\d{13})(?:\.\d+)?$/
const dotted = /^(\d{1,2})\.(\d{1,2})\.(\d{4}|\d{2})(?:[ T,].*)?$/
const slashed = /^(\d{1,2})[/-](\d{1,2})[/-](\d{4}|\d{2})(?:[ T,].*)?$/

type Order = 'monthFirst' | 'dayFirst'

/** Reads a column of dates, and learns from all of them which way round `03/04/2026` is. */
export class DateColumn {
  readonly #settings: DateSettings
  readonly #column: string
  readonly #proof: Record<Order, Sighting | null> = { monthFirst: null, dayFirst: null }
  #example: Sighting | null = null
  #moments = 0
  #midnights = 0
  #rows = 0

  constructor(column: string, settings: DateSettings) {
    this.#column = column
    this.#settings = settings
  }

  read(text: string, line: number): DateKey {
    const written = text.trim()
    this.#rows++
    const key = this.#plain(written) ?? this.#eitherWay(written, line)
    if (key === null) {
      throw new ReconcileFault(
        'file',
        `line ${line}: ${this.#column} is ${JSON.stringify(text.slice(0, 40))}, no date; write 2026-11-03`,
      )
    }
    return key
  }

  /** Every row has a moment of its own: its day is no matter of zones. */
  get areMoments(): boolean {
    return this.#rows > 0 && this.#moments === this.#rows && !this.#areMidnights
  }

  /** Calls do not all begin at midnight: then days are meant, of whatever zone. */
  get #areMidnights(): boolean {
    return this.#midnights === this.#moments
  }

  #plain(text: string): DateKey | null {
    const found = iso.exec(text)
    if (found) return this.#isoDay(found)
    const seconds = epoch.exec(text)?.[1]
    if (seconds !== undefined) {
      const atMs = Number(seconds) * (seconds.length === 10 ? 1_000 : 1)
      return this.#moment(atMs, atMs % dayMs === 0 ? dayOf(atMs, 'UTC') : null)
    }
    const [year, month, day] = parts(compact.exec(text))
    if (year !== undefined) return realDay(year, month ?? 0, day ?? 0)
    // Nobody writes the month first with dots.
    const [dotDay, dotMonth, dotYear] = parts(dotted.exec(text))
    return dotDay === undefined ? null : realDay(fullYear(dotYear), dotMonth ?? 0, dotDay)
  }

  #moment(atMs: number, asMidnight: Day | null): DateKey {
    const day = dayOf(atMs, this.#settings.timeZone)
    this.#moments++
    if (asMidnight === null) return day
    this.#midnights++
    return asMidnight === day ? day : `${asMidnight}@${day}`
  }

  #isoDay([, ...found]: RegExpExecArray): DateKey | null {
    const [year = 0, month = 0, date = 0, hour = 0, minute = 0, second = 0] = found
      .slice(0, 6)
      .map((part) => Number(part ?? 0))
    const zone = found[7]
    const day = realDay(year, month, date)
    if (day === null || hour > 24 || minute > 59 || second > 60) return null
    const isUtc = zone !== undefined || (this.#settings.timesAreUtc && found[3] !== undefined)
    if (!isUtc) return day
    const atMs = Date.UTC(year, month - 1, date, hour, minute, second) - zoneMs(zone)
    return this.#moment(atMs, hour + minute + second + Number(found[6] ?? 0) === 0 ? day : null)
  }

  #eitherWay(text: string, line: number): DateKey | null {
    const [first, second, year] = parts(slashed.exec(text))
    if (first === undefined || second === undefined) return null
    const monthFirst = realDay(fullYear(year), first, second)
    const dayFirst = realDay(fullYear(year), second, first)
    if (monthFirst === null && dayFirst === null) return null
    this.#example ??= { line, text }
    if (dayFirst === null) this.#proof.monthFirst ??= { line, text }
    if (monthFirst === null) this.#proof.dayFirst ??= { line, text }
    if (monthFirst === dayFirst) return monthFirst
    return monthFirst === null || dayFirst === null ? (monthFirst ?? dayFirst) : `${monthFirst}|${dayFirst}`
  }

  /** What a key means, once the file has been read. Throws `ReconcileFault` where nothing in the file says it. */
  decided(): { dayOf: (key: DateKey) => Day; note: string | null } {
    const { monthFirst, dayFirst } = this.#proof
    if (monthFirst && dayFirst) {
      throw new ReconcileFault(
        'file',
        `dates are written in two ways: ${monthFirst.text} in line ${monthFirst.line}, ${dayFirst.text} in line ${dayFirst.line}`,
      )
    }
    const proof = monthFirst ?? dayFirst
    const which = monthFirst ? 0 : 1
    return {
      dayOf: (key) => {
        if (key.includes('@')) return key.split('@')[this.#areMidnights ? 0 : 1] ?? key
        if (!key.includes('|')) return key
        if (proof === null) throw this.#ambiguous()
        return key.split('|')[which] ?? key
      },
      note:
        proof &&
        `dates are read as ${monthFirst ? 'month/day/year' : 'day/month/year'}: line ${proof.line} has ${proof.text}`,
    }
  }

  #ambiguous(): ReconcileFault {
    const { text, line } = this.#example ?? { text: '', line: 0 }
    return new ReconcileFault(
      'file',
      `line ${line}: ${text} may have the month first or the day first, and no date in the file tells which; write 2026-11-03`,
    )
  }
}

function parts(found: RegExpExecArray | null): (number | undefined)[] {
  return found ? found.slice(1, 4).map(Number) : []
}

function fullYear(year: number | undefined): number {
  return year !== undefined && year < 100 ? 2_000 + year : (year ?? 0)
}

function zoneMs(zone: string | undefined): number {
  const [, sign, hours, minutes] = /^([+-])(\d{2}):?(\d{2})?$/.exec(zone ?? '') ?? []
  if (sign === undefined) return 0
  return (sign === '-' ? -1 : 1) * (Number(hours) * 60 + Number(minutes ?? 0)) * 60_000
}
