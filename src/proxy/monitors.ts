import type { Monitor } from '../core/monitor.ts'

type Hook = Exclude<keyof Monitor, 'name' | 'hearsWire'>
type Arguments<H extends Hook> = Parameters<NonNullable<Monitor[H]>>

/** The monitors of a proxy as one: each is told in order, and none can fail or hold up an exchange. */
export interface Monitors {
  tell<H extends Hook>(hook: H, ...what: Arguments<H>): void
  /** Whether anybody wants to hear of the wire now. */
  hearsWire(): boolean
  /** Names of those that were switched off, with the reason. */
  switchedOff(): readonly { name: string; reason: string }[]
}

interface Watched {
  monitor: Monitor
  strikes: number
  /** Slow calls in a row, by hook. */
  slow: Partial<Record<Hook, number>>
}

export interface MonitorsSettings {
  onSwitchedOff: (name: string, reason: string) => void
  /** Milliseconds from an arbitrary start. */
  nowMs?: () => number
}

const strikesAllowed = 3
/**
 * A hook that keeps the event loop this long delays every stream that runs. Only one that does so each time is to blame:
 * while another program has the processor, or memory is collected, any of them takes long once.
 */
const dawdleMs = 100

export function createMonitors(monitors: readonly Monitor[], settings: MonitorsSettings): Monitors {
  const nowMs = settings.nowMs ?? (() => performance.now())
  let watched: readonly Watched[] = monitors.map((monitor) => ({ monitor, strikes: 0, slow: {} }))
  let listening = listenersByHook(watched)
  const off: { name: string; reason: string }[] = []

  function strike(entry: Watched, reason: string): void {
    entry.strikes += 1
    if (entry.strikes === strikesAllowed) switchOff(entry, reason)
  }

  function dawdled(entry: Watched, hook: Hook, tookMs: number): void {
    const inARow = (entry.slow[hook] ?? 0) + 1
    entry.slow[hook] = inARow
    if (inARow === strikesAllowed) switchOff(entry, `took ${Math.round(tookMs)} ms`)
  }

  function switchOff(entry: Watched, reason: string): void {
    if (!watched.includes(entry)) return
    watched = watched.filter((other) => other !== entry)
    listening = listenersByHook(watched)
    off.push({ name: entry.monitor.name, reason })
    settings.onSwitchedOff(entry.monitor.name, reason)
  }

  /** Gives when it was done: that is when the next one begins. */
  function call(entry: Watched, hook: Hook, what: unknown[], startedMs: number): number {
    const told = entry.monitor[hook] as ((...all: unknown[]) => unknown) | undefined
    try {
      const result = told?.apply(entry.monitor, what)
      // An async monitor is against the contract; its rejection must not end the process.
      if (result instanceof Promise) result.catch((error) => strike(entry, words(error)))
    } catch (error) {
      strike(entry, words(error))
    }
    const doneMs = nowMs()
    if (doneMs - startedMs > dawdleMs) dawdled(entry, hook, doneMs - startedMs)
    else if (entry.slow[hook]) entry.slow[hook] = 0
    return doneMs
  }

  return {
    tell(hook, ...what) {
      const entries = listening[hook]
      if (entries.length === 0) return
      let atMs = nowMs()
      for (const entry of entries) atMs = call(entry, hook, what, atMs)
    },
    hearsWire: () => listening.wireBytes.some(({ monitor }) => monitor.hearsWire?.() ?? true),
    switchedOff: () => off,
  }
}

/** Most monitors leave out most hooks, and some hooks are called for every chunk: who has none costs nothing. */
function listenersByHook(watched: readonly Watched[]): Readonly<Record<Hook, readonly Watched[]>> {
  const having = (hook: Hook) => watched.filter(({ monitor }) => monitor[hook] !== undefined)
  return {
    opened: having('opened'),
    attempted: having('attempted'),
    answered: having('answered'),
    passed: having('passed'),
    event: having('event'),
    wireHead: having('wireHead'),
    wireBytes: having('wireBytes'),
    wireEnd: having('wireEnd'),
    closed: having('closed'),
  }
}

function words(thrown: unknown): string {
  return thrown instanceof Error ? thrown.message : String(thrown)
}
