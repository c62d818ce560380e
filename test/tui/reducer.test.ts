import { describe, expect, it } from 'vitest'
import { selectedRow } from '../../src/tui/act.ts'
import type { Action } from '../../src/tui/keys.ts'
import { lists } from '../../src/tui/lists/index.ts'
import { reduce, type TopEvent } from '../../src/tui/reducer.ts'
import type { TopState } from '../../src/tui/state.ts'
import { aBackend, anExchange, aRecent, aSnapshot, aState, atMs } from './a-snapshot.ts'

const exchanges = ['x_1', 'x_2', 'x_3', 'x_4'].map((id, at) =>
  anExchange({ id, age_ms: 40_000 - at, tps: at * 10 }),
)
const four = () => aState(aSnapshot({ in_flight: exchanges }))

function acted(state: TopState, ...actions: readonly Action[]): TopState {
  return actions.reduce((now, action) => reduce(now, { kind: 'acted', action, atMs }), state)
}

function arrive(state: TopState, ids: readonly string[], laterMs = 1_000): TopState {
  const in_flight = ids.map((id) => exchanges.find((one) => one.id === id) ?? anExchange({ id, age_ms: 10 }))
  return reduce(state, { kind: 'snapshotArrived', snapshot: aSnapshot({ in_flight }), atMs: atMs + laterMs })
}

const selectedId = (state: TopState) => selectedRow(state)?.row.id
const shownIds = (state: TopState) => lists[state.focus].rows(state).map(({ id }) => id)

describe('the selection', () => {
  it('goes up and down and stays within the list', () => {
    expect(selectedId(acted(four(), 'down', 'down'))).toBe('x_3')
    expect(selectedId(acted(four(), 'down', 'up', 'up'))).toBe('x_1')
    expect(selectedId(acted(four(), 'pageDown'))).toBe('x_4')
    expect(selectedId(acted(four(), 'last', 'up'))).toBe('x_3')
    expect(selectedId(acted(four(), 'last', 'pageUp'))).toBe('x_1')
  })

  it('follows its row, wherever that goes', () => {
    const chosen = acted(four(), 'down', 'down')
    expect(selectedId(arrive(chosen, ['x_0', 'x_1', 'x_2', 'x_3', 'x_4']))).toBe('x_3')
    expect(selectedId(acted(chosen, 'sort', 'reverse'))).toBe('x_3')
  })

  it('stays at its place when its row has gone', () => {
    const chosen = acted(four(), 'down')
    // For one refresh an exchange that ended is still there.
    const once = arrive(chosen, ['x_1', 'x_3', 'x_4'])
    expect(selectedId(once)).toBe('x_2')
    expect(selectedId(arrive(once, ['x_1', 'x_3', 'x_4'], 2_000))).toBe('x_3')
    const last = acted(four(), 'last')
    expect(selectedId(arrive(arrive(last, ['x_1']), ['x_1']))).toBe('x_1')
  })

  it('follows the first row until it is moved, and again after g', () => {
    const focused = acted(four(), 'nextPanel', 'nextPanel')
    expect(focused.focus).toBe('recent')
    const withRecent = (state: TopState, ids: readonly string[]) =>
      reduce(state, {
        kind: 'snapshotArrived',
        snapshot: aSnapshot({ recent: ids.map((id) => aRecent({ id })) }),
        atMs,
      })
    expect(selectedId(withRecent(focused, ['x_9', 'x_8']))).toBe('x_9')
    const moved = acted(withRecent(focused, ['x_9', 'x_8']), 'down')
    expect(selectedId(withRecent(moved, ['x_10', 'x_9', 'x_8']))).toBe('x_8')
    expect(selectedId(withRecent(acted(moved, 'first'), ['x_10', 'x_9', 'x_8']))).toBe('x_10')
  })

  it('of an empty list is nothing, which ⏎ says', () => {
    const state = acted(aState(aSnapshot({ in_flight: [] })), 'down', 'details')
    expect([state.mode, state.notice?.text]).toEqual(['lists', 'nothing is selected'])
  })
})

describe('rows', () => {
  it('keep their places from one refresh to the next; one that ended is there once more', () => {
    const next = arrive(four(), ['x_1', 'x_3', 'x_4', 'x_5'])
    expect(shownIds(next)).toEqual(['x_1', 'x_2', 'x_3', 'x_4', 'x_5'])
    expect(
      lists.in_flight
        .rows(next)
        .filter(({ isFading }) => isFading)
        .map(({ id }) => id),
    ).toEqual(['x_2'])
    expect(shownIds(arrive(next, ['x_1', 'x_3', 'x_4', 'x_5'], 2_000))).toEqual(['x_1', 'x_3', 'x_4', 'x_5'])
  })

  it('of a list that the proxy cut short are not taken for ended', () => {
    const snapshot = aSnapshot({ in_flight: exchanges.slice(0, 2), in_flight_total: 4 })
    expect(reduce(four(), { kind: 'snapshotArrived', snapshot, atMs }).fading).toEqual([])
  })

  it('are put in order by each column in turn, and reversed; the unknown comes last either way', () => {
    const state = aState(aSnapshot({ in_flight: [anExchange({ id: 'x_0', tps: null }), ...exchanges] }))
    const byTps = acted(
      state,
      ...Array.from({ length: lists.in_flight.sortNames.indexOf('tok/s') + 1 }, () => 'sort' as const),
    )
    expect(byTps.sortings.in_flight.by).toBe('tok/s')
    expect(shownIds(byTps)).toEqual(['x_4', 'x_3', 'x_2', 'x_1', 'x_0'])
    expect(shownIds(acted(byTps, 'reverse'))).toEqual(['x_1', 'x_2', 'x_3', 'x_4', 'x_0'])
    const round = acted(
      state,
      ...Array.from({ length: lists.in_flight.sortNames.length + 1 }, () => 'sort' as const),
    )
    expect(round.sortings.in_flight).toEqual({ by: null, reversed: false })
  })

  it('in trouble are all that e leaves', () => {
    const in_flight = [anExchange({ id: 'x_1' }), anExchange({ id: 'x_2', state: 'stalled' })]
    const backends = [aBackend(), aBackend({ name: 'openai', state: 'open' })]
    const state = acted(aState(aSnapshot({ in_flight, backends })), 'errorsOnly')
    expect(shownIds(state)).toEqual(['x_2'])
    expect(shownIds(acted(state, 'nextPanel'))).toEqual(['openai'])
    expect(shownIds(acted(state, 'errorsOnly'))).toEqual(['x_1', 'x_2'])
  })
})

