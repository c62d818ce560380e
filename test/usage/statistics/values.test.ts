import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { exactUpTo, Values } from '../../../src/usage/statistics/values.ts'

const filled = (values: readonly number[]) => {
  const found = new Values()
  for (const value of values) found.add(value)
  return found
}
/** The definition, said plainly: the value at index min(floor(n·q), n−1). */
const at = (values: readonly number[], q: number) =>
  [...values].sort((a, b) => a - b)[Math.min(Math.floor(values.length * q), values.length - 1)] ?? Number.NaN

describe('values', () => {
  it('without any have no summary', () => expect(new Values().summary()).toBeNull())

  it('have exact percentiles, in one piece and merged', () => {
    const value = fc.integer({ min: 0, max: 1_000_000 }).map((n) => n / 1000)
    fc.assert(
      fc.property(fc.array(value, { minLength: 1 }), fc.array(value), (a, b) => {
        const merged = filled(a)
        merged.merge(filled(b))
        const all = [...a, ...b]
        const summary = merged.summary()
        expect(summary?.count).toBe(all.length)
        expect([summary?.p50, summary?.p95, summary?.p99]).toEqual([
          at(all, 0.5),
          at(all, 0.95),
          at(all, 0.99),
        ])
        expect([summary?.min, summary?.max]).toEqual([Math.min(...all), Math.max(...all)])
      }),
    )
  })

  it('beyond 100,000 are at most 1 % off, in one piece and merged', () => {
    let seed = 7
    const next = () => {
      seed = (seed * 16_807) % 2_147_483_647
      return seed / 2_147_483_647
    }
    // Times as they are: a long tail.
    const all = Array.from({ length: exactUpTo + 50_000 }, () => Math.exp(next() * 9))
    const merged = filled(all.slice(0, 60_000))
    merged.merge(filled(all.slice(60_000)))
    for (const values of [filled(all), merged]) {
      expect(values.isExact).toBe(false)
      const summary = values.summary()
      for (const [name, q] of [
        ['p50', 0.5],
        ['p95', 0.95],
        ['p99', 0.99],
      ] as const) {
        const exact = at(all, q)
        expect(Math.abs((summary?.[name] ?? 0) - exact) / exact).toBeLessThan(0.01)
      }
    }
  })
})
