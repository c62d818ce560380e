import type { SideCost } from '../session-costs.ts'

/** One side's costs, session by session in one order; 0 requests: the session has none on this side. */
export interface Side {
  requests: Float64Array
  /** What a session cost more than as many requests of the mean cost. */
  excess: Float64Array
  /** Of a request; NaN without any. */
  mean: number
  /** That have requests on this side. */
  sessions: number
}

export function sideOf(costs: readonly SideCost[]): Side {
  let [requests, nanoUsd, sessions] = [0, 0, 0]
  for (const cost of costs) {
    requests += cost.requests
    nanoUsd += cost.nanoUsd
    if (cost.requests > 0) sessions++
  }
  const mean = nanoUsd / requests
  return {
    requests: Float64Array.from(costs, (cost) => cost.requests),
    excess: Float64Array.from(costs, (cost) =>
      cost.requests === 0 ? 0 : cost.nanoUsd - mean * cost.requests,
    ),
    ...{ mean, sessions },
  }
}

/** What both sides' sessions hold, one behind the other; only those that hold any. */
export function pooled(...sides: readonly Side[]): Pick<Side, 'requests' | 'excess'> {
  const [requests, excess]: [number[], number[]] = [[], []]
  for (const side of sides) {
    for (const [at, count] of side.requests.entries()) {
      if (count === 0) continue
      requests.push(count)
      excess.push(side.excess[at] as number)
    }
  }
  return { requests: Float64Array.from(requests), excess: Float64Array.from(excess) }
}

/** A side's sessions, each taken so many times. */
export interface Drawn extends Pick<Side, 'requests' | 'excess'> {
  times: Int32Array
  /** Requests in all. */
  total: number
  /** By how much their mean cost is more than the side's; NaN without requests. */
  shift: number
}

export function drawn({ requests, excess }: Pick<Side, 'requests' | 'excess'>, times: Int32Array): Drawn {
  let [total, sum] = [0, 0]
  for (let at = 0; at < times.length; at++) {
    const taken = times[at] as number
    total += taken * (requests[at] as number)
    sum += taken * (excess[at] as number)
  }
  return { requests, excess, times, total, shift: sum / total }
}

/** By how much the mean falls when one of these sessions is left out once. Not finite where there is no other. */
function fallWithout({ requests, excess, total, shift }: Drawn, at: number): number {
  const count = requests[at] as number
  return ((excess[at] as number) - shift * count) / (total - count)
}

/** The jackknife's variance of a mean. */
export function varianceOf(side: Drawn): number {
  let sum = 0
  for (let at = 0; at < side.times.length; at++) {
    const taken = side.times[at] as number
    if (taken > 0) sum += taken * fallWithout(side, at) ** 2
  }
  return sum
}

/** The jackknife's variance of the difference of two means of the same sessions, drawn together. */
export function varianceOfDifference(one: Drawn, other: Drawn): number {
  let sum = 0
  for (let at = 0; at < one.times.length; at++) {
    const taken = one.times[at] as number
    if (taken > 0) sum += taken * (fallWithout(one, at) - fallWithout(other, at)) ** 2
  }
  return sum
}
