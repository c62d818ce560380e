import { setImmediate as otherWork } from 'node:timers/promises'
import { type Roll, seededRolls } from '../../rolls.ts'
import type { Slices } from '../slices.ts'
import { drawn, pooled, type Side, varianceOf, varianceOfDifference } from './sides.ts'

const seed = 30_601

/** Below this share of the whole's standard error it is what rounding left of 0. */
const leastShare = 1e-9

export interface Resampling {
  replaced: Side
  baseline: Side
  /** The standard error of the difference of their means. */
  error: number
  count: number
  slices: Slices
}

/** Values of t, each from as many sessions as there are, drawn from all of them and each drawn whole. */
export function fromWhole(resampling: Resampling): Promise<Float64Array> {
  const { replaced, baseline } = resampling
  const times = new Int32Array(replaced.requests.length)
  return values(resampling, (roll) => {
    draw(times, times.length, roll)
    const [one, other] = [drawn(replaced, times), drawn(baseline, times)]
    return { shift: one.shift - other.shift, variance: varianceOfDifference(one, other) }
  })
}

/** Values of t, each from as many sessions on each side as it has, drawn from what the sessions of both sides hold. */
export function fromPool(resampling: Resampling): Promise<Float64Array> {
  const { replaced, baseline } = resampling
  const pool = pooled(replaced, baseline)
  const [times, otherTimes] = [new Int32Array(pool.requests.length), new Int32Array(pool.requests.length)]
  return values(resampling, (roll) => {
    draw(times, replaced.sessions, roll)
    draw(otherTimes, baseline.sessions, roll)
    const [one, other] = [drawn(pool, times), drawn(pool, otherTimes)]
    return { shift: one.shift - other.shift, variance: varianceOf(one) + varianceOf(other) }
  })
}

async function values(
  { error, count, slices }: Resampling,
  resample: (roll: Roll) => { shift: number; variance: number },
): Promise<Float64Array> {
  const roll = seededRolls(seed)
  const found = new Float64Array(count)
  for (let at = 0; at < count; ) {
    const { shift, variance } = resample(roll)
    if (slices.isOver()) await otherWork()
    // None of the drawn sessions has a request on one of the sides.
    if (Number.isNaN(shift)) continue
    const isTold = variance > (leastShare * error) ** 2 && Number.isFinite(variance)
    found[at++] = isTold ? shift / Math.sqrt(variance) : shift * Number.POSITIVE_INFINITY
  }
  return found
}

function draw(times: Int32Array, count: number, roll: Roll): void {
  times.fill(0)
  for (let drawnSoFar = 0; drawnSoFar < count; drawnSoFar++) {
    const at = Math.floor(roll() * times.length)
    times[at] = (times[at] as number) + 1
  }
}
