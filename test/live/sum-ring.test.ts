import { describe, expect, it } from 'vitest'
import { SumRing } from '../../src/live/sum-ring.ts'

const second = 1e9

describe('a ring of three steps of a second', () => {
  it('keeps the sums of the step that runs and of the two before', () => {
    const ring = new SumRing(2, 3, 1_000, 0)
    ring.add(0, 0, 1)
    ring.add(0.9 * second, 0, 2)
    ring.add(1.5 * second, 1, 7)
    ring.add(2.1 * second, 0, 4)
    expect([0, 1, 2, 3].map((back) => ring.sum(2.5 * second, 0, back))).toEqual([4, 0, 3, 0])
    expect(ring.sum(2.5 * second, 1, 1)).toBe(7)
    expect(ring.total(2.5 * second, 0)).toBe(7)
    expect(ring.total(3 * second, 0)).toBe(4)
  })

  it('is emptied by time alone, however long nothing is added', () => {
    const ring = new SumRing(1, 3, 1_000, 0)
    ring.add(0, 0, 5)
    expect(ring.total(2.9 * second, 0)).toBe(5)
    expect(ring.total(3 * second, 0)).toBe(0)
    ring.add(4e6 * second, 0, 1)
    expect(ring.total(4e6 * second, 0)).toBe(1)
  })

  it('counts what is told late for its own step, and what is too late for the one that runs', () => {
    const ring = new SumRing(1, 3, 1_000, 0)
    ring.add(5.5 * second, 0, 1)
    ring.add(3.9 * second, 0, 2)
    ring.add(2.9 * second, 0, 4)
    expect([0, 1, 2].map((back) => ring.sum(5.9 * second, 0, back))).toEqual([5, 0, 2])
  })
})
