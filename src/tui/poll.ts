import { setTimeout as sleep } from 'node:timers/promises'
import { asFailure } from '../cli/failure.ts'
import type { TopEvent } from './reducer.ts'
import type { SnapshotSource } from './source.ts'

export interface Polling {
  source: SnapshotSource
  everyMs: number
  send: (event: TopEvent) => void
  /** Ends it. */
  signal: AbortSignal
  nowMs: () => number
}

/** Asks again and again, at a steady rate where answers are quick. Outages are events; faults of ours reject. */
export async function poll({ source, everyMs, send, signal, nowMs }: Polling): Promise<void> {
  while (!signal.aborted) {
    const startedMs = performance.now()
    try {
      const snapshot = await source.next(signal)
      if (!signal.aborted) send({ kind: 'snapshotArrived', snapshot, atMs: nowMs() })
    } catch (thrown) {
      if (signal.aborted) return
      const failure = asFailure(thrown)
      if (failure === undefined) throw thrown
      send({ kind: 'snapshotFailed', message: failure.message, atMs: nowMs() })
    }
    const waitMs = Math.max(0, everyMs - (performance.now() - startedMs))
    await sleep(waitMs, undefined, { signal }).catch(() => {})
  }
}
