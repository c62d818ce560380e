import { useApp, useInput } from 'ink'
import { type ReactElement, useEffect, useState, useSyncExternalStore } from 'react'
import { Picture } from './picture.tsx'
import { poll } from './poll.ts'
import { press } from './press.ts'
import type { SnapshotSource } from './source.ts'
import { type Beginning, initialState, type Size } from './state.ts'
import { Store } from './store.ts'

export interface AppProps {
  beginning: Beginning
  source: SnapshotSource
  /** Calls back on each change of the terminal's size; what is returned ends that. */
  onResize: (changed: (size: Size) => void) => () => void
  /** What the terminal obeys, beside the picture. */
  write: (sequence: string) => void
  nowMs: () => number
}

const tickMs = 1_000

/** Ties the state to the world: keys, the clock, the size of the terminal, and snapshots. */
export function App({ beginning, source, onResize, write, nowMs }: AppProps): ReactElement {
  const [store] = useState(() => new Store(initialState(beginning)))
  const state = useSyncExternalStore(store.subscribe, store.now)
  const { exit } = useApp()
  useInput((input, key) => {
    if (press({ store, write, nowMs }, { input, key })) exit()
  })
  useEffect(() => onResize((size) => store.send({ kind: 'resized', size })), [onResize, store])
  useEffect(() => {
    const timer = setInterval(() => store.send({ kind: 'ticked', atMs: nowMs() }), tickMs)
    return () => clearInterval(timer)
  }, [nowMs, store])
  useEffect(() => {
    const stop = new AbortController()
    const { send } = store
    poll({ source, everyMs: state.intervalMs, send, signal: stop.signal, nowMs }).catch((error: unknown) =>
      exit(error instanceof Error ? error : new Error(String(error))),
    )
    return () => stop.abort()
  }, [source, state.intervalMs, exit, nowMs, store])
  return <Picture state={state} />
}
