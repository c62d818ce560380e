import { type HeaderPairs, headerValue } from '../../core/http.ts'

/** How long a provider asks to wait: `retry-after-ms`, else `retry-after` in seconds or as a date (RFC 9110 §10.2.3). */
export function retryAfterMs(headers: HeaderPairs, nowMs: number): number | null {
  const inMs = headerValue(headers, 'retry-after-ms')
  if (inMs !== undefined && Number.isFinite(Number(inMs)) && Number(inMs) >= 0) return Number(inMs)
  const after = headerValue(headers, 'retry-after')
  if (after === undefined || after.trim() === '') return null
  const seconds = Number(after)
  if (Number.isFinite(seconds)) return seconds >= 0 ? seconds * 1000 : null
  const atMs = Date.parse(after)
  return Number.isNaN(atMs) ? null : Math.max(0, atMs - nowMs)
}
