/** The value below which the share `quantile` (0 to 1) of the values lies; NaN without values. */
export function quantileOf(values: readonly number[], quantile: number): number {
  const sorted = Float64Array.from(values).sort()
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * quantile))] ?? Number.NaN
}

/** `p50 0.2, p99 1.3, max 4.0` */
export function spreadText(values: readonly number[], digits = 1): string {
  const parts = [0.5, 0.99, 1].map((quantile) => quantileOf(values, quantile).toFixed(digits))
  return `p50 ${parts[0]}, p99 ${parts[1]}, max ${parts[2]}`
}

/** A number generator that gives the same numbers for the same seed (mulberry32), from 0 up to 1. */
export function seededNumbers(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }
}
