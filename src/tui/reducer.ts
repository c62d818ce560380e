import type { LiveSnapshot } from '../core/live-snapshot.ts'
import { act } from './act.ts'
import { arrived } from './arrive.ts'
import { filterOf, noFilter } from './filter/filter.ts'
import type { Action } from './keys.ts'
import type { Size, TopState } from './state.ts'
import type { Typed } from './typing.ts'

export type TopEvent =
  | { kind: 'snapshotArrived'; snapshot: LiveSnapshot; atMs: number }
  | { kind: 'snapshotFailed'; message: string; atMs: number }
  | { kind: 'ticked'; atMs: number }
  | { kind: 'resized'; size: Size }
  | { kind: 'acted'; action: Action; atMs: number }
  | { kind: 'typed'; typed: Typed }
  | { kind: 'said'; text: string; atMs: number }

const noticeMs = 4_000
/** A tick between two pictures that come each second would have everything drawn twice. */
const tickAfterMs = { oftenAsked: 1_900, seldomAsked: 900 }
const oftenMs = 1_000

/** What becomes of the dashboard. Pure: whatever has to be done in the world is done by who sends the event. */
export function reduce(state: TopState, event: TopEvent): TopState {
  switch (event.kind) {
    case 'snapshotArrived':
      return arrived(at(state, event.atMs), event.snapshot, event.atMs)
    case 'snapshotFailed': {
      const sinceMs = state.away?.sinceMs ?? event.atMs
      return { ...at(state, event.atMs), away: { sinceMs, message: event.message } }
    }
    case 'ticked':
      return event.atMs - state.nowMs < tickDueMs(state) ? state : at(state, event.atMs)
    case 'resized':
      return { ...state, size: event.size }
    case 'acted':
      return act(at(state, event.atMs), event.action)
    case 'typed':
      return withTyped(state, event.typed)
    case 'said':
      return { ...at(state, event.atMs), notice: { text: event.text, untilMs: event.atMs + noticeMs } }
  }
}

function tickDueMs({ intervalMs }: TopState): number {
  return intervalMs <= oftenMs ? tickAfterMs.oftenAsked : tickAfterMs.seldomAsked
}

function at(state: TopState, nowMs: number): TopState {
  const isOver = state.notice !== null && nowMs >= state.notice.untilMs
  return { ...state, nowMs, ...(isOver && { notice: null }) }
}

function withTyped(state: TopState, typed: Typed): TopState {
  switch (typed.kind) {
    case 'text':
      return { ...state, draft: filterOf(typed.text) }
    case 'accept':
      // What means nothing cannot be taken; its fault is shown.
      return state.draft.fault === null ? { ...state, filter: state.draft, mode: 'lists' } : state
    case 'cancel':
      return { ...state, draft: noFilter, mode: 'lists' }
    case 'quit':
      return state
  }
}
