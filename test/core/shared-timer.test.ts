import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { sharedTimer } from '../../src/core/shared-timer.ts'
import { FakeClock } from '../support/fake-clock.ts'

/** A shared timer on a clock that a test moves; the clock's `pending` are the system's timers. */
function timerOn(clock: FakeClock) {
  return sharedTimer({
    nowMs: () => clock.monotonicNs() / 1e6,
    wakeAfter: (delayMs, run) => clock.after(delayMs, run),
  })
}

describe('timers that share one', () => {
  it('run when they are due, in their order, on one timer of the system', () => {
    const clock = new FakeClock()
    const start = timerOn(clock)
    const ran: string[] = []
    for (const delayMs of [300, 100, 200, 100]) start(delayMs, () => ran.push(`${delayMs}`))
    expect(clock.pending).toBe(1)
    clock.advance(99)
    expect(ran).toEqual([])
    clock.advance(1)
    expect(ran).toEqual(['100', '100'])
    clock.advance(1000)
    expect(ran).toEqual(['100', '100', '200', '300'])
    expect(clock.pending).toBe(0)
  })

  it('never run once they are cancelled, also by one that is due with them', () => {
    const clock = new FakeClock()
    const start = timerOn(clock)
    const ran: string[] = []
    start(10, () => other.cancel())
    const other = start(10, () => ran.push('other'))
    const early = start(5, () => ran.push('early'))
    early.cancel()
    early.cancel()
    start(20, () => ran.push('last'))
    clock.advance(100)
    expect(ran).toEqual(['last'])
  })

  it('may be started and cancelled while others run', () => {
    const clock = new FakeClock()
    const start = timerOn(clock)
    const ranAtMs: number[] = []
    const again = () => {
      ranAtMs.push(clock.monotonicNs() / 1e6)
      if (ranAtMs.length < 3) start(50, again)
    }
    start(50, again)
    clock.advance(1000)
    expect(ranAtMs).toEqual([50, 100, 150])
  })

  it('run although one before them throws', () => {
    const clock = new FakeClock()
    const start = timerOn(clock)
    const ran: string[] = []
    start(10, () => {
      throw new Error('a fault')
    })
    start(10, () => ran.push('second'))
    start(30, () => ran.push('third'))
    expect(() => clock.advance(10)).toThrow('a fault')
    clock.advance(20)
    expect(ran).toEqual(['second', 'third'])
  })

  it('wait longer than a timer of Node’s can', () => {
    const clock = new FakeClock()
    const start = timerOn(clock)
    let ran = false
    const thirtyDaysMs = 30 * 86_400_000
    start(thirtyDaysMs, () => {
      ran = true
    })
    expect(clock.nextInMs).toBe(2 ** 31 - 1)
    clock.advance(thirtyDaysMs - 1)
    expect(ran).toBe(false)
    clock.advance(1)
    expect(ran).toBe(true)
  })

  it('behave as timers of their own would', () => {
    const step = fc.record({ delayMs: fc.nat(50), cancels: fc.boolean(), advanceMs: fc.nat(20) })
    fc.assert(
      fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
        expect(play(steps, true)).toEqual(play(steps, false))
      }),
    )
  })
})

/** Starts a timer at each step, cancels some of the earlier ones, and moves time: what ran, and when. */
function play(steps: readonly { delayMs: number; cancels: boolean; advanceMs: number }[], shared: boolean) {
  const clock = new FakeClock()
  const start = shared ? timerOn(clock) : clock.after.bind(clock)
  const ran: [number, number][] = []
  const timers = []
  for (const [number, { delayMs, cancels, advanceMs }] of steps.entries()) {
    timers.push(start(delayMs, () => ran.push([number, clock.monotonicNs() / 1e6])))
    if (cancels) timers[Math.floor(number / 2)]?.cancel()
    clock.advance(advanceMs)
  }
  clock.advance(100)
  return ran
}
