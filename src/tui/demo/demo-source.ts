import type { LiveSnapshot } from '../../core/live-snapshot.ts'
import type { SnapshotSource } from '../source.ts'
import { backendsAt } from './demo-backends.ts'
import type { DemoExchange } from './demo-exchange.ts'
import { inFlightAt, isoAt, issuesAt, recentAt, sessionsAt } from './demo-lists.ts'
import { costAt, latencyAt, trafficAt, windows } from './measures.ts'
import { recordedS, recording } from './recording.ts'

/** The second of the recording that has most of it in one picture. */
export const tellingS = 42
const upBeforeS = 11_520

/** The recorded minute as a proxy would have told it, over and over, as fast as the clock goes. */
export function demoSource(nowMs: () => number): SnapshotSource {
  const startedMs = nowMs()
  const snapshotAt = demoSnapshots()
  return {
    label: '127.0.0.1:8000',
    isDemo: true,
    next: () => Promise.resolve(snapshotAt(((nowMs() - startedMs) / 1_000) % recordedS)),
  }
}

/** What a proxy would have told at a second of the recording. */
export function demoSnapshots(): (atS: number) => LiveSnapshot {
  const all = recording()
  return (atS) => snapshot(all, atS)
}

function snapshot(all: readonly DemoExchange[], atS: number): LiveSnapshot {
  const [inFlight, sessions, issues] = [inFlightAt(all, atS), sessionsAt(all, atS), issuesAt(all, atS)]
  return {
    ...{ version: 'demo', at: isoAt(atS), uptime_seconds: upBeforeS + atS, draining: false, windows },
    ...{ traffic: trafficAt(all, atS), latency: latencyAt(all, atS), cost: costAt(all, atS) },
    backends: backendsAt(all, atS),
    ...{ in_flight_total: inFlight.length, in_flight: inFlight, recent: recentAt(all, atS) },
    ...{ sessions_total: sessions.length, sessions, issues_total: issues.length, issues },
  }
}
