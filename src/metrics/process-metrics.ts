import { type IntervalHistogram, monitorEventLoopDelay, performance } from 'node:perf_hooks'
import type { Families } from './family.ts'
import { ReadingFamily } from './reading-family.ts'

/** It wakes the process so often, from the first scrape on. */
const lagResolutionMs = 20

export interface ProcessMetrics {
  /** Reads the process's state. */
  read(): void
  stop(): void
}

/**
 * The process and its event loop, by the names that prom-client gives them. Of its own collection those are left out that list
 * every handle and open file at each scrape, and the observer of garbage collections, which runs on the hot path.
 */
export function processMetrics(families: Families): ProcessMetrics {
  const shown = readings(families)
  let lag: IntervalHistogram | null = null
  return {
    read() {
      const { user, system } = process.cpuUsage()
      shown.cpu.set((user + system) / 1e6)
      shown.started.set(performance.timeOrigin / 1e3)
      const { rss, heapUsed, heapTotal, external } = process.memoryUsage()
      shown.rss.set(rss)
      shown.heapUsed.set(heapUsed)
      shown.heapTotal.set(heapTotal)
      shown.external.set(external)
      shown.active.set(performance.eventLoopUtilization().active / 1e3)
      lag ??= startedLag()
      // Nothing is shown where nothing was measured since the last scrape.
      const isMeasured = lag.count > 0
      shown.lagP50.set(isMeasured ? lag.percentile(50) / 1e9 : null)
      shown.lagP99.set(isMeasured ? lag.percentile(99) / 1e9 : null)
      shown.lagMax.set(isMeasured ? lag.max / 1e9 : null)
      lag.reset()
    },
    stop: () => void lag?.disable(),
  }
}

function startedLag(): IntervalHistogram {
  const lag = monitorEventLoopDelay({ resolution: lagResolutionMs })
  lag.enable()
  return lag
}

function readings(families: Families) {
  const of = (name: string, help: string) => new ReadingFamily(families, name, help)
  return {
    cpu: of('process_cpu_seconds_total', 'Processor time of all threads.'),
    started: of('process_start_time_seconds', 'When the process began, in seconds since 1970.'),
    rss: of('process_resident_memory_bytes', 'Memory of the process that is in RAM.'),
    heapUsed: of('nodejs_heap_size_used_bytes', 'Memory of objects on the main thread’s heap.'),
    heapTotal: of('nodejs_heap_size_total_bytes', 'Memory of the main thread’s heap.'),
    external: of('nodejs_external_memory_bytes', 'Memory of buffers outside the heap.'),
    active: of('nodejs_eventloop_active_seconds_total', 'How long the event loop was not idle.'),
    lagP50: of(
      'nodejs_eventloop_lag_p50_seconds',
      'Between its turns, 50th percentile since the last scrape.',
    ),
    lagP99: of(
      'nodejs_eventloop_lag_p99_seconds',
      'Between its turns, 99th percentile since the last scrape.',
    ),
    lagMax: of('nodejs_eventloop_lag_max_seconds', 'Between its turns, the longest since the last scrape.'),
  }
}
