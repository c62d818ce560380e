import type { UsageFilter } from '../query/filter.ts'
import { fitsClock } from '../query/fits.ts'
import { dayMs, hourMs, offsetMs } from '../query/local-time.ts'

/** A stretch of time, its end exclusive, and what is read for it. */
export interface Piece {
  from: 'days' | 'hours' | 'records'
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
}

/**
 * Covers a stretch of time with whole days, whole hours and, where neither serves, single records: at its edges, and
 * where an hour of UTC belongs to two hours or days of the zone. Days and hours are those of UTC; those that the filter's
 * hours and weekdays leave out are left out.
 */
export function cover(question: CoverQuestion): Piece[] {
  const pieces: Piece[] = []
  let atMs = question.fromMs
  while (atMs < question.untilMs) {
    const piece = nextPiece(atMs, question)
    atMs = piece.untilMs
    if (piece.from !== 'records' && !fitsClock(piece.fromMs, question.filter)) continue
    const last = pieces.at(-1)
    if (last?.from === piece.from && last.untilMs === piece.fromMs) last.untilMs = piece.untilMs
    else pieces.push(piece)
  }
  return pieces
}

function nextPiece(atMs: number, { untilMs, filter, grain }: CoverQuestion): Piece {
  const { timeZone } = filter
  const dayEnd = endOf(atMs, dayMs)
  const isWholeDay = atMs % dayMs === 0 && dayEnd <= untilMs
  if (isWholeDay && (grain === 'any' || (grain === 'day' && isAligned(atMs, dayEnd, timeZone, dayMs)))) {
    return { from: 'days', fromMs: atMs, untilMs: dayEnd }
  }
  const hourEnd = endOf(atMs, hourMs)
  const isWholeHour = atMs % hourMs === 0 && hourEnd <= untilMs
  if (isWholeHour && (grain === 'any' || isAligned(atMs, hourEnd, timeZone, hourMs))) {
    return { from: 'hours', fromMs: atMs, untilMs: hourEnd }
  }
  return { from: 'records', fromMs: atMs, untilMs: Math.min(hourEnd, untilMs) }
}

/** Whether a whole hour or day of UTC is one of the zone too. No zone changes its clocks twice in a day. */
function isAligned(fromMs: number, untilMs: number, timeZone: string, unitMs: number): boolean {
  const offset = offsetMs(fromMs, timeZone)
  return offset % unitMs === 0 && offsetMs(untilMs - 1, timeZone) === offset
}

export function beginOf(atMs: number, unitMs: number): number {
  return Math.floor(atMs / unitMs) * unitMs
}

function endOf(atMs: number, unitMs: number): number {
  return beginOf(atMs, unitMs) + unitMs
}
