import type { Series } from '../core/live-snapshot.ts'

const bars = '▁▂▃▄▅▆▇█'
const barLength = 8

/**
 * One bar per value, scaled to the largest, and a gap where nothing was measured. With less room than values a bar is
 * the highest of a few, which are the same few from one refresh to the next: `newestStep` is the number of the last
 * step since any fixed time.
 */
export function sparkline(series: Series, width: number, newestStep = 0): string {
  if (width <= 0 || series.length === 0) return ' '.repeat(Math.max(0, width))
  const values = series.length <= width ? series : grouped(series, width, newestStep)
  const peak = Math.max(0, ...values.map((value) => value ?? 0))
  return values
    .map((value) => bar(value, peak))
    .join('')
    .padStart(width)
}

/** `▇▇▇▇░░░░`; null: nothing is known. */
export function ratioBar(ratio: number | null): string {
  if (ratio === null) return ''
  const full = Math.round(Math.min(1, Math.max(0, ratio)) * barLength)
  return '▇'.repeat(full) + '░'.repeat(barLength - full)
}

function bar(value: number | null, peak: number): string {
  if (value === null) return ' '
  const height = peak === 0 ? 0 : Math.round((Math.max(0, value) / peak) * (bars.length - 1))
  return bars.charAt(height)
}

function grouped(series: Series, width: number, newestStep: number): Series {
  // One group is begun only: it must not make one too many.
  const size = Math.ceil(series.length / Math.max(1, width - 1))
  const groups: (number | null)[] = []
  let end = series.length
  for (let length = (newestStep % size) + 1; end > 0 && groups.length < width; length = size) {
    groups.unshift(highest(series.slice(Math.max(0, end - length), end)))
    end -= length
  }
  return groups
}

function highest(values: Series): number | null {
  const known = values.filter((value) => value !== null)
  return known.length === 0 ? null : Math.max(...known)
}
