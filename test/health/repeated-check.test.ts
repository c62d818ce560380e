import { describe, expect, it } from 'vitest'
import type { Result } from '../../src/health/endpoint-state.ts'
import type { Outcome } from '../../src/health/outcome.ts'
import { repeatedCheck } from '../../src/health/repeated-check.ts'
import { FakeClock } from '../support/fake-clock.ts'

const ok: Outcome = { kind: 'success', latencyMs: 1, status: null }

/** A check that ends when the test says so. */
function aCheck(random: () => number = () => 0.5) {
  const clock = new FakeClock(0)
  const running: ((outcome: Outcome) => void)[] = []
  const results: Result[] = []
  const faults: unknown[] = []
  const world = {
    ...{ clock, results, faults, started: 0, cancelled: 0 },
    fault: undefined as Error | undefined,
    get inFlight() {
      return running.length
    },
    async end(outcome = ok) {
      running.shift()?.(outcome)
      await clock.advanceSlowly(0)
    },
    check: repeatedCheck({
      ...{ clock, random, intervalMs: 1_000 },
      start() {
        if (world.fault) throw world.fault
        world.started++
        const outcome = new Promise<Outcome>((resolve) => running.push(resolve))
        return {
          outcome,
          cancel() {
            world.cancelled++
            running.shift()?.(ok)
          },
        }
      },
      ended(result) {
        results.push(result)
        if (world.fault) throw world.fault
      },
      onFault: (error) => faults.push(error),
    }),
  }
  return world
}

describe('a repeated check', () => {
  it.each([
    [0, 900],
    [0.5, 1_000],
    [1, 1_100],
  ])('begins anew an interval ±10 %% after it began (random %d: %i ms)', async (random, ms) => {
    const world = aCheck(() => random)
    void world.check.now()
    world.clock.advance(200)
    await world.end()
    world.clock.advance(ms - 201)
    expect(world.started).toBe(1)
    world.clock.advance(1)
    expect(world.started).toBe(2)
  })

  it('never runs twice at once, and begins at once when it took longer than the interval', async () => {
    const world = aCheck()
    void world.check.now()
    world.clock.advance(10_000)
    expect(world.started).toBe(1)
    await world.end()
    expect([world.started, world.inFlight]).toEqual([2, 1])
  })

  it('tells when each result was asked for and when it came', async () => {
    const world = aCheck()
    void world.check.now()
    world.clock.advance(300)
    await world.end()
    const began = { ms: 0, ns: 0 }
    expect(world.results).toEqual([{ outcome: ok, began, ended: { ms: 300, ns: 300e6 } }])
  })

  it('asked for now, shares the check that runs', async () => {
    const world = aCheck()
    const first = world.check.now()
    expect(world.check.now()).toBe(first)
    await world.end()
    await first
    expect(world.started).toBe(1)
  })

  it('asked for now between two checks, runs and counts its interval from there', async () => {
    const world = aCheck()
    void world.check.now()
    await world.end()
    world.clock.advance(600)
    void world.check.now()
    await world.end()
    expect([world.started, world.clock.pending, world.clock.nextInMs]).toEqual([2, 1, 1_000])
  })

  it('that is stopped tells nothing more and leaves no timer', async () => {
    const world = aCheck()
    const asked = world.check.now()
    await world.check.stop()
    await asked
    await world.check.now()
    expect(world).toMatchObject({ started: 1, cancelled: 1, inFlight: 0, results: [] })
    expect(world.clock.pending).toBe(0)
  })

  it('that is stopped between two checks leaves no timer', async () => {
    const world = aCheck()
    void world.check.now()
    await world.end()
    await world.check.stop()
    expect(world.clock.pending).toBe(0)
  })

  it('goes on after a fault', async () => {
    const world = aCheck()
    world.fault = new Error('no such port')
    await world.check.now()
    expect(world.faults).toEqual([world.fault])
    expect(world.clock.pending).toBe(1)
    world.fault = undefined
    world.clock.advance(1_000)
    world.fault = new Error('no such log')
    await world.end()
    expect(world.faults).toHaveLength(2)
    expect(world.clock.pending).toBe(1)
  })
})
