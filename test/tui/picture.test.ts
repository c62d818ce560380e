import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { LiveRecent, LiveState } from '../../src/core/live-snapshot.ts'
import { picture } from '../../src/tui/dashboard.ts'
import { Minute } from '../../src/tui/demo/minute.ts'
import type { Action } from '../../src/tui/keys.ts'
import { layoutOf } from '../../src/tui/layout.ts'
import { textOf, widthOf } from '../../src/tui/lines.ts'
import { readSnapshot } from '../../src/tui/read-snapshot.ts'
import { reduce } from '../../src/tui/reducer.ts'
import { panelNames, type TopState } from '../../src/tui/state.ts'
import {
  aBackend,
  anExchange,
  anIssue,
  aQuietSnapshot,
  aRecent,
  aSession,
  aSnapshot,
  aState,
  atMs,
} from './a-snapshot.ts'

const minute = new Minute()
const seconds = [0, 13, 26, 42, 59].map((second) => minute.at(second))
const drawn = (state: TopState) => picture(state).map(textOf)
const acted = (state: TopState, ...actions: readonly Action[]) =>
  actions.reduce((now, action) => reduce(now, { kind: 'acted', action, atMs }), state)

const anyState = fc
  .record({
    size: fc.record({ columns: fc.integer({ min: 1, max: 240 }), rows: fc.integer({ min: 1, max: 80 }) }),
    snapshot: fc.constantFrom(...seconds),
    focus: fc.constantFrom(...panelNames),
    mode: fc.constantFrom('lists', 'help', 'details', 'filter'),
    isZoomed: fc.boolean(),
  })
  .map(({ size, snapshot, focus, mode, isZoomed }): TopState => {
    const state = { ...aState(snapshot, size), focus, isZoomed }
    if (mode === 'details') return acted(state, 'details')
    return mode === 'lists' ? state : acted(state, mode === 'help' ? 'help' : 'filter')
  })

