import type { LiveSnapshot } from '../core/live-snapshot.ts'
import { lists } from './lists/index.ts'
import { panelNames, type Selection, type TopState } from './state.ts'

/** What a new snapshot makes of the dashboard. */
export function arrived(state: TopState, snapshot: LiveSnapshot, atMs: number): TopState {
  const here: TopState = { ...state, away: null }
  // Whoever stopped the picture to look at it goes on looking at it.
  if (state.isPaused) return { ...here, newer: { snapshot, atMs } }
  return withSnapshot(here, snapshot, atMs)
}

/** The same, paused or not; exchanges that are no longer in flight stay in the picture once more. */
export function withSnapshot(state: TopState, snapshot: LiveSnapshot, atMs: number): TopState {
  const still = new Set(snapshot.in_flight.map(({ id }) => id))
  const isWhole = snapshot.in_flight.length >= snapshot.in_flight_total
  // Of a list that was cut, what is not in it may well go on.
  const gone = isWhole ? (state.snapshot?.in_flight.filter(({ id }) => !still.has(id)) ?? []) : []
  const fading = gone.map((one) => ({ ...one, state: 'ended' as const, state_ms: 0 }))
  const next: TopState = { ...state, snapshot, arrivedAtMs: atMs, newer: null, fading }
  return { ...next, selections: keptSelections(next) }
}

/** A selection follows its row; where that has gone, it stays at the place where it was. */
function keptSelections(state: TopState): TopState['selections'] {
  const kept = panelNames.map((panel): [string, Selection] => {
    const selection = state.selections[panel]
    if (selection.id === null) return [panel, selection]
    const rows = lists[panel].rows(state)
    const found = rows.findIndex(({ id }) => id === selection.id)
    if (found >= 0) return [panel, { id: selection.id, index: found }]
    const index = Math.max(0, Math.min(selection.index, rows.length - 1))
    return [panel, { id: rows[index]?.id ?? null, index }]
  })
  return { ...state.selections, ...Object.fromEntries(kept) }
}
