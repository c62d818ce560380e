import { unknownMark } from '../cli/numbers.ts'

// Numbers of a fixed greatest width, so that no column ever breaks. The unknown is a dash, never 0.

/** At most 5 columns: `987`, `48.2k`, `1.2M`. */
export function tokensFigure(count: number | null): string {
  return count === null ? unknownMark : scaled(Math.max(0, Math.round(count)))
}

/** At most 5 columns: `4,812`, then as tokens. */
export function countFigure(count: number | null): string {
  if (count === null) return unknownMark
  const whole = Math.max(0, Math.round(count))
  return whole < 10_000 ? whole.toLocaleString('en-US') : scaled(whole)
}

/** At most 5 columns: `0.0`, `4.2`, `78`, `1.9k`. */
export function rateFigure(perSecond: number | null): string {
  if (perSecond === null) return unknownMark
  const rate = Math.max(0, perSecond)
  if (rate > 0 && rate < 0.05) return '<0.1'
  return rate < 9.95 ? rate.toFixed(1) : scaled(Math.round(rate))
}

/** At most 5 columns: `380ms`, `1.6s`, `31.0s`, `1m04s`, `3h05m`, `12.4h`, `3d04h`, `410d`. */
export function durationFigure(durationMs: number | null): string {
  if (durationMs === null) return unknownMark
  const ms = Math.max(0, durationMs)
  if (ms < 999.5) return `${Math.round(ms)}ms`
  if (ms < 59_950) return `${(ms / 1_000).toFixed(1)}s`
  const seconds = Math.round(ms / 1_000)
  if (seconds < 600) return `${Math.floor(seconds / 60)}m${two(seconds % 60)}s`
  const minutes = Math.round(seconds / 60)
  if (minutes < 60) return `${minutes}m`
  if (minutes < 600) return `${Math.floor(minutes / 60)}h${two(minutes % 60)}m`
  const hours = ms / 3_600_000
  if (hours < 99.95) return `${hours.toFixed(1)}h`
  const days = Math.round(hours / 24)
  return days < 10_000 ? `${days}d` : '>27y'
}

/** At most 6 columns: `$0.091`, `$21.40`, `$123.4`, `$1.2k`; what is not nothing never reads as nothing. */
export function usdFigure(amount: number | null): string {
  if (amount === null) return unknownMark
  const usd = Math.max(0, amount)
  if (usd === 0) return '$0.00'
  if (usd < 0.0005) return '<$.001'
  if (usd < 0.9995) return `$${usd.toFixed(3)}`
  if (usd < 99.995) return `$${usd.toFixed(2)}`
  return usd < 999.95 ? `$${usd.toFixed(1)}` : `$${scaled(usd)}`
}

/** At most 5 columns: `0%`, `1.2%`, `100%`. */
export function percentFigure(ratio: number | null): string {
  if (ratio === null) return unknownMark
  const percent = Math.min(999, Math.max(0, ratio * 100))
  if (percent > 0 && percent < 0.05) return '<0.1%'
  return percent === 0 || percent >= 9.95 ? `${percent.toFixed(0)}%` : `${percent.toFixed(1)}%`
}

/** What was counted by us, not reported by the provider. */
export function counted(figure: string): string {
  return figure === unknownMark ? figure : `~${figure}`
}

const units = [
  ['', 1],
  ['k', 1e3],
  ['M', 1e6],
  ['G', 1e9],
  ['T', 1e12],
] as const

function scaled(value: number): string {
  if (value >= 9.995e14) return '>999T'
  const [unit, size] = units.find(([, one]) => value < one * 999.5) ?? units[4]
  const inUnit = value / size
  if (unit === '') return String(Math.round(inUnit))
  return `${inUnit >= 99.95 ? inUnit.toFixed(0) : inUnit.toFixed(1)}${unit}`
}

function two(value: number): string {
  return String(value).padStart(2, '0')
}