describe('the picture', () => {
  it('has one line less than the terminal, each as wide as it, whatever its size and what it shows', () => {
    fc.assert(
      fc.property(anyState, (state) => {
        const { columns, rows } = state.size
        const lines = picture(state)
        expect(lines.length).toBe(columns < 60 || rows < 15 ? Math.max(1, Math.min(2, rows - 1)) : rows - 1)
        for (const one of lines) expect(widthOf(one)).toBe(columns)
      }),
      { numRuns: 200 },
    )
  })

  it('gives away all lines to bands, and always has the one where the keys go', () => {
    fc.assert(
      fc.property(anyState, (state) => {
        if (state.size.rows < 15 || state.size.columns < 60) return
        const { bands, meters, height } = layoutOf(state)
        expect(bands.reduce((sum, band) => sum + band.height, 2 + (meters === 'boxes' ? 5 : 1))).toBe(height)
        expect(bands.flatMap(({ parts }) => parts.flatMap(({ panels }) => panels))).toContain(state.focus)
        for (const band of bands) expect(band.height).toBeGreaterThanOrEqual(4)
      }),
    )
  })

  it('never has anything in it that a terminal obeys, whatever providers and clients call things', () => {
    const evil = '\u001b[2J\u001b]0;x\u0007\u202eright\u200b 日本語 😀👩‍👩‍👧 ☺️ \r\n\t'
    const snapshot = readSnapshot(
      aSnapshot({
        in_flight: [
          anExchange({ client_app: evil, session_id: evil, model: evil, backend: evil, proxy_user: evil }),
        ],
        recent: [aRecent({ model: evil, error: evil, outcome: 'error', backend: evil })],
        sessions: [aSession({ id: evil, client_app: evil, client_runs: [evil] })],
        issues: [anIssue({ code: evil, description: evil.repeat(20), session_id: evil })],
        backends: [
          aBackend({ name: evil, state: 'open', reason: evil, last_error: { at: evil, text: evil } }),
        ],
      }),
    )
    for (const focus of panelNames) {
      const state = { ...aState(snapshot, { columns: 200, rows: 40 }), focus }
      for (const shown of [state, acted(state, 'details')]) {
        const lines = picture(shown)
        for (const one of lines) expect(widthOf(one)).toBe(200)
        expect(lines.map(textOf).join('')).not.toMatch(
          /[\u0000-\u001f\u007f-\u009f\u200b-\u200f\u202a-\u202e]|\ufe0f/,
        )
      }
    }
  })

  it('below 60×15 is a line of numbers, and says what to do', () => {
    expect(drawn(aState(aSnapshot(), { columns: 59, rows: 30 })).map((text) => text.trim())).toEqual([
      '1 in flight  4.2 req/s  err 1.2%  $3.82/h',
      'make the window larger',
    ])
  })

  it('without traffic shows how to connect, and the backends', () => {
    for (const size of [
      { columns: 120, rows: 30 },
      { columns: 80, rows: 24 },
      { columns: 60, rows: 15 },
    ]) {
      const text = drawn(aState(aQuietSnapshot(), size)).join('\n')
      // A line is whole, or another one prints it.
      expect(text).toContain(
        size.columns > 100 ? '; export ANTHROPIC_AUTH_TOKEN=llmproxy   #' : ' llmproxy connect claude   #',
      )
      expect(text).toContain('anthropic')
      expect(text).not.toContain('In flight')
    }
  })

  it('says whether it is of now', () => {
    const first = (changed: Partial<TopState>) => drawn({ ...aState(), ...changed })[0]
    expect(first({})).toMatch(/● live 1s {2}1 in flight {2}▲ 1 issue /)
    expect(first({ nowMs: atMs + 7_000 })).toContain('▲ 7 s old')
    expect(first({ nowMs: atMs + 7_000, intervalMs: 5_000 })).toContain('● live 5s')
    expect(first({ nowMs: atMs + 7_000, away: { sinceMs: atMs + 1_000, message: '' } })).toContain(
      '✖ unreachable 6 s, retrying',
    )
    expect(first({ isPaused: true, nowMs: atMs + 7_000 })).toContain('◐ paused 7 s')
    expect(first({ isDemo: true })).toContain('demo')
  })

  it('of before an outage stays, and has no colour of now', () => {
    const away = { ...aState(), away: { sinceMs: atMs, message: '' } }
    expect(drawn(away).slice(1)).toEqual(drawn(aState()).slice(1))
    const body = picture(away).slice(1, -1)
    expect(new Set(body.flatMap((one) => one.map(({ style }) => style)))).toEqual(new Set(['muted']))
  })

  it.each<[LiveState, string]>([
    ['stalled', 'stalled     backend 12s'],
    ['client_slow', 'client slow client 12s'],
    ['retrying', 'retry 2/3   backend 12s'],
    ['queued', 'queued      proxy 12s'],
    ['thinking', 'thinking    backend 12s'],
  ])('says of an exchange that is %s for whom it waits, and since when', (state, words) => {
    const waiting_for = state === 'client_slow' ? 'client' : state === 'queued' ? 'proxy' : 'backend'
    const row = anExchange({ state, waiting_for, state_ms: 12_400, attempt: 2, attempts: 3 })
    expect(drawn(aState(aSnapshot({ in_flight: [row] }), { columns: 80, rows: 24 })).join('\n')).toContain(
      words,
    )
  })

  it('marks what was counted with ~, and shows a dash for what nobody knows', () => {
    const rows = [
      aRecent({ id: 'x_1', tokens_reported: false, cost_usd: null }),
      aRecent({
        id: 'x_2',
        prompt_tokens: null,
        completion_tokens: null,
        cached_tokens: null,
        ttft_ms: null,
      }),
    ]
    const text = drawn(aState(aSnapshot({ recent: rows }), { columns: 80, rows: 24 })).join('\n')
    expect(text).toMatch(/gpt-5 +~48\.2k +~1\.2k 400ms 14\.2s +— /)
    expect(text).toMatch(/gpt-5 +— +— +— 14\.2s \$0\.091/)
  })

  it.each<[Partial<LiveRecent>, string]>([
    [{ outcome: 'incomplete', incomplete_reason: 'client_disconnect', error: 'client_gone' }, 'client left'],
    [{ outcome: 'incomplete', incomplete_reason: 'truncated' }, '✖ truncated'],
    [{ outcome: 'error', error: 'rate_limited', attempts: 2 }, '✖ rate limited'],
    [{ issue: 'tool_loop' }, '▲ tool loop'],
    [{ attempts: 2 }, '→ openai'],
    [{ replacement: 'replaced', requested_model: 'opus' }, '⇄ for opus'],
  ])('says of an end like %j what it was', (changed, words) => {
    const state = aState(aSnapshot({ recent: [aRecent(changed)] }), { columns: 200, rows: 40 })
    expect(drawn(state).join('\n')).toContain(`$0.091 ${words} `)
  })

  it('says in a word that an exchange has just ended', () => {
    const next = reduce(aState(), { kind: 'snapshotArrived', snapshot: aSnapshot({ in_flight: [] }), atMs })
    expect(drawn(next).join('\n')).toMatch(/x_1m8483bbgp +1m04s ended +— /)
  })

  it('says what the client of a session runs, and since when', () => {
    const text = drawn(aState()).join('\n')
    expect(text).toMatch(/s41c-lon +\$4\.10 client runs Bash +1m40s/)
  })

  it('shows a selected row wherever it is in a long list', () => {
    const in_flight = Array.from({ length: 50 }, (_, at) =>
      anExchange({ id: `x_${String(at).padStart(3, '0')}` }),
    )
    const state = aState(aSnapshot({ in_flight }))
    expect(drawn(acted(state, 'last')).join('\n')).toContain('▶x_049')
    expect(drawn(acted(state, 'pageDown')).join('\n')).toContain('▶x_010')
  })
})

