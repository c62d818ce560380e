export interface Usual {
  medianSeconds: number
  /** What takes longer is out of the common. */
  limitSeconds: number
  count: number
}

const leastCompared = 8
const deviations = 5
/** Waits that are all alike still differ by something. */
const leastSpreadSeconds = 1

/** The median and five median deviations above it (reference §4.2, 2); null where there is too little to compare. */
export function usualOf(seconds: readonly number[], leastLimitSeconds: number): Usual | null {
  if (seconds.length < leastCompared) return null
  const median = medianOf(seconds)
  const deviation = medianOf(seconds.map((one) => Math.abs(one - median)))
  const limit = median + Math.max(deviations * deviation, leastSpreadSeconds)
  return {
    medianSeconds: median,
    limitSeconds: Math.max(limit, 2 * median, leastLimitSeconds),
    count: seconds.length,
  }
}

function medianOf(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b)
  const middle = sorted.length >> 1
  const upper = sorted[middle] ?? 0
  return sorted.length % 2 === 1 ? upper : (upper + (sorted[middle - 1] ?? upper)) / 2
}
