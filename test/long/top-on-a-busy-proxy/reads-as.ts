// What a figure on the screen says, read as a person reads it. None of this is what draws them.

const scales: Readonly<Record<string, number>> = {
  ...{ '': 1, k: 1e3, M: 1e6, G: 1e9, T: 1e12, '%': 0.01 },
  ...{ ms: 1, s: 1e3, m: 60e3, h: 3_600e3, d: 86_400e3 },
}

const number = /^(<)?\$?(\d[\d,]*|(?=\.))(?:\.(\d+))?(ms|[kMGTsmhd%])?$/
const compound = /^(\d+)([mhd])(\d+)([smh])$/

/** Whether a text says this number, rounded to its last digit; `—` says that nobody knows. */
export function readsAs(text: string, value: number | null): boolean {
  const range = rangeOf(text)
  if (range === null || value === null) return text === '—' && value === null
  // What is not nothing never reads as nothing.
  if (text.startsWith('<')) return value > 0 && value < range.to
  // Beyond what a rounding in binary may add.
  const slack = 1e-9 * Math.max(1, Math.abs(range.to))
  return value >= range.from - slack && value <= range.to + slack
}

/** An age is cut, not rounded: it says seconds that are over. */
export function readsAsAge(text: string, ms: number | null): boolean {
  if (ms === null || text === '—') return text === '—' && ms === null
  const range = rangeOf(text)
  if (range === null) return false
  const shown = (range.from + range.to) / 2
  const step = range.to - range.from
  return ms < 60_000 ? ms >= shown && ms < shown + step : Math.abs(ms - shown) <= step
}

/** What we counted ourselves has a `~` before it, and nothing else has. */
export function readsAsCounted(text: string, value: number | null, isCounted = true): boolean {
  if (value === null) return text === '—'
  return text.startsWith('~') === isCounted && readsAs(text.replace('~', ''), value)
}

/** All numbers that are written so. */
function rangeOf(text: string): { from: number; to: number } | null {
  const [, less, whole = '', decimals = '', unit = ''] = number.exec(text) ?? []
  const scale = scales[unit] ?? 1
  if (whole !== '' || decimals !== '') {
    const shown = Number(`${whole.replaceAll(',', '')}.${decimals}`) * scale
    if (less !== undefined) return { from: 0, to: shown }
    const half = 0.5 * 10 ** -decimals.length * scale
    return { from: shown - half, to: shown + half }
  }
  const [, first, large = '', second, small = ''] = compound.exec(text) ?? []
  if (first === undefined) return null
  const shown = Number(first) * (scales[large] ?? 0) + Number(second) * (scales[small] ?? 0)
  return { from: shown - 0.5 * (scales[small] ?? 0), to: shown + 0.5 * (scales[small] ?? 0) }
}
