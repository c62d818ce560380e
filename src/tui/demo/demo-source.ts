import type { LiveSnapshot } from '../../core/live-snapshot.ts'
import type { SnapshotSource } from '../source.ts'
import { later, Minute } from './minute.ts'

/** The second of the minute that has most of it in one picture. */
export const tellingS = 40

/** The recorded minute as if it were now, over and over, as fast as the clock goes. */
export function demoSource(nowMs: () => number): SnapshotSource {
  const minute = new Minute()
  const startedMs = nowMs()
  return {
    label: '127.0.0.1:8000',
    isDemo: true,
    next: () => {
      const seconds = Math.max(0, Math.floor((nowMs() - startedMs) / 1_000))
      return Promise.resolve(asOf(minute.at(seconds), startedMs + seconds * 1_000))
    },
  }
}

/** Its most telling second, as if it were now. */
export function demoPicture(nowMs: number): LiveSnapshot {
  return asOf(new Minute().at(tellingS), nowMs)
}

/** Whoever reads it as JSON sees by its version that nothing of it happens now. */
function asOf(snapshot: LiveSnapshot, nowMs: number): LiveSnapshot {
  return { ...later(snapshot, nowMs - Date.parse(snapshot.at)), version: 'demo' }
}
