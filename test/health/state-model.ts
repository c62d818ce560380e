import type { Outcome } from '../../src/health/outcome.ts'

/** What happened to an endpoint, in order. Times are whole numbers. */
export type Happening =
  | { what: 'result'; kind: 'ping' | 'http'; beganNs: number; endedNs: number; outcome: Outcome }
  | { what: 'traffic'; atNs: number }
  | { what: 'forgotten'; kind: 'ping' | 'http'; atNs: number }

type ResultOf = Extract<Happening, { what: 'result' }>

/** What should be known after all that, worked out from the whole story each time. */
export function expectedAfter(story: readonly Happening[], thresholds: { ping: number; http: number }) {
  const pings = heard(story, 'ping')
  const probes = heard(story, 'http')
  const failedPings = trailingFailures(current(story, pings, 'ping'), () => true)
  const lastTrafficNs = story.reduce((last, one) => (one.what === 'traffic' ? one.atNs : last), -1)
  const lastTrafficPlace = story.findLastIndex((one) => one.what === 'traffic')
  const failedProbes = trailingFailures(
    current(story, probes, 'http').filter((probe) => story.indexOf(probe) > lastTrafficPlace),
    (probe) => probe.beganNs > lastTrafficNs,
  )
  const signsOfLife = [
    ...story.flatMap((one) => (one.what === 'traffic' ? [one.atNs] : [])),
    ...probes.flatMap((probe) => (probe.outcome.kind === 'success' ? [probe.endedNs] : [])),
  ]
  const firstNs = failedPings[0]?.beganNs
  const alive = firstNs !== undefined && signsOfLife.some((atNs) => atNs >= firstNs)
  const pingFailed = failedPings.length >= thresholds.ping
  const httpFailed = failedProbes.length >= thresholds.http
  return {
    healthy: !(httpFailed || (pingFailed && !alive)),
    pingFailed,
    httpFailed,
    pingFailures: failedPings.length,
    httpFailures: failedProbes.length,
    latencyMs: current(story, pings, 'ping').reduce(
      (last: number | null, { outcome }) => (outcome.kind === 'success' ? outcome.latencyMs : last),
      null,
    ),
    status: current(story, probes, 'http').reduce(
      (last: number | null, { outcome }) =>
        outcome.kind !== 'unavailable' && outcome.status !== null ? outcome.status : last,
      null,
    ),
  }
}

/** Results of a kind that did not come after the answer to a newer question, nor after their kind was forgotten. */
function heard(story: readonly Happening[], kind: 'ping' | 'http'): ResultOf[] {
  return story.flatMap((one, place) => {
    if (one.what !== 'result' || one.kind !== kind) return []
    const tooLate = story.slice(0, place).some((before) => {
      if (before.what === 'traffic' || before.kind !== kind) return false
      return (before.what === 'result' ? before.beganNs : before.atNs) > one.beganNs
    })
    return tooLate ? [] : [one]
  })
}

function current(
  story: readonly Happening[],
  results: readonly ResultOf[],
  kind: 'ping' | 'http',
): ResultOf[] {
  const since = story.findLastIndex((one) => one.what === 'forgotten' && one.kind === kind)
  return results.filter((result) => story.indexOf(result) > since)
}

/** Failures at the end of a list. That a probe could not be made says nothing; for pings it ends the failures. */
function trailingFailures(results: readonly ResultOf[], counts: (result: ResultOf) => boolean): ResultOf[] {
  const said = results.filter(({ kind, outcome }) => kind === 'ping' || outcome.kind !== 'unavailable')
  const last = said.findLastIndex(({ outcome }) => outcome.kind !== 'failure')
  return said.slice(last + 1).filter(counts)
}
