/** `13:04:20`, local time. */
export function clockTime(atMs: number): string {
  const at = new Date(atMs)
  return [at.getHours(), at.getMinutes(), at.getSeconds()].map(twoDigits).join(':')
}

/** `40ms`, `0.4s`, `14.2s`, `1m04s`, `2h05m`. */
export function duration(ms: number): string {
  if (ms < 99.5) return `${Math.round(ms)}ms`
  if (ms < 59_950) return `${(ms / 1000).toFixed(1)}s`
  const seconds = Math.round(ms / 1000)
  if (seconds < 3600) return `${Math.floor(seconds / 60)}m${twoDigits(seconds % 60)}s`
  const minutes = Math.round(seconds / 60)
  return `${Math.floor(minutes / 60)}h${twoDigits(minutes % 60)}m`
}

/** `812`, `48.2k`, `1.2M`; `—` when it is not known. */
export function tokenCount(tokens: number | null | undefined): string {
  if (tokens === null || tokens === undefined) return '—'
  if (tokens < 1000) return String(tokens)
  return tokens < 999_950 ? `${(tokens / 1000).toFixed(1)}k` : `${(tokens / 1e6).toFixed(1)}M`
}

/** `$0.091`, `$12.40`; what is not nothing never reads as nothing. */
export function dollars(usd: number): string {
  if (usd === 0) return '$0'
  if (usd < 0.0005) return '<$0.001'
  return usd < 1 ? `$${usd.toFixed(3)}` : `$${usd.toFixed(2)}`
}

function twoDigits(number: number): string {
  return String(number).padStart(2, '0')
}
