const dayMs = 86_400_000

/** More than any limit that means something: some hosts write the largest integer for "none". */
const mostCounted = 1e12
const longestValue = 64

const unitMs: Readonly<Record<string, number>> = {
  d: dayMs,
  h: 3_600_000,
  m: 60_000,
  s: 1_000,
  ms: 1,
  us: 1e-3,
  µs: 1e-3,
  μs: 1e-3,
  ns: 1e-6,
}

/** A number that is not negative and not out of all reason; null for anything else. */
export function countIn(text: string | null, most = mostCounted): number | null {
  if (text === null || text.length > longestValue || !/^\d+(\.\d+)?$/.test(text)) return null
  const count = Number(text)
  return count <= most ? count : null
}

/**
 * When a limit is whole again. `text` is Go's duration (`6m0s`, `20ms`), seconds from now, seconds or milliseconds
 * since 1970, or RFC 3339; null where it is none of them, or not about the time of the answer.
 */
export function resetAtMs(text: string | null, answeredAtMs: number): number | null {
  if (text === null || text.length > longestValue) return null
  const atMs = absoluteMs(text) ?? afterMs(text, answeredAtMs)
  if (atMs === null) return null
  const isPlausible = atMs >= answeredAtMs - dayMs && atMs <= answeredAtMs + 366 * dayMs
  return isPlausible ? Math.round(atMs) : null
}

function absoluteMs(text: string): number | null {
  const number = countIn(text, 1e14)
  // A year has 3e7 seconds: what is far above is a time, in milliseconds where seconds would be the year 5138.
  if (number !== null) return number < 1e9 ? null : number < 1e11 ? number * 1_000 : number
  if (!/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$/i.test(text)) return null
  const atMs = Date.parse(text)
  return Number.isNaN(atMs) ? null : atMs
}

function afterMs(text: string, answeredAtMs: number): number | null {
  const seconds = countIn(text, 1e9)
  if (seconds !== null) return answeredAtMs + seconds * 1_000
  if (!/^(\d+(\.\d+)?(d|h|ms|m|s|us|µs|μs|ns))+$/.test(text)) return null
  let sumMs = 0
  for (const [, value, unit = ''] of text.matchAll(/([\d.]+)([a-zµμ]+)/g)) {
    sumMs += Number(value) * (unitMs[unit] ?? 0)
  }
  return answeredAtMs + sumMs
}
