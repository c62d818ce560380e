import { setTimeout as sleep } from 'node:timers/promises'
import { asFailure, type Failure } from '../failure.ts'

/** What is known at a moment of a watch. */
export interface Sight<Seen> {
  atMs: number
  /** The last answer; of before, while the proxy is away. */
  seen: Seen
  /** Why there is no newer one, and since when. */
  away: { sinceMs: number; failure: Failure; isNew: boolean } | null
  /** How long the proxy had been away, where this is its first answer since. */
  backAfterMs: number | null
}

export interface WatchSettings<Seen> {
  ask: (signal: AbortSignal) => Promise<Seen>
  show: (sight: Sight<Seen>) => void
  everyMs: number
  /** Ends the watch. */
  signal: AbortSignal
  nowMs: () => number
  wait?: (ms: number, signal: AbortSignal) => Promise<unknown>
}

/**
 * Asks again and again until `signal` says that it is enough. A first question without an answer is a failure, like
 * without watching; later ones are outages, which it waits out.
 */
export async function watch<Seen>(settings: WatchSettings<Seen>): Promise<void> {
  const { ask, show, everyMs, signal, nowMs, wait = waitFor } = settings
  let last = null as Sight<Seen> | null
  while (!signal.aborted) {
    try {
      const seen = await ask(signal)
      const backAfterMs = last?.away ? nowMs() - last.away.sinceMs : null
      last = { atMs: nowMs(), seen, away: null, backAfterMs }
    } catch (thrown) {
      if (signal.aborted) return
      const failure = asFailure(thrown)
      if (failure === undefined || last === null) throw thrown
      const away = { sinceMs: last.away?.sinceMs ?? nowMs(), failure, isNew: last.away === null }
      last = { ...last, atMs: nowMs(), away, backAfterMs: null }
    }
    if (signal.aborted) return
    show(last)
    await wait(everyMs, signal)
  }
}

function waitFor(ms: number, signal: AbortSignal): Promise<unknown> {
  return sleep(ms, undefined, { signal }).catch(() => {})
}
