/** The middle of values of different weight, and how sure it is. */
export interface Estimate {
  mid: number
  /** The middle of what is measured lies between these, but once in hundreds of times. */
  low: number
  high: number
  /** From the first tenth of the weight to the last. */
  range: number
}

export interface Weighed {
  value: number
  weight: number
}

/** Three standard deviations of the number of coins of n that show heads, as a share of n, are 1.5 / √n. */
const deviations = 1.5

/**
 * Values that stray wildly do not move the middle, and nothing is taken for granted of how they stray. Null where there
 * are too few to say anything.
 */
export function estimateOf(values: Weighed[]): Estimate | null {
  values.sort((a, b) => a.value - b.value)
  let total = 0
  let squares = 0
  for (const { weight } of values) {
    total += weight
    squares += weight * weight
  }
  const margin = deviations / Math.sqrt((total * total) / squares)
  if (!(margin < 0.5)) return null
  return {
    mid: quantile(values, total * 0.5),
    low: quantile(values, total * (0.5 - margin)),
    high: quantile(values, total * (0.5 + margin)),
    range: quantile(values, total * 0.9) - quantile(values, total * 0.1),
  }
}

function quantile(sorted: readonly Weighed[], share: number): number {
  let passed = 0
  for (const { value, weight } of sorted) {
    passed += weight
    if (passed >= share) return value
  }
  return sorted.at(-1)?.value ?? 0
}
