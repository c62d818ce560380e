import { describe, expect, it } from 'vitest'
import { aLive } from './a-live.ts'

const found = { code: 'slow_first_token', fault: 'backend' as const, atNs: 1e18, description: 'It was slow.' }

describe('a session', () => {
  it('has its turns, what they took, and how the last one ended', () => {
    const { live, clock, play } = aLive()
    for (const turn of [1, 2])
      play({ session: { id: 's', turn } })
        .attempt()
        .text('x')
        .ends(90, 10)
    clock.advance(3_000)
    play({ session: { id: 's', turn: 3 } }).attempt()
    expect(live.snapshot(5)).toMatchObject({
      sessions_total: 1,
      sessions: [
        {
          ...{ id: 's', client_app: 'claude', turns: 3, tokens: 200, cost_usd: 0.2, in_flight: 1 },
          ...{ last_end_ms_ago: 3_000, last_stop: 'stop', client_runs: [], issues: 0 },
        },
      ],
    })
  })

  it('whose answer ended in tool calls says what its client runs, until the next turn opens', () => {
    const { live, clock, play } = aLive()
    const runs = () => live.snapshot(1).sessions[0]
    const call = (name: string) => ({ type: 'tool_call' as const, index: 0, name, arguments: '{}' })
    play({ session: { id: 's', turn: 1 } })
      .attempt()
      .says(call('Bash'), call('Read'), call('Bash'))
      .ends(9, 1, 'tool')
    clock.advance(100_000)
    expect(runs()).toMatchObject({
      client_runs: ['Bash', 'Read'],
      last_stop: 'tool',
      last_end_ms_ago: 100_000,
    })
    // A helper call is no turn.
    const helper = play({ session: { id: 's', turn: 1 }, callPurpose: 'count_tokens' }).attempt()
    expect(runs()?.client_runs).toEqual(['Bash', 'Read'])
    helper.ends(9, 0)
    expect(runs()).toMatchObject({ client_runs: ['Bash', 'Read'], last_stop: 'tool' })
    const next = play({ session: { id: 's', turn: 2 } })
    expect(runs()?.client_runs).toEqual([])
    next.attempt().text('done').ends(9, 1)
    expect(runs()).toMatchObject({ client_runs: [], last_stop: 'stop' })
  })

  it('is there with its first exchange, which may still wait', () => {
    const { live, play } = aLive()
    const { exchange } = play({ session: null, clientApp: null })
    expect(live.snapshot(1).sessions).toEqual([])
    Object.assign(exchange, { session: { id: 's', turn: 1 }, clientApp: 'codex' })
    expect(live.snapshot(1).sessions).toMatchObject([
      { id: 's', client_app: 'codex', turns: 1, cost_usd: null, in_flight: 1, last_end_ms_ago: null },
    ])
  })

  it('counts each issue once, however much worse it becomes', () => {
    const { live, play } = aLive()
    const played = play({ session: { id: 's', turn: 1 } }).attempt()
    const about = { exchange: played.exchange.id, session: 's' }
    live.issueFound({ ...found, ...about, severity: 'warn' })
    live.issueFound({ ...found, ...about, severity: 'error' })
    live.issueFound({ ...found, ...about, code: 'empty_answer', severity: 'note' })
    played.closes()
    const { sessions, issues, issues_total, recent } = live.snapshot(5)
    expect(sessions[0]?.issues).toBe(2)
    expect(issues_total).toBe(2)
    expect(issues).toMatchObject([
      { code: 'empty_answer', severity: 'note' },
      { code: 'slow_first_token', severity: 'error', session_id: 's', at: '2001-09-09T01:46:40.000Z' },
    ])
    expect(recent[0]?.issue).toBe('slow_first_token')
  })

  it('is forgotten when a thousand others were heard of since', () => {
    const { live, play } = aLive()
    const turnOf = (id: string) =>
      play({ session: { id, turn: 1 } })
        .attempt()
        .ends(1, 1)
    for (let i = 0; i < 1_000; i++) turnOf(`s${i}`)
    turnOf('s0')
    turnOf('new')
    const { sessions, sessions_total } = live.snapshot(1_000)
    expect(sessions_total).toBe(1_000)
    const ids = sessions.map(({ id }) => id)
    expect(ids.slice(0, 2)).toEqual(['new', 's0'])
    expect(ids).not.toContain('s1')
  })
})
