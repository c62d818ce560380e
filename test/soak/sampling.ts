import { setTimeout as pause } from 'node:timers/promises'
import type { MemorySample } from './memory-verdict.ts'
import type { Probed } from './probe.ts'
import { type ProcessState, sumOf } from './proxy-process.ts'

export interface Sampled {
  probed: Probed
  state: ProcessState
  /** Of all its threads. */
  cpuMs: number
  /** That its main thread has waited for a processor. */
  waitedMs: number
}

export interface SamplingParts {
  everyMs: number
  sayEveryMs: number
  look(): Promise<Sampled>
  exchanges(): number
  inFlight(): number
  say(line: string): void
}

export interface Sampling {
  readonly samples: readonly MemorySample[]
  /** The longest that the event loop was late in all of it. */
  readonly worstDelayMs: number
  stop(): Promise<void>
}

/** Looks at the proxy again and again, and says a line of it from time to time. */
export function startSampling(parts: SamplingParts): Sampling {
  const { everyMs, sayEveryMs, look, exchanges, inFlight, say } = parts
  const samples: MemorySample[] = []
  const ending = new AbortController()
  const startMs = performance.now()
  let worstDelayMs = 0
  let said = { atMs: startMs, cpuMs: 0, waitedMs: 0, delayP99Ms: 0, delayMaxMs: 0 }

  async function sample(): Promise<void> {
    const { probed, state, cpuMs, waitedMs } = await look()
    const atMs = performance.now()
    if (samples.length === 0) Object.assign(said, { cpuMs, waitedMs })
    samples.push({ atMs, liveMb: sum(probed.liveMb), rssMb: state.rssMb, exchanges: exchanges() })
    worstDelayMs = Math.max(worstDelayMs, probed.delayMaxMs)
    said.delayP99Ms = Math.max(said.delayP99Ms, probed.delayP99Ms)
    said.delayMaxMs = Math.max(said.delayMaxMs, probed.delayMaxMs)
    if (atMs - said.atMs < sayEveryMs) return
    const percent = (ms: number) => ((100 * ms) / (atMs - said.atMs)).toFixed(0)
    say(
      `${clockOf(atMs - startMs)}  ${exchanges()} exchanges, ${inFlight()} in flight; ${state.rssMb.toFixed(0)} MB resident, ` +
        `${sum(probed.liveMb).toFixed(1)} MB live (${probed.liveMb.map((mb) => mb.toFixed(0)).join(' + ')}); ${sumOf(state.descriptors)} descriptors, ${state.threads} threads; ` +
        `event loop late by ${said.delayP99Ms.toFixed(0)} ms (p99), ${said.delayMaxMs.toFixed(0)} ms at most; ` +
        `${percent(cpuMs - said.cpuMs)} % of a core, kept waiting for one ${percent(waitedMs - said.waitedMs)} %`,
    )
    said = { atMs, cpuMs, waitedMs, delayP99Ms: 0, delayMaxMs: 0 }
  }

  const sampling = (async () => {
    while (!ending.signal.aborted) {
      await sample()
      await pause(everyMs, undefined, { signal: ending.signal }).catch(() => {})
    }
  })()
  sampling.catch(() => {}) // told by `stop`
  return {
    samples,
    get worstDelayMs() {
      return worstDelayMs
    },
    async stop() {
      ending.abort()
      await sampling
    },
  }
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0)
}

function clockOf(ms: number): string {
  const seconds = Math.round(ms / 1000)
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`
}
