import { readFileSync } from 'node:fs'
import { constants, setPriority } from 'node:os'
import { PerformanceObserver, type PerformanceObserverEntryList } from 'node:perf_hooks'

/** One time that the event loop was late. */
export interface LoopBlock {
  /** Since `performance.timeOrigin`. */
  atMs: number
  /** Of the clock. */
  lateMs: number
  /** Of it, in which the thread was ready and other programs had the processor. */
  waitedMs: number
  /** Of it, in which the thread's memory was collected. */
  gcMs: number
  /** From the tick before on, in which the loop did not wait for events. */
  activeMs: number
}

const tickMs = 5

/** Watches this thread's event loop, which must be the process's main one, from now until it is stopped. */
export function watchLoop(): { stop(): Promise<LoopBlock[]> } {
  goFirst()
  const blocks: LoopBlock[] = []
  const pauses: { startMs: number; endMs: number }[] = []
  const collect = (list: PerformanceObserverEntryList) => {
    for (const { startTime, duration } of list.getEntries())
      pauses.push({ startMs: startTime, endMs: startTime + duration })
  }
  const observer = new PerformanceObserver(collect)
  observer.observe({ entryTypes: ['gc'] })
  let last = { atMs: performance.now(), waitedMs: waitedMs(), activeMs: activeMs() }
  const timer = setInterval(() => {
    const now = { atMs: performance.now(), waitedMs: waitedMs(), activeMs: activeMs() }
    const lateMs = now.atMs - last.atMs - tickMs
    const active = now.activeMs - last.activeMs
    if (lateMs > 1)
      blocks.push({
        atMs: last.atMs,
        lateMs,
        waitedMs: now.waitedMs - last.waitedMs,
        gcMs: 0,
        activeMs: active,
      })
    last = now
  }, tickMs)
  return {
    async stop() {
      clearInterval(timer)
      // Entries are told later.
      await new Promise((resolve) => setTimeout(resolve, 50))
      observer.disconnect()
      for (const block of blocks) {
        const endMs = block.atMs + tickMs + block.lateMs
        const its = pauses.map((pause) => Math.min(pause.endMs, endMs) - Math.max(pause.startMs, block.atMs))
        block.gcMs = its.filter((ms) => ms > 0).reduce((sum, ms) => sum + ms, 0)
      }
      return blocks
    },
  }
}

/** What was the thread's own doing: neither a machine that was busy or stood still, nor the collection of memory. */
export function ownMs({ lateMs, waitedMs, gcMs, activeMs }: LoopBlock): number {
  return Math.min(lateMs - waitedMs - gcMs, activeMs)
}

function activeMs(): number {
  return performance.eventLoopUtilization().active
}

/** proc(5), schedstat of the main thread: its second number is the time spent waiting for a processor. */
function waitedMs(): number {
  return Number(readFileSync('/proc/self/schedstat', 'utf8').split(' ')[1]) / 1e6
}

/** Before other programs where the system lets us: what they leave of a busy machine says nothing of this one. */
function goFirst(): void {
  try {
    setPriority(constants.priority.PRIORITY_HIGHEST)
  } catch {
    // Only root may.
  }
}