describe('a filter', () => {
  const type = (state: TopState, text: string): TopState =>
    reduce(state, { kind: 'typed', typed: { kind: 'text', text } })
  const end = (state: TopState, kind: 'accept' | 'cancel') =>
    reduce(state, { kind: 'typed', typed: { kind } })

  it('shows what it would do while it is typed, and stays when it is taken', () => {
    const typing = type(acted(four(), 'filter'), 'x_2')
    expect([typing.mode, shownIds(typing)]).toEqual(['filter', ['x_2']])
    expect(shownIds(end(typing, 'accept'))).toEqual(['x_2'])
    expect(shownIds(end(typing, 'cancel'))).toHaveLength(4)
    expect(shownIds(acted(end(typing, 'accept'), 'back'))).toHaveLength(4)
  })

  it('that means nothing is not taken, and hides nothing', () => {
    const typing = type(acted(four(), 'filter'), 'cost>')
    expect(shownIds(typing)).toHaveLength(4)
    expect(end(typing, 'accept').mode).toBe('filter')
  })

  it('never hides a backend', () => {
    const state = end(type(acted(four(), 'filter'), 'nothing has this'), 'accept')
    expect(shownIds(state)).toEqual([])
    expect(shownIds(acted(state, 'nextPanel'))).toEqual(['anthropic'])
  })
})

describe('a pause', () => {
  it('keeps the picture, and goes on with what came meanwhile', () => {
    const paused = arrive(acted(four(), 'pause'), ['x_7'])
    expect(shownIds(paused)).toEqual(['x_1', 'x_2', 'x_3', 'x_4'])
    expect(shownIds(acted(paused, 'pause'))).toContain('x_7')
  })
})

describe('an outage', () => {
  const fail = (state: TopState, ms: number): TopState =>
    reduce(state, { kind: 'snapshotFailed', message: 'no proxy answers', atMs: ms })

  it('keeps the last picture, since when is told from its beginning, and the first answer ends it', () => {
    const away = fail(fail(four(), atMs + 1_000), atMs + 5_000)
    expect(away.away).toEqual({ sinceMs: atMs + 1_000, message: 'no proxy answers' })
    expect(shownIds(away)).toHaveLength(4)
    expect(arrive(away, ['x_1'], 6_000).away).toBeNull()
  })
})

describe('keys', () => {
  it('go from panel to panel, both ways round', () => {
    const panels = ['nextPanel', 'nextPanel', 'nextPanel', 'nextPanel', 'nextPanel'] as const
    expect(panels.map((_, at) => acted(four(), ...panels.slice(0, at + 1)).focus)).toEqual([
      ...['backends', 'recent', 'sessions', 'issues', 'in_flight'],
    ])
    expect(acted(four(), 'previousPanel').focus).toBe('issues')
  })

  it('esc goes back one step at a time', () => {
    const deep = acted(four(), 'zoom', 'errorsOnly', 'errorsOnly', 'details', 'help')
    const modes = [1, 2, 3].map((count) => {
      const state = acted(deep, ...Array.from({ length: count }, () => 'back' as const))
      return [state.mode, state.isZoomed]
    })
    expect(modes).toEqual([
      ['details', true],
      ['lists', true],
      ['lists', false],
    ])
  })

  it('with details open go on to those of the next row, and back', () => {
    const next = acted(four(), 'details', 'nextPanel')
    expect([next.mode, next.focus, next.details]).toEqual([
      ...['details', 'in_flight'],
      { panel: 'in_flight', id: 'x_2' },
    ])
    expect(acted(next, 'previousPanel').details?.id).toBe('x_1')
    expect(selectedId(acted(next, 'back'))).toBe('x_2')
  })

  it('+ and - change how often it asks, within 0.2 to 60 seconds', () => {
    const many = (action: Action) => acted(four(), ...Array.from({ length: 12 }, () => action)).intervalMs
    expect([acted(four(), 'faster').intervalMs, acted(four(), 'slower').intervalMs]).toEqual([500, 2_000])
    expect([many('faster'), many('slower')]).toEqual([200, 60_000])
  })
})

it('what was said goes after a while', () => {
  const said = reduce(four(), { kind: 'said', text: 'copied', atMs })
  const tick = (ms: number): TopEvent => ({ kind: 'ticked', atMs: atMs + ms })
  expect(reduce(said, tick(3_000)).notice?.text).toBe('copied')
  expect(reduce(said, tick(4_000)).notice).toBeNull()
})

it('a tick changes nothing where pictures come as often, and else moves the clock', () => {
  const state = four()
  const tick = (of: TopState, ms: number) => reduce(of, { kind: 'ticked', atMs: atMs + ms })
  expect(tick(state, 1_000)).toBe(state)
  expect(tick(state, 2_000).nowMs).toBe(atMs + 2_000)
  expect(tick({ ...state, intervalMs: 5_000 }, 1_000).nowMs).toBe(atMs + 1_000)
})
