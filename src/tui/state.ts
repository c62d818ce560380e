import type { LiveExchange, LiveSnapshot, LiveState } from '../core/live-snapshot.ts'
import { type Filter, noFilter } from './filter/filter.ts'

/** In the order in which the keys go through them. */
export const panelNames = ['in_flight', 'backends', 'recent', 'sessions', 'issues'] as const
export type PanelName = (typeof panelNames)[number]

export interface Size {
  columns: number
  rows: number
}

export interface Sorting {
  /** A column's name; null: the order in which the proxy tells them. */
  by: string | null
  reversed: boolean
}

/** Follows an id; `index` is where it was, for when it goes. Null id: whatever comes first. */
export interface Selection {
  id: string | null
  index: number
}

/** What the keys mean now. */
export type Mode = 'lists' | 'filter' | 'help' | 'details'

/** One in flight, or one that has just ended. */
export type ShownExchange = Omit<LiveExchange, 'state'> & { state: LiveState | 'ended' }

/** All that the picture is made of. */
export interface TopState {
  /** The proxy's address, or what is shown in its place. */
  label: string
  isDemo: boolean
  size: Size
  nowMs: number
  intervalMs: number
  snapshot: LiveSnapshot | null
  arrivedAtMs: number | null
  /** While paused: what came meanwhile. */
  newer: { snapshot: LiveSnapshot; atMs: number } | null
  isPaused: boolean
  away: { sinceMs: number; message: string } | null
  mode: Mode
  focus: PanelName
  isZoomed: boolean
  errorsOnly: boolean
  filter: Filter
  /** What is being typed. */
  draft: Filter
  selections: Readonly<Record<PanelName, Selection>>
  sortings: Readonly<Record<PanelName, Sorting>>
  /** The row whose details are open, as it was last told. */
  details: { panel: PanelName; id: string } | null
  /** How many of their lines are above what is shown. */
  detailsFrom: number
  /** Exchanges that ended with the last refresh: shown once more, so that nothing vanishes unseen. */
  fading: readonly ShownExchange[]
  notice: { text: string; untilMs: number } | null
  connectLines: readonly ConnectLine[]
}

/** What sends a client through this proxy; `command` prints `line`, which may be long. */
export interface ConnectLine {
  title: string
  line: string
  command: string
}

export interface Beginning {
  label: string
  isDemo: boolean
  size: Size
  nowMs: number
  intervalMs: number
  snapshot: LiveSnapshot | null
  /** Shown while there is no traffic. */
  connectLines: readonly ConnectLine[]
}

export function initialState(beginning: Beginning): TopState {
  return {
    ...beginning,
    arrivedAtMs: beginning.snapshot === null ? null : beginning.nowMs,
    newer: null,
    isPaused: false,
    away: null,
    mode: 'lists',
    focus: 'in_flight',
    isZoomed: false,
    errorsOnly: false,
    filter: noFilter,
    draft: noFilter,
    selections: ofEach(() => ({ id: null, index: 0 })),
    sortings: ofEach(() => ({ by: null, reversed: false })),
    details: null,
    detailsFrom: 0,
    fading: [],
    notice: null,
  }
}

function ofEach<Value>(make: () => Value): Record<PanelName, Value> {
  return { in_flight: make(), backends: make(), recent: make(), sessions: make(), issues: make() }
}
