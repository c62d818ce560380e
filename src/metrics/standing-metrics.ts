import type { LiveBackend } from '../core/live-snapshot.ts'
import type { Families } from './family.ts'
import { labelText } from './label-text.ts'
import type { Standing } from './ports.ts'
import { ReadingFamily } from './reading-family.ts'

const states = Object.keys({
  ...{ ok: 0, excluded: 0, open: 0, half_open: 0, cooldown: 0, misconfigured: 0, no_credential: 0, full: 0 },
} satisfies Record<LiveBackend['state'], 0>) as LiveBackend['state'][]

/** Writes how things stand, at each scrape anew; `mostSeries` of backends and endpoints, what is beyond is told. */
export function standingMetrics(
  families: Families,
  mostSeries: number,
  onRefused: () => void,
): (standing: Standing) => void {
  const backends = backendGauges(families)
  const proxy = proxyGauges(families)
  return (standing) => {
    let left = mostSeries
    const fits = (series: number) => {
      const isRoom = series <= left
      if (isRoom) left -= series
      else onRefused()
      return isRoom
    }
    for (const gauge of Object.values(backends)) gauge.clear()
    for (const backend of standing.backends) {
      if (fits(states.length + 4 + 2 * backend.quota.length)) showBackend(backends, backend)
    }
    for (const { url, isHealthy } of standing.endpoints) {
      if (fits(1)) backends.endpointHealthy.add({ endpoint: labelText(url) }, Number(isHealthy))
    }
    showProxy(proxy, standing)
  }
}

function backendGauges(families: Families) {
  const of = <Name extends string>(name: string, help: string, ...labelNames: Name[]) =>
    new ReadingFamily(families, name, help, labelNames)
  return {
    state: of(
      'llmproxy_backend_state',
      '1 for the state that a backend is in, 0 for all others.',
      'backend',
      'state',
    ),
    usable: of('llmproxy_backend_usable', '1 where an exchange could be served by it now.', 'backend'),
    inFlight: of('llmproxy_backend_in_flight_requests', 'Tries at a backend that run.', 'backend'),
    queued: of(
      'llmproxy_backend_queued_requests',
      'Exchanges that wait for a place at a backend.',
      'backend',
    ),
    failures: of('llmproxy_backend_consecutive_failures', 'Failures of a backend in a row.', 'backend'),
    quotaUsed: of(
      'llmproxy_backend_quota_used_ratio',
      'How much of a provider’s limit is used, from 0 to 1, as its last answer told.',
      ...(['backend', 'quota'] as const),
    ),
    quotaRemaining: of(
      'llmproxy_backend_quota_remaining',
      'What is left of a provider’s limit, in its own unit, as its last answer told.',
      ...(['backend', 'quota'] as const),
    ),
    endpointHealthy: of('llmproxy_endpoint_healthy', '1 where the checks of an API URL succeed.', 'endpoint'),
  }
}

function showBackend(to: ReturnType<typeof backendGauges>, shown: Standing['backends'][number]): void {
  const backend = labelText(shown.name)
  for (const state of states) to.state.add({ backend, state }, Number(state === shown.state))
  to.usable.add({ backend }, Number(shown.isUsable))
  to.inFlight.add({ backend }, shown.inFlight)
  to.queued.add({ backend }, shown.queued)
  to.failures.add({ backend }, shown.consecutiveFailures)
  for (const { name: quota, remaining, usedRatio } of shown.quota) {
    if (usedRatio !== null) to.quotaUsed.add({ backend, quota }, usedRatio)
    if (remaining !== null) to.quotaRemaining.add({ backend, quota }, remaining)
  }
}

function proxyGauges(families: Families) {
  const of = (name: string, help: string) => new ReadingFamily(families, name, help)
  return {
    fallbackUsed: of(
      'llmproxy_fallback_used_total',
      'Exchanges that were tried at targets which monitoring doubted, for nothing else was left.',
    ),
    ledgerWritable: of('llmproxy_ledger_writable', '1 where the usage ledger takes records.'),
    ledgerPending: of('llmproxy_ledger_pending_records', 'Usage records that wait to be written.'),
    ledgerDropped: of('llmproxy_ledger_dropped_records_total', 'Usage records that were given up.'),
    captureDropped: of(
      'llmproxy_capture_dropped_records_total',
      'Entries of the wire capture that were given up.',
    ),
    countsTaken: of('llmproxy_token_counts_total', 'Texts and requests whose tokens were counted.'),
    countsRefused: of(
      'llmproxy_token_counts_refused_total',
      'Texts and requests that were reckoned by their bytes, for counting had its half of a core.',
    ),
    countingSeconds: of('llmproxy_token_counting_seconds_total', 'How long tokens were counted.'),
    monitorsOff: of(
      'llmproxy_monitors_off',
      'Monitors that failed and were switched off; /internal/health names them.',
    ),
  }
}

function showProxy(to: ReturnType<typeof proxyGauges>, standing: Standing): void {
  to.fallbackUsed.set(standing.fallbackUsedTotal)
  to.captureDropped.set(standing.capture.droppedRecords)
  to.countsTaken.set(standing.counting.taken)
  to.countsRefused.set(standing.counting.refused)
  to.countingSeconds.set(standing.counting.busyMs / 1e3)
  to.monitorsOff.set(standing.monitorsOff)
  // Without a ledger they are not there: 0 would say that nothing is lost.
  const { ledger } = standing
  to.ledgerWritable.set(ledger && Number(ledger.isWritable))
  to.ledgerPending.set(ledger?.pendingRecords ?? null)
  to.ledgerDropped.set(ledger?.droppedRecords ?? null)
}
