/** One measurement. */
export interface Lap {
  tookMs: number
  /** For how long of it the system gave this process no core. */
  withheldMs: number
}

/**
 * Starts measuring; what it returns tells the time up to a moment on the clock of `performance.now()`. Meanwhile
 * the event loop turns without ever sleeping, so that the time in which the process used no processor is time
 * that other processes took. A delay of our own, by work or by waiting, is not of that kind.
 */
export function startStopwatch(): (untilMs: number) => Lap {
  const startedMs = performance.now()
  const usedBefore = process.cpuUsage()
  let turning = true
  const turn = () => {
    if (turning) setImmediate(turn)
  }
  turn()
  return (untilMs) => {
    turning = false
    const used = process.cpuUsage(usedBefore)
    const usedMs = (used.user + used.system) / 1000
    return { tookMs: untilMs - startedMs, withheldMs: performance.now() - startedMs - usedMs }
  }
}
