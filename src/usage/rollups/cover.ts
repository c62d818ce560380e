import type { UsageFilter } from '../query/filter.ts'
import { fitsClock } from '../query/fits.ts'
import { offsetMs } from '../query/local-time.ts'
import { beginOf, endOf, type Unit, unitMs } from './unit.ts'

/** A stretch of time, its end exclusive, and what is read for it. */
export interface Piece {
  /** Its roll-ups, or each record. */
  of: Unit | 'record'
  fromMs: number
  untilMs: number
}

export interface CoverQuestion {
  fromMs: number
  untilMs: number
  /** Of it the time zone, hours and weekdays. */
  filter: UsageFilter
  /** Into what the answer needs time to be cut, by clocks of the zone. */
  grain: 'hour' | 'day' | 'any'
  /** Weeks are stored up to here. */
  weeksUntilMs?: number
}

/**
 * Covers a stretch of time with whole weeks, days, hours and, where none serves, single records: at its edges, and where
 * an hour of UTC belongs to two hours or days of the zone. Those that the filter's hours and weekdays leave out are left
 * out.
 */
export function cover(question: CoverQuestion): Piece[] {
  const pieces: Piece[] = []
  let atMs = question.fromMs
  while (atMs < question.untilMs) {
    const piece = nextPiece(atMs, question)
    atMs = piece.untilMs
    if (piece.of !== 'record' && !fitsClock(piece.fromMs, question.filter)) continue
    const last = pieces.at(-1)
    if (last?.of === piece.of && last.untilMs === piece.fromMs) last.untilMs = piece.untilMs
    else pieces.push(piece)
  }
  return pieces
}

function nextPiece(atMs: number, { untilMs, filter, grain, weeksUntilMs = 0 }: CoverQuestion): Piece {
  const isWhole = (unit: Unit) => atMs === beginOf(atMs, unit) && endOf(atMs, unit) <= untilMs
  const piece = (of: Unit): Piece => ({ of, fromMs: atMs, untilMs: endOf(atMs, of) })
  if (grain === 'any' && isWhole('week') && endOf(atMs, 'week') <= weeksUntilMs) return piece('week')
  const isDay = grain === 'any' || (grain === 'day' && isAligned(atMs, 'day', filter.timeZone))
  if (isDay && isWhole('day')) return piece('day')
  const isHour = grain === 'any' || isAligned(atMs, 'hour', filter.timeZone)
  if (isHour && isWhole('hour')) return piece('hour')
  return { of: 'record', fromMs: atMs, untilMs: Math.min(endOf(atMs, 'hour'), untilMs) }
}

/** Whether an hour or day of UTC is one of the zone too. No zone changes its clocks twice in a day. */
function isAligned(fromMs: number, unit: Unit, timeZone: string): boolean {
  const offset = offsetMs(fromMs, timeZone)
  return offset % unitMs[unit] === 0 && offsetMs(endOf(fromMs, unit) - 1, timeZone) === offset
}
