/** What stands for a value that nobody knows. */
export const unknownMark = '—'

/** `1,204` */
export function countText(count: number): string {
  return count.toLocaleString('en-US')
}

/** `987`, `48.2k`, `1.2M`: three digits say enough. */
export function tokensText(tokens: number): string {
  for (const [unit, size] of [
    ['G', 1e9],
    ['M', 1e6],
    ['k', 1e3],
  ] as const) {
    if (tokens < size * 0.9995) continue
    const value = tokens / size
    return `${value >= 99.95 ? value.toFixed(0) : value.toFixed(1)}${unit}`
  }
  return String(tokens)
}

/** `$12.40`, below a dollar `$0.0912`; what is not nothing never reads as nothing. */
export function usdText(usd: number | null): string {
  if (usd === null) return unknownMark
  if (usd === 0) return '$0.00'
  if (Math.abs(usd) < 0.00005) return '<$0.0001'
  return Math.abs(usd) < 1 ? `$${usd.toFixed(4)}` : `$${withCommas(usd.toFixed(2))}`
}

/** `410 ms`, `1.9 s`, `1m04s`, `2h05m` */
export function durationText(ms: number | null | undefined): string {
  if (ms === null || ms === undefined) return unknownMark
  if (ms < 999.5) return `${Math.round(ms)} ms`
  if (ms < 59_950) return `${(ms / 1000).toFixed(1)} s`
  const seconds = Math.round(ms / 1000)
  const two = (value: number) => String(value).padStart(2, '0')
  if (seconds < 3_600) return `${Math.floor(seconds / 60)}m${two(seconds % 60)}s`
  return `${Math.floor(seconds / 3_600)}h${two(Math.floor((seconds % 3_600) / 60))}m`
}

/** `12.3%`; one decimal below ten. */
export function percentText(ratio: number | null): string {
  if (ratio === null) return unknownMark
  const percent = ratio * 100
  return percent === 0 || percent >= 9.95 ? `${percent.toFixed(0)}%` : `${percent.toFixed(1)}%`
}

function withCommas(text: string): string {
  return text.replace(/\B(?=(\d{3})+(?!\d)(?=\.))/g, ',')
}
