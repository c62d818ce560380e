import type { Monitor } from '../core/monitor.ts'

type Hook = Exclude<keyof Monitor, 'name'>
type Arguments<H extends Hook> = Parameters<NonNullable<Monitor[H]>>

/** The monitors of a proxy as one: each is told in order, and none can fail or hold up an exchange. */
export interface Monitors {
  tell<H extends Hook>(hook: H, ...what: Arguments<H>): void
  /** Names of those that were switched off, with the reason. */
  switchedOff(): readonly { name: string; reason: string }[]
}

export interface MonitorsSettings {
  onSwitchedOff: (name: string, reason: string) => void
  /** Milliseconds from an arbitrary start. */
  nowMs?: () => number
}

const strikesAllowed = 3
/** A hook that keeps the event loop this long delays every stream that runs. */
const dawdleMs = 100

export function createMonitors(monitors: readonly Monitor[], settings: MonitorsSettings): Monitors {
  const nowMs = settings.nowMs ?? (() => performance.now())
  let watched = monitors.map((monitor) => ({ monitor, strikes: 0 }))
  const off: { name: string; reason: string }[] = []

  function strike(entry: (typeof watched)[number], reason: string): void {
    entry.strikes += 1
    if (entry.strikes !== strikesAllowed) return
    watched = watched.filter((other) => other !== entry)
    off.push({ name: entry.monitor.name, reason })
    settings.onSwitchedOff(entry.monitor.name, reason)
  }

  function call(
    entry: (typeof watched)[number],
    told: (...what: unknown[]) => unknown,
    what: unknown[],
  ): void {
    const startedMs = nowMs()
    try {
      const result = told.apply(entry.monitor, what)
      // An async monitor is against the contract; its rejection must not end the process.
      if (result instanceof Promise) result.catch((error) => strike(entry, words(error)))
    } catch (error) {
      strike(entry, words(error))
    }
    const tookMs = nowMs() - startedMs
    if (tookMs > dawdleMs) strike(entry, `took ${Math.round(tookMs)} ms`)
  }

  return {
    tell(hook, ...what) {
      for (const entry of watched) {
        const told = entry.monitor[hook] as ((...all: unknown[]) => unknown) | undefined
        if (told) call(entry, told, what)
      }
    },
    switchedOff: () => off,
  }
}

function words(thrown: unknown): string {
  return thrown instanceof Error ? thrown.message : String(thrown)
}
