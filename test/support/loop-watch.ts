import { readFileSync } from 'node:fs'
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
  /** In which the thread had a processor, from the tick before on. */
  ranMs: number
}

const tickMs = 5

/** Watches this thread's event loop, which must be the process's main one, from now until it is stopped. */
export function watchLoop(): { stop(): Promise<LoopBlock[]> } {
  const blocks: LoopBlock[] = []
  const pauses: { startMs: number; endMs: number }[] = []
  const collect = (list: PerformanceObserverEntryList) => {
    for (const { startTime, duration } of list.getEntries())
      pauses.push({ startMs: startTime, endMs: startTime + duration })
  }
  const observer = new PerformanceObserver(collect)
  observer.observe({ entryTypes: ['gc'] })
  let last = { atMs: performance.now(), ...scheduled() }
  const timer = setInterval(() => {
    const now = { atMs: performance.now(), ...scheduled() }
    const lateMs = now.atMs - last.atMs - tickMs
    if (lateMs > 1) {
      const [waitedMs, ranMs] = [now.waitedMs - last.waitedMs, now.ranMs - last.ranMs]
      blocks.push({ atMs: last.atMs, lateMs, waitedMs, gcMs: 0, ranMs })
    }
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

/** proc(5), schedstat of the main thread: the time spent on a processor and that spent waiting for one. */
function scheduled(): { ranMs: number; waitedMs: number } {
  const [ranNs, waitedNs] = readFileSync('/proc/self/schedstat', 'utf8').split(' ').map(Number)
  return { ranMs: (ranNs ?? 0) / 1e6, waitedMs: (waitedNs ?? 0) / 1e6 }
}
