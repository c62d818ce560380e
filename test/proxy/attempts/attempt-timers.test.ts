import { describe, expect, it } from 'vitest'
import { AttemptTimers, type TimeoutName } from '../../../src/proxy/attempts/attempt-timers.ts'
import { FakeClock } from '../../support/fake-clock.ts'

const timeouts = {
  connectMs: 10_000,
  headersMs: 60_000,
  firstContentMs: 90_000,
  idleMs: 30_000,
  totalMs: 200_000,
  failoverMs: 20_000,
}

function started(mayFailOver = false) {
  const clock = new FakeClock()
  const expired: { name: TimeoutName; message: string; code: string; atMs: number }[] = []
  const timers = new AttemptTimers(clock, { name: 'openai', timeouts }, ({ message, code }, name) =>
    expired.push({ name, message, code, atMs: clock.monotonicNs() / 1e6 }),
  )
  timers.start(mayFailOver)
  return { clock, timers, expired }
}

describe('each timeout of an attempt', () => {
  it.each<[TimeoutName, string, number, (timers: AttemptTimers, clock: FakeClock) => void]>([
    ['connect', 'no connection to backend openai within 10 s', 10_000, () => {}],
    ['headers', 'no answer from backend openai within 60 s', 60_000, (timers) => timers.connected()],
    [
      'first content',
      'sent no content within 90 s',
      90_000,
      (timers, clock) => {
        timers.connected()
        timers.head(true)
        for (let i = 0; i < 8; i++) {
          clock.advance(10_000)
          timers.byte()
        }
      },
    ],
    [
      'idle',
      'sent nothing for 30 s',
      37_000,
      (timers, clock) => {
        timers.connected()
        timers.head(true)
        timers.firstContent()
        clock.advance(7_000)
        timers.byte()
      },
    ],
    [
      'total',
      'took longer than 200 s',
      200_000,
      (timers, clock) => {
        timers.connected()
        timers.head(false)
        for (let i = 0; i < 19; i++) {
          clock.advance(10_000)
          timers.byte()
        }
      },
    ],
  ])('%s ends it in time, once, with what to change', (name, words, atMs, drive) => {
    const { clock, timers, expired } = started()
    drive(timers, clock)
    clock.advance(atMs - clock.monotonicNs() / 1e6 - 1)
    expect(expired).toEqual([])
    clock.advance(1)
    expect(expired).toMatchObject([{ name, atMs, code: 'backend_timeout' }])
    expect(expired[0]?.message).toContain(words)
    expect(expired[0]?.message).toContain(`backends.openai.timeouts.${name.replace(' ', '_')}_seconds`)
    clock.advance(1e9)
    expect(expired).toHaveLength(1)
    expect(clock.pending).toBe(0)
  })

  it('counts from the request’s sending, not from the connection’s beginning', () => {
    const { clock, timers, expired } = started()
    clock.advance(9_000)
    timers.connected()
    clock.advance(59_999)
    expect(expired).toEqual([])
    clock.advance(1)
    expect(expired).toMatchObject([{ name: 'headers', atMs: 69_000 }])
  })

  it('counts the wait for the head towards the first content', () => {
    const { clock, timers, expired } = started()
    timers.connected()
    clock.advance(59_000)
    timers.head(true)
    clock.advance(20_000)
    timers.byte()
    clock.advance(11_000)
    expect(expired).toMatchObject([{ name: 'first content', atMs: 90_000 }])
  })
})

describe('failover_seconds', () => {
  it('ends a silent attempt while another target is left', () => {
    const { clock, timers, expired } = started(true)
    timers.connected()
    clock.advance(20_000)
    expect(expired).toMatchObject([{ name: 'failover' }])
  })

  it.each<[string, (timers: AttemptTimers) => void]>([
    ['the head', (timers) => timers.head(true)],
    ['a byte', (timers) => timers.byte()],
  ])('is over with %s', (_what, answer) => {
    const { clock, timers, expired } = started(true)
    timers.connected()
    clock.advance(19_999)
    answer(timers)
    clock.advance(10_000)
    expect(expired).toEqual([])
  })
})

describe('a client that does not read', () => {
  it('is no silence of the backend', () => {
    const { clock, timers, expired } = started()
    timers.connected()
    timers.head(true)
    timers.firstContent()
    timers.setPaused(true)
    clock.advance(100_000)
    expect(expired).toEqual([])
    timers.setPaused(false)
    clock.advance(29_000)
    expect(expired).toEqual([])
    clock.advance(31_000)
    expect(expired).toMatchObject([{ name: 'idle' }])
  })
})

it('times nothing out after it was stopped', () => {
  const { clock, timers, expired } = started(true)
  timers.stop()
  timers.head(true)
  clock.advance(1e9)
  expect(expired).toEqual([])
  expect(clock.pending).toBe(0)
})
