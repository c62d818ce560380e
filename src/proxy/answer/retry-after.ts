import { type HeaderPairs, headerValue } from '../../core/http.ts'

/** A year: whoever asks for longer says that waiting is of no use, and it must stay a number that can be sent on. */
const longestMs = 365 * 86_400_000

const decimal = /^\s*\d+(?:\.\d*)?\s*$/

/** How long a provider asks to wait: `retry-after-ms`, else `retry-after` in seconds or as a date (RFC 9110 §10.2.3). */
export function retryAfterMs(headers: HeaderPairs, nowMs: number): number | null {
  const inMs = headerValue(headers, 'retry-after-ms')
  if (inMs !== undefined && decimal.test(inMs)) return Math.min(longestMs, Number(inMs))
  const after = headerValue(headers, 'retry-after')
  if (after === undefined) return null
  if (decimal.test(after)) return Math.min(longestMs, Number(after) * 1000)
  // `Date.parse` takes `-1` for a year.
  const atMs = /[a-z]/i.test(after) ? Date.parse(after) : Number.NaN
  return Number.isNaN(atMs) ? null : Math.min(longestMs, Math.max(0, atMs - nowMs))
}
