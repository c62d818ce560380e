import { withSnapshot } from './arrive.ts'
import { scrolled } from './details/scroll.ts'
import { noFilter } from './filter/filter.ts'
import type { Action } from './keys.ts'
import { lists } from './lists/index.ts'
import { panelNames, type Selection, type TopState } from './state.ts'
import type { ListedRow } from './table/listed-row.ts'

/** How often it may be asked. */
const intervalsMs = [200, 500, 1_000, 2_000, 5_000, 10_000, 30_000, 60_000]
const pageRows = 10

/** What a key does to the dashboard. What it does to the world (quit, copy) is not done here. */
export function act(state: TopState, action: Action): TopState {
  if (state.mode === 'help' && action !== 'quit') return { ...state, mode: back(state) }
  const change = changes[action]
  return change === undefined ? state : { ...state, ...change(state) }
}

type Change = (state: TopState) => Partial<TopState>

const changes: Readonly<Partial<Record<Action, Change>>> = {
  down: moved((index) => index + 1),
  up: moved((index) => index - 1),
  pageDown: moved((index) => index + pageRows),
  pageUp: moved((index) => index - pageRows),
  last: moved((_, last) => last),
  first: (state) => ({
    ...moved(() => 0)(state),
    // What comes first is followed, whatever that is.
    ...(state.mode === 'lists' && selecting(state, { id: null, index: 0 })),
  }),
  nextPanel: onward(1),
  previousPanel: onward(-1),
  details: opened,
  back: wentBack,
  filter: ({ mode, filter }) => (mode === 'lists' ? { mode: 'filter', draft: filter } : {}),
  sort: sortedByNext,
  reverse: (state) => sorting(state, { reversed: !state.sortings[state.focus].reversed }),
  errorsOnly: ({ errorsOnly }) => ({ errorsOnly: !errorsOnly }),
  zoom: ({ isZoomed }) => ({ isZoomed: !isZoomed }),
  pause: (state) => (state.isPaused ? goneOn(state) : { isPaused: true }),
  faster: ({ intervalMs }) => ({ intervalMs: intervalsMs.findLast((one) => one < intervalMs) ?? intervalMs }),
  slower: ({ intervalMs }) => ({ intervalMs: intervalsMs.find((one) => one > intervalMs) ?? intervalMs }),
  help: () => ({ mode: 'help' }),
}

/** Where the selected row is now, if the list has any. */
export function selectedRow(state: TopState): { row: ListedRow; index: number; count: number } | null {
  const rows = lists[state.focus].rows(state)
  const { id } = state.selections[state.focus]
  const found = id === null ? 0 : rows.findIndex((row) => row.id === id)
  const index = Math.max(0, found)
  const row = rows[index]
  return row === undefined ? null : { row, index, count: rows.length }
}

/** From row to row; while details are open, from line to line of them. */
function moved(to: (index: number, last: number) => number): Change {
  return (state) => (state.mode === 'details' ? scrolled(state, to) : selectedAt(state, to))
}

function selectedAt(state: TopState, to: (index: number, last: number) => number): Partial<TopState> {
  const selected = selectedRow(state)
  if (selected === null) return {}
  const last = selected.count - 1
  const index = Math.max(0, Math.min(to(selected.index, last), last))
  return selecting(state, { id: lists[state.focus].rows(state)[index]?.id ?? null, index })
}

function selecting(state: TopState, selection: Selection): Partial<TopState> {
  return { selections: { ...state.selections, [state.focus]: selection } }
}

/** To another panel; while details are open, to those of another row. */
function onward(step: number): Change {
  return (state) => {
    const { focus, mode } = state
    if (mode === 'details') return opened({ ...state, ...selectedAt(state, (index) => index + step) })
    const at = panelNames.indexOf(focus) + step + panelNames.length
    return { focus: panelNames[at % panelNames.length] ?? focus }
  }
}

function opened(state: TopState): Partial<TopState> {
  const selected = selectedRow(state)
  if (selected === null) return { notice: { text: 'nothing is selected', untilMs: state.nowMs + 2_000 } }
  const { row, index } = selected
  return {
    mode: 'details',
    details: { panel: state.focus, id: row.id },
    detailsFrom: 0,
    ...selecting(state, { id: row.id, index }),
  }
}

/** One step, the nearest first. */
function wentBack(state: TopState): Partial<TopState> {
  if (state.mode === 'details') return { mode: 'lists', details: null }
  if (state.filter.text !== '') return { filter: noFilter, draft: noFilter }
  if (state.errorsOnly) return { errorsOnly: false }
  return { isZoomed: false }
}

function back({ details }: TopState): TopState['mode'] {
  return details === null ? 'lists' : 'details'
}

function sortedByNext(state: TopState): Partial<TopState> {
  const names: (string | null)[] = [null, ...lists[state.focus].sortNames]
  const next = names[(names.indexOf(state.sortings[state.focus].by) + 1) % names.length] ?? null
  return sorting(state, { by: next, reversed: false })
}

function sorting(state: TopState, change: { by?: string | null; reversed?: boolean }): Partial<TopState> {
  const now = state.sortings[state.focus]
  return { sortings: { ...state.sortings, [state.focus]: { ...now, ...change } } }
}

function goneOn(state: TopState): Partial<TopState> {
  const goesOn: TopState = { ...state, isPaused: false }
  return state.newer === null ? goesOn : withSnapshot(goesOn, state.newer.snapshot, state.newer.atMs)
}
