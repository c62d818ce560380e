import { ProxyError } from '../../core/errors.ts'
import { utcOf } from './local-time.ts'

const written =
  /^(\d{4})-(\d{2})(?:-(\d{2})(?:[T ](\d{2}):(\d{2})(?::(\d{2})(?:\.(\d{1,3})\d*)?)?)?)?(Z|[+ -]\d{2}:?\d{2})?$/i
const relative = /^(\d{1,6})(m|h|d|w)$/
const unitMs = { m: 60_000, h: 3_600_000, d: 86_400_000, w: 604_800_000 } as const

export interface DateContext {
  /** For dates without a zone of their own. */
  timeZone: string
  nowMs: number
  /** The parameter, for the error. */
  param: string
}

/**
 * A date as a bound of a window. As the end it is inclusive at the precision written: `2025-12-31` is that whole day,
 * `23:59:59` that whole second (`spec/http-api.md`). Also `24h`, `7d` (ago), `today`, `yesterday`, `now`. In
 * milliseconds; an end is exclusive. Throws `bad_request`.
 */
export function parseBound(text: string, bound: 'start' | 'end', context: DateContext): number {
  const word = text.trim()
  const found = wordBound(word, bound, context) ?? writtenBound(word, bound, context)
  if (found !== null) return found
  throw new ProxyError(
    'bad_request',
    `"${context.param}" is no date: ${JSON.stringify(text.slice(0, 64))}; write 2025-12-31, 2025-12-31T23:59:59Z, 24h, 7d or today`,
    { param: context.param },
  )
}

function wordBound(word: string, bound: 'start' | 'end', { timeZone, nowMs }: DateContext): number | null {
  const ago = relative.exec(word)
  if (ago) return nowMs - Number(ago[1]) * unitMs[ago[2] as keyof typeof unitMs]
  if (word === 'now') return nowMs
  if (word !== 'today' && word !== 'yesterday') return null
  return dayBegin(nowMs, timeZone, (word === 'today' ? 0 : -1) + (bound === 'end' ? 1 : 0))
}

function writtenBound(word: string, bound: 'start' | 'end', { timeZone }: DateContext): number | null {
  const found = written.exec(word)
  if (!found) return null
  const [, year, month, day, hour, minute, second, fraction, zone] = found
  const parts = [year, month, day ?? 1, hour ?? 0, minute ?? 0, second ?? 0].map(Number) as DateParts
  const [y, m, d, h, min, s] = parts
  const localMs = Date.UTC(y, m - 1, d, h, min, s, Number((fraction ?? '').padEnd(3, '0')))
  if (!isReal(localMs, parts)) return null
  if (bound === 'start') return inUtc(localMs, zone, timeZone)
  const next = day === undefined ? Date.UTC(y, m, 1) : localMs + precisionMs(hour, minute, second, fraction)
  return inUtc(next, zone, timeZone)
}

type DateParts = [year: number, month: number, day: number, hour: number, minute: number, second: number]

function precisionMs(...[hour, minute, second, fraction]: (string | undefined)[]): number {
  if (hour === undefined || minute === undefined) return 86_400_000
  if (second === undefined) return 60_000
  return fraction === undefined ? 1_000 : 1
}

/** Midnight of today and so many days, as clocks in the zone show it. */
function dayBegin(nowMs: number, timeZone: string, offsetDays: number): number {
  const shown = new Intl.DateTimeFormat('en-CA', { timeZone }).format(nowMs)
  return utcOf(Date.parse(`${shown}T00:00:00Z`) + offsetDays * 86_400_000, timeZone)
}

function inUtc(localMs: number, zone: string | undefined, timeZone: string): number {
  if (zone === undefined) return utcOf(localMs, timeZone)
  if (zone.toUpperCase() === 'Z') return localMs
  // A plus sign in a query is a blank once it is decoded.
  const sign = zone.startsWith('-') ? -1 : 1
  const [hours, minutes] = [zone.slice(1, 3), zone.slice(-2)].map(Number) as [number, number]
  return localMs - sign * (hours * 60 + minutes) * 60_000
}

/** The 30th of February is none. */
function isReal(ms: number, [year, month, day, hour, minute, second]: DateParts): boolean {
  const date = new Date(ms)
  return (
    date.getUTCFullYear() === year &&
    date.getUTCMonth() + 1 === month &&
    date.getUTCDate() === day &&
    date.getUTCHours() === hour &&
    date.getUTCMinutes() === minute &&
    date.getUTCSeconds() === second
  )
}
