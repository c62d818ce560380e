import type { Clock, Timer } from '../../core/clock.ts'
import type { Owner, UsageStore } from '../stores/store.ts'

const everyMs = 15_000

/**
 * Records what was open when its proxy died: `now` at the start, or `later` where the store is away then, and from then on
 * from time to time, for another proxy on the same store may die while this one runs.
 */
export function watchOrphans(
  store: Pick<UsageStore, 'closeOrphans'>,
  owner: Owner,
  clock: Clock,
  onClosed: (count: number) => void,
): { now(): Promise<void>; later(): void; stop(): void } {
  let timer: Timer | undefined
  let stopped = false

  async function now(): Promise<void> {
    const closed = await store.closeOrphans(owner, clock.nowMs())
    if (closed > 0) onClosed(closed)
    later()
  }

  function later(): void {
    timer?.cancel()
    if (!stopped) timer = clock.after(everyMs, () => void now().catch(later))
  }

  return {
    now,
    later,
    stop() {
      stopped = true
      timer?.cancel()
    },
  }
}
