import { LRUCache } from 'lru-cache'

export const hourMs = 3_600_000
export const dayMs = 86_400_000
export const weekMs = 7 * dayMs

/** A moment as clocks in a time zone show it. */
export interface LocalTime {
  year: number
  /** 1–12 */
  month: number
  day: number
  hour: number
  /** 0 = Monday */
  weekday: number
}

/** No zone changes its offset within a quarter of an hour that begins at a full one. */
const offsetsHoldMs = 900_000
const formats = new LRUCache<string, Intl.DateTimeFormat>({ max: 50 })
const offsets = new LRUCache<string, number>({ max: 20_000 })

/** Throws RangeError for a zone that nobody knows. */
function formatOf(zone: string): Intl.DateTimeFormat {
  const known = formats.get(zone)
  if (known) return known
  const format = new Intl.DateTimeFormat('en-US', {
    ...{ timeZone: zone, calendar: 'iso8601', numberingSystem: 'latn', hourCycle: 'h23' },
    ...{ year: 'numeric', month: 'numeric', day: 'numeric' },
    ...{ hour: 'numeric', minute: 'numeric', second: 'numeric' },
  })
  formats.set(zone, format)
  return format
}

export function isTimeZone(zone: string): boolean {
  try {
    formatOf(zone)
    return true
  } catch {
    return false
  }
}

/** Milliseconds to add to UTC for the local clock. */
export function offsetMs(atMs: number, zone: string): number {
  if (zone === 'UTC') return 0
  const beginsMs = Math.floor(atMs / offsetsHoldMs) * offsetsHoldMs
  const key = `${zone} ${beginsMs}`
  const known = offsets.get(key)
  if (known !== undefined) return known
  const parts = Object.fromEntries(
    formatOf(zone)
      .formatToParts(beginsMs)
      .map(({ type, value }) => [type, Number(value)]),
  ) as Record<string, number>
  const { year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0 } = parts
  const offset = Date.UTC(year, month - 1, day, hour, minute, second) - beginsMs
  offsets.set(key, offset)
  return offset
}

export function localTime(atMs: number, zone: string): LocalTime {
  const shifted = new Date(atMs + offsetMs(atMs, zone))
  return {
    year: shifted.getUTCFullYear(),
    month: shifted.getUTCMonth() + 1,
    day: shifted.getUTCDate(),
    hour: shifted.getUTCHours(),
    weekday: (shifted.getUTCDay() + 6) % 7,
  }
}

/** The moment that a local clock shows so; of two (summer time ends), the first; of none, the one after the gap. */
export function utcOf(localMs: number, zone: string): number {
  const first = localMs - offsetMs(localMs - dayMs, zone)
  if (first + offsetMs(first, zone) === localMs) return first
  const second = localMs - offsetMs(localMs + dayMs, zone)
  if (second + offsetMs(second, zone) === localMs) return second
  return first
}
