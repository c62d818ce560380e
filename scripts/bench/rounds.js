import { quantileOf } from '../../test/support/load-numbers.ts'

/**
 * Measures each target twice in each round, there and back (direct, relay, proxy, proxy, relay, direct), so that a
 * machine that slows down or speeds up meanwhile does so for all. Per target and round: both results.
 */
export async function inRounds(targets, rounds, measure) {
  const results = []
  for (let round = 0; round < rounds; round++) {
    const found = Object.fromEntries(Object.keys(targets).map((name) => [name, []]))
    for (const name of [...Object.keys(targets), ...Object.keys(targets).reverse()]) {
      found[name].push(await measure(targets[name]))
    }
    results.push(found)
  }
  return results
}

/** What `through` adds to `direct` at a quantile of all samples of a round: one number per round. */
export function addedPerRound(results, through, quantile) {
  return results.map(
    (round) => quantileOf(round[through].flat(), quantile) - quantileOf(round.direct.flat(), quantile),
  )
}

/** Median and range over the rounds. */
export function summary(values) {
  return { median: medianOf(values), least: Math.min(...values), most: Math.max(...values) }
}

function medianOf(values) {
  const sorted = values.toSorted((a, b) => a - b)
  return (sorted[Math.floor(sorted.length / 2)] + sorted[Math.ceil(sorted.length / 2) - 1]) / 2
}
