import type { SessionCost, SideCost } from '../session-costs.ts'
import type { Slices } from '../slices.ts'
import { fromPool, fromWhole } from './resamples.ts'
import { drawn, sideOf, varianceOfDifference } from './sides.ts'

/** With 999 the quantiles at 2.5, 95 and 97.5 % are members of the sample (Davison and Hinkley 1997, §5.2). */
const resamples = 999

/**
 * The 95 % interval of the difference replaced − baseline in what a request costs, in nano-dollars, from sessions in any
 * order; null where a side has fewer than two with a known cost, or too few to tell a bound.
 *
 * Sessions, not requests, are what is independent, so sessions are drawn, each whole, as often as there are (pairs
 * cluster bootstrap: Cameron, Gelbach and Miller 2008). Each difference that is found so is divided by a standard error
 * of its own, the jackknife's over sessions (CV3: MacKinnon, Nielsen and Webb 2023). Of these t, an arm of the interval is
 *
 * - at least the 95 % quantile of |t| (symmetric bootstrap-t: Hall 1988), and
 * - at least what the quantiles at 2.5 and 97.5 % say where both sides draw from the sessions of both, each side's own
 *   mean taken off: few replaced sessions seldom have one of the dear ones among them, many baseline ones do.
 *
 * The arm away from 0 is longer by the second term of an exponential: the dearer mean cannot be negative, and is more
 * often too low than too high, as the logarithm of it is not (Zhou and Gao 1997).
 *
 * Chosen by measuring 1,000 ledgers without a difference of each of twenty shapes (30 to 600 sessions, lognormal costs
 * that go together in a session, sessions of 1 to 1,000 requests, down to a tenth of the sessions or 3 % of the requests
 * replaced). 0 was excluded by 5 to 15 % of the percentiles' intervals, 6 to 19 % of BCa's, 5 to 17 % of the equal-tailed
 * bootstrap-t's, 1 to 12 % of the symmetric one's alone, and 1 to 5 % of these. Where there is a difference, 3 to 5 % miss
 * it with costs that are alike, up to 12 % with very uneven ones, of so few sessions: those are too near 0.
 * `test/long/replacement-calibration.test.ts` measures it again.
 */
export async function costInterval(
  sessions: readonly SessionCost[],
  slices: Slices,
): Promise<[low: number, high: number] | null> {
  const sorted = [...sessions].sort(inOrder)
  const replaced = sideOf(sorted.map((session) => session.replaced))
  const baseline = sideOf(sorted.map((session) => session.baseline))
  if (replaced.sessions < 2 || baseline.sessions < 2) return null
  const difference = replaced.mean - baseline.mean
  const once = new Int32Array(sorted.length).fill(1)
  const error = Math.sqrt(varianceOfDifference(drawn(replaced, once), drawn(baseline, once)))
  if (error === 0) return [difference, difference]
  const resampling = { replaced, baseline, error, count: resamples, slices }
  const whole = await fromWhole(resampling)
  const pool = (await fromPool(resampling)).sort()
  const both = quantile(whole.map(Math.abs).sort(), 0.95)
  const below = Math.max(both, quantile(pool, 0.975)) * error
  const above = Math.max(both, -quantile(pool, 0.025)) * error
  const dear = Math.max(replaced.mean, baseline.mean)
  const low = difference - (difference < 0 ? stretched(below, dear) : below)
  const high = difference + (difference > 0 ? stretched(above, dear) : above)
  return Number.isFinite(low) && Number.isFinite(high) ? [low, high] : null
}

function stretched(arm: number, mean: number): number {
  return arm * (1 + arm / (2 * mean))
}

function quantile(sorted: Float64Array, share: number): number {
  return sorted[Math.round(share * (sorted.length + 1)) - 1] ?? Number.NaN
}

/** By what they hold: of two that hold the same it does not matter which is first. */
function inOrder(a: SessionCost, b: SessionCost): number {
  return bySide(a.replaced, b.replaced) || bySide(a.baseline, b.baseline)
}

function bySide(a: SideCost, b: SideCost): number {
  return a.requests - b.requests || a.nanoUsd - b.nanoUsd
}
