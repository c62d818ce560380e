import { exitCodes } from '../../exit-codes.ts'
import { Failure } from '../../failure.ts'

/** `usage/query/dates.ts`: dates, `7d`, `today`; handed in. */
export type ParseBound = (
  text: string,
  bound: 'start' | 'end',
  context: { timeZone: string; nowMs: number; param: string },
) => number

const epoch = /^\d{9,}(?:\.\d+)?$/
const timeOfDay = /^(\d{1,2}):(\d{2})(?::(\d{2})(?:\.(\d{1,3})\d*)?)?$/
const seconds = /^(\d{1,6})s$/
/** Seconds since 1970 have ten digits until the year 2286. */
const leastMilliseconds = 1e11

/**
 * A time as the usage commands read it, and as the original does: seconds since 1970, or a time of today. An end is
 * inclusive at the precision written. In milliseconds, an end exclusive.
 */
export function timeBound(
  text: string,
  bound: 'start' | 'end',
  flag: string,
  parseBound: ParseBound,
  nowMs = Date.now(),
): number {
  const word = text.trim()
  if (epoch.test(word)) return epochBound(Number(word), bound)
  const ago = seconds.exec(word)
  if (ago) return nowMs - Number(ago[1]) * 1000
  const today = todayBound(word, bound, nowMs)
  if (today !== null) return today
  const timeZone = Intl.DateTimeFormat().resolvedOptions().timeZone
  try {
    return parseBound(word, bound, { timeZone, nowMs, param: flag })
  } catch (cause) {
    const shown = JSON.stringify(text.slice(0, 64))
    const message = `${flag}: ${shown} is no time; write 2026-11-27T13:00:05, 13:00, 10m, today or seconds since 1970`
    throw new Failure(message, exitCodes.usage, [], cause)
  }
}

/** A moment, however precise: what happened at it is meant too. */
function epochBound(value: number, bound: 'start' | 'end'): number {
  const ms = value >= leastMilliseconds ? value : value * 1000
  return bound === 'start' ? ms : ms + 0.001
}

function todayBound(word: string, bound: 'start' | 'end', nowMs: number): number | null {
  const found = timeOfDay.exec(word)
  if (!found) return null
  const [, hour, minute, second, fraction] = found
  const parts = [hour, minute, second ?? 0].map(Number) as [number, number, number]
  if (parts[0] > 23 || parts[1] > 59 || parts[2] > 59) return null
  const precisionMs = fraction !== undefined ? 1 : second !== undefined ? 1_000 : 60_000
  const date = new Date(nowMs)
  date.setHours(...parts, Number((fraction ?? '').padEnd(3, '0')))
  return bound === 'start' ? date.getTime() : date.getTime() + precisionMs
}
