interface Waiting {
  dueMs: number
  /** Counts up: of those due at once, who came first runs first. */
  order: number
  /** Undefined once it ran or was cancelled: nothing that it held is kept alive by who still has the timer. */
  run: (() => void) | undefined
}

interface Cancellable {
  cancel(): void
}

export interface SharedTimerSettings {
  /** Milliseconds from an arbitrary start, never going back. */
  nowMs: () => number
  /** A timer of the system's. */
  wakeAfter: (delayMs: number, run: () => void) => Cancellable
}

/** The longest delay that a timer of Node's can have. */
const longestMs = 2 ** 31 - 1

/**
 * Any number of timers on one of the system's, as `Clock.after` gives them. Of a proxy's timers nearly all are
 * cancelled long before they are due, so that starting and cancelling must cost next to nothing; waking may look
 * at all that wait.
 */
export function sharedTimer({
  nowMs,
  wakeAfter,
}: SharedTimerSettings): (delayMs: number, run: () => void) => Cancellable {
  const waiting: (Waiting | undefined)[] = []
  const free: number[] = []
  let orders = 0
  let wake: Cancellable | undefined
  let wakesAtMs = Number.POSITIVE_INFINITY

  function remove(entry: Waiting, place: number): void {
    entry.run = undefined
    waiting[place] = undefined
    free.push(place)
  }

  function wakeAt(dueMs: number): void {
    wake?.cancel()
    wakesAtMs = dueMs
    wake = wakeAfter(Math.min(longestMs, Math.max(0, Math.ceil(dueMs - nowMs()))), woken)
  }

  function woken(): void {
    wakesAtMs = Number.POSITIVE_INFINITY
    const now = nowMs()
    const due: Waiting[] = []
    for (const entry of waiting) if (entry && entry.dueMs <= now) due.push(entry)
    try {
      for (const entry of due.sort((a, b) => a.dueMs - b.dueMs || a.order - b.order)) runOnce(entry)
    } finally {
      // Also when one of them threw: the others must still run.
      wakeForNext()
    }
  }

  function runOnce(entry: Waiting): void {
    const { run } = entry
    if (run === undefined) return
    remove(entry, waiting.indexOf(entry))
    run()
  }

  function wakeForNext(): void {
    let nextMs = Number.POSITIVE_INFINITY
    for (const entry of waiting) if (entry && entry.dueMs < nextMs) nextMs = entry.dueMs
    if (nextMs < wakesAtMs) wakeAt(nextMs)
  }

  return (delayMs, run) => {
    const entry: Waiting = { dueMs: nowMs() + Math.max(0, delayMs), order: orders++, run }
    const place = free.pop() ?? waiting.length
    waiting[place] = entry
    if (entry.dueMs < wakesAtMs) wakeAt(entry.dueMs)
    return {
      cancel: () => {
        if (entry.run !== undefined) remove(entry, place)
      },
    }
  }
}