describe('details', () => {
  const opened = (focus: TopState['focus'], snapshot = aSnapshot()) =>
    drawn(acted({ ...aState(snapshot), focus }, 'details')).join('\n')

  it('of an exchange in flight tell its times as far as they are known', () => {
    const text = opened('in_flight')
    expect(text).toContain('x_1m8483bbgp00000000aa  streaming 1m04s')
    expect(text).toMatch(/\+412ms +first token/)
    expect(text).toContain('~4,812 tokens out, 78 tok/s')
    expect(text).toContain('llmproxy show x_1m8483bbgp00000000aa')
    expect(text).toContain('tool loop: Bash was called 4 times')
  })

  it('of one that ends meanwhile are those of what it became', () => {
    const state = acted(aState(), 'details')
    const recent = [aRecent({ id: 'x_1m8483bbgp00000000aa', status: 200 })]
    const next = reduce(state, {
      kind: 'snapshotArrived',
      snapshot: aSnapshot({ in_flight: [], recent }),
      atMs,
    })
    expect(drawn(next).join('\n')).toContain('x_1m8483bbgp00000000aa  200 complete')
    const gone = [1, 2].reduce(
      (now) =>
        reduce(now, { kind: 'snapshotArrived', snapshot: aSnapshot({ in_flight: [], recent: [] }), atMs }),
      state,
    )
    expect(drawn(gone).join('\n')).toContain('no longer among the last ones')
  })

  it('of a backend tell why it is left out, until when, and its models', () => {
    const backends = [
      aBackend({
        name: 'openai',
        state: 'open',
        reason: '5 failures in a row',
        retry_at: new Date(atMs + 24_000).toISOString(),
      }),
    ]
    const text = opened('backends', aSnapshot({ backends }))
    expect(text).toMatch(/state +open 24s/)
    expect(text).toContain('5 failures in a row')
    expect(text).toMatch(/gpt-5 +1 +\$0\.091/)
  })

  it('of a session list its turns', () => {
    const recent = [aRecent({ session_id: 's41c-long-id', turn_number: 17 })]
    const text = opened('sessions', aSnapshot({ recent }))
    expect(text).toContain('client runs Bash, since 1m40s')
    expect(text).toContain('llmproxy usage recent --session=s41c-long-id')
    expect(text).toMatch(/ 17 {2}gpt-5 +48\.2k +1\.2k +14\.2s +\$0\.091/)
  })

  it('of a backend tell when its circuit opened and closed, and why', () => {
    const minute = (n: number) => new Date(atMs - n * 60_000).toISOString()
    const circuit_history = [
      { at: minute(1), state: 'closed' as const, reason: null },
      { at: minute(2), state: 'half_open' as const, reason: 'HTTP 500' },
      { at: minute(3), state: 'open' as const, reason: 'HTTP 500' },
    ]
    const text = opened('backends', aSnapshot({ backends: [aBackend({ circuit_history })] }))
    expect(text).toMatch(/closed .*\n.*half open +HTTP 500 .*\n.*open +HTTP 500 /)
  })

  it('longer than the screen are scrolled line by line, by tens and to their ends, and start anew with another row', () => {
    const recent = Array.from({ length: 40 }, (_, at) =>
      aRecent({ session_id: 's41c-long-id', turn_number: 100 + at }),
    )
    const sessions = [aSession(), aSession({ id: 'other' })]
    const open = acted({ ...aState(aSnapshot({ recent, sessions })), focus: 'sessions' }, 'details')
    const part = (...keys: readonly Action[]) =>
      /lines (\d+) to (\d+) of (\d+)/
        .exec(drawn(acted(open, ...keys)).join('\n'))
        ?.slice(1)
        .map(Number)
    const [from, to = 0, all = 0] = part() ?? []
    expect([from, all]).toEqual([1, 54])
    expect(part('down', 'down', 'up')).toEqual([2, to + 1, all])
    expect(part('pageDown')).toEqual([11, to + 10, all])
    expect(part('last', 'down', 'down')).toEqual([all - to + 1, all, all])
    expect(part('last', 'up')).toEqual([all - to, all - 1, all])
    expect(part('last', 'first')).toEqual([1, to, all])
    expect(drawn(acted(open, 'last')).join('\n')).toMatch(/ 139 {2}gpt-5 /)
    expect(acted(open, 'last', 'nextPanel').detailsFrom).toBe(0)
    // What became shorter meanwhile is not scrolled past its end.
    const shorter = reduce(acted(open, 'last'), {
      kind: 'snapshotArrived',
      snapshot: aSnapshot({ recent: [] }),
      atMs,
    })
    expect(drawn(shorter).join('\n')).toContain('client runs Bash')
  })

  it('of an issue say whose fault it is, and which exchange to look at', () => {
    const text = opened('issues')
    expect(text).toMatch(/fault +client/)
    expect(text).toContain('llmproxy show x_1m8483bbgp00000000aa')
  })
})
