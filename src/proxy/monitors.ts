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

type Told = (...what: unknown[]) => unknown

/** A monitor that has a hook. */
interface Listener {
  entry: Watched
  told: Told
}

type TellAny = (
  hook: Hook,
  ...what: [first: unknown, second?: unknown, third?: unknown, fourth?: unknown, fifth?: unknown]
) => void

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
  function done(entry: Watched, hook: Hook, result: unknown, startedMs: number): number {
    // An async monitor is against the contract; its rejection must not end the process.
    if (result instanceof Promise) result.catch((error) => strike(entry, words(error)))
    const doneMs = nowMs()
    if (doneMs - startedMs > dawdleMs) dawdled(entry, hook, doneMs - startedMs)
    else if (entry.slow[hook]) entry.slow[hook] = 0
    return doneMs
  }

  /** Each argument by itself: to gather and hand on lists of them costs more than most monitors do. */
  const tell: TellAny = (hook, first, second, third, fourth, fifth) => {
    const listeners = listening[hook]
    if (listeners.length === 0) return
    let atMs = nowMs()
    for (const { entry, told } of listeners) {
      let result: unknown
      try {
        result = told.call(entry.monitor, first, second, third, fourth, fifth)
      } catch (error) {
        strike(entry, words(error))
      }
      atMs = done(entry, hook, result, atMs)
    }
  }

  return {
    tell: tell as Monitors['tell'],
    hearsWire: () => listening.wireBytes.some(({ entry }) => entry.monitor.hearsWire?.() ?? true),
    switchedOff: () => off,
  }
}

/** Most monitors leave out most hooks, and some hooks are called for every chunk: who has none costs nothing. */
function listenersByHook(watched: readonly Watched[]): Readonly<Record<Hook, readonly Listener[]>> {
  const having = (hook: Hook): Listener[] =>
    watched.flatMap((entry) => {
      const told = entry.monitor[hook] as Told | undefined
      return told === undefined ? [] : [{ entry, told }]
    })
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
