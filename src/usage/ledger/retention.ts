import type { Clock, Timer } from '../../core/clock.ts'
import { dayMs, hourMs } from '../query/local-time.ts'
import type { UsageStore } from '../stores/store.ts'

const firstAfterMs = 60_000
const everyMs = hourMs

/** Removes what is older than `retention_days`, soon after the start and every hour. */
export function keepRetention(
  store: Pick<UsageStore, 'removeBefore'>,
  clock: Clock,
  retentionDays: () => number | null,
): { stop(): void } {
  let timer: Timer | undefined
  let stopped = false

  async function remove(): Promise<void> {
    const days = retentionDays()
    // A store that cannot be written says so with the next record.
    if (days !== null) await store.removeBefore(clock.nowMs() - days * dayMs).catch(() => {})
    if (!stopped) timer = clock.after(everyMs, () => void remove())
  }

  timer = clock.after(firstAfterMs, () => void remove())
  return {
    stop() {
      stopped = true
      timer?.cancel()
    },
  }
}
