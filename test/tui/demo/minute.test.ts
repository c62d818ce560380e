import { statSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { later, Minute } from '../../../src/tui/demo/minute.ts'
import { readSnapshot } from '../../../src/tui/read-snapshot.ts'

const minute = new Minute()
const snapshots = Array.from({ length: minute.seconds }, (_, second) => minute.at(second))

describe('the recorded minute', () => {
  it('is a minute of what top can read, a second apart, and small', () => {
    expect(snapshots).toHaveLength(60)
    for (const [at, snapshot] of snapshots.entries()) {
      expect(readSnapshot(snapshot)).toEqual(snapshot)
      const sinceMs = Date.parse(snapshot.at) - Date.parse(snapshots[0]?.at ?? '')
      expect(Math.abs(sinceMs - at * 1_000)).toBeLessThan(500)
    }
    expect(minute.at(60)).toEqual(minute.at(0))
    expect(statSync('src/tui/demo/recorded-minute.ts').size).toBeLessThan(60_000)
  })

  it('has a stream that stalls and goes on, a retry, a client that is slow, and one that left', () => {
    const states = new Set(snapshots.flatMap(({ in_flight }) => in_flight.map(({ state }) => state)))
    for (const state of ['stalled', 'retrying', 'client_slow', 'thinking', 'streaming', 'sent'] as const) {
      expect(states).toContain(state)
    }
    const ended = snapshots.flatMap(({ recent }) => recent)
    const ends = ended.map(({ incomplete_reason, issue }) => [incomplete_reason, issue])
    expect(ends).toContainEqual([null, 'stalled_stream'])
    expect(ends).toContainEqual(['client_disconnect', 'client_disconnect'])
    const failedOver = ended.filter(({ attempts, outcome }) => attempts > 1 && outcome === 'complete')
    expect(failedOver.map(({ backend }) => backend)).toContain('openai')
  })

  it('has a circuit that is open, half open and open again, and a tool that runs for half of it and more', () => {
    const backends = snapshots.map(({ backends: all }) => all.find(({ name }) => name === 'openrouter'))
    const states = backends.map((backend) => backend?.state)
    expect(states.filter((state, at) => state !== states[at - 1])).toEqual(['open', 'half_open', 'open'])
    expect(
      backends
        .at(-1)
        ?.circuit_history.slice(0, 2)
        .map(({ state }) => state),
    ).toEqual(['open', 'half_open'])
    const runs = snapshots.filter(({ sessions }) =>
      sessions.some(({ client_app, client_runs }) => client_app === 'aider' && client_runs.includes('Bash')),
    )
    expect(runs.length).toBeGreaterThan(30)
  })

  it('names nobody: no host but this machine, no path, no key', () => {
    const text = JSON.stringify(snapshots)
    expect(text).not.toMatch(/https?:|\/home|\/tmp|\/Users|sk-[a-z0-9]|localhost|127\.0\.0\.1/)
    const users = snapshots.flatMap(({ in_flight }) => in_flight.map(({ proxy_user }) => proxy_user))
    expect(new Set(users)).toEqual(new Set([null]))
  })

  it('can be told as if it were at any time: all times move, and nothing else does', () => {
    const first = snapshots[0] as (typeof snapshots)[0]
    const moved = later(first, 3_600_000)
    expect(Date.parse(moved.at) - Date.parse(first.at)).toBe(3_600_000)
    expect(Date.parse(moved.recent[0]?.at ?? '') - Date.parse(first.recent[0]?.at ?? '')).toBe(3_600_000)
    expect(later(moved, -3_600_000)).toEqual(first)
  })
})
