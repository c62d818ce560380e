import { describe, expect, it } from 'vitest'
import { SectionClock } from '../../../../src/capture/writer/files/section-clock.ts'

const baseNs = 5e12
const wallMs = Date.UTC(2026, 10, 27)
const seconds = (count: number) => count * 1e9

function aClock() {
  const clock = new SectionClock(baseNs, wallMs)
  /** Both clocks go on; the wall's is set by so much. */
  const at = (secondsOn: number, setByMs = 0) =>
    clock.set(baseNs + seconds(secondsOn), wallMs + secondsOn * 1e3 + setByMs)
  return { clock, at }
}

describe('the clock of sections', () => {
  it('counts nanoseconds from the run on, and never below 0', () => {
    const { clock, at } = aClock()
    expect(clock.since(baseNs + 1_234)).toBe(1_234)
    expect(clock.since(baseNs - 1)).toBe(0)
    at(2)
    expect(clock.now()).toBe(2e9)
  })

  it('tells the wall clock once a minute', () => {
    const { clock, at } = aClock()
    at(59)
    expect(clock.due()).toBeNull()
    at(60)
    expect(clock.due()).toEqual({ k: 'clk', t: 60e9, wall_ns: BigInt(wallMs + 60_000) * 1_000_000n })
    at(61)
    expect(clock.due()).toBeNull()
  })

  it('tells it when it was set by more than 50 ms, once', () => {
    const { clock, at } = aClock()
    expect(clock.begin()).toBe(BigInt(wallMs) * 1_000_000n)
    at(1, 50)
    expect(clock.due()).toBeNull()
    at(2, 51)
    expect(clock.due()).toMatchObject({ t: 2e9, wall_ns: BigInt(wallMs + 2_051) * 1_000_000n })
    at(3, 51)
    expect(clock.due()).toBeNull()
    at(4, -3_600_000)
    expect(clock.due()?.wall_ns).toBe(BigInt(wallMs + 4_000 - 3_600_000) * 1_000_000n)
  })

  it('begins a section by the wall clock of its time, also when it was set before', () => {
    const { clock, at } = aClock()
    at(10, 5_000)
    expect(clock.begin()).toBe(BigInt(wallMs + 5_000) * 1_000_000n)
    expect(clock.due()).toBeNull()
  })
})
