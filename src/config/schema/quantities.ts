import * as z from 'zod'

const weekSeconds = 604_800

/** A duration in seconds; a week at most, so that every timer can hold it. */
export function seconds(min = 0.01, max = weekSeconds) {
  return z.number().min(min).max(max)
}

/** A whole number of things. */
export function count(min = 1, max = 1_000_000_000) {
  return z.number().int().min(min).max(max)
}

/** A size in megabytes. */
export function megabytes(min = 0.001, max = 1_000_000_000) {
  return z.number().min(min).max(max)
}

/** A text that is not empty. */
export function words() {
  return z.string().min(1)
}
