import fc from 'fast-check'
import { expect, it } from 'vitest'
import { allocate } from '../../../../src/usage/reconcile/causes/allocate.ts'

const candidate = (key: string, expected: number, most = Number.POSITIVE_INFINITY) => ({
  key,
  expected,
  most,
})

it('shares out by what is usual', () => {
  const { shares, left } = allocate(100, [candidate('a', 1), candidate('b', 3)])
  expect([Object.fromEntries(shares), left]).toEqual([{ a: 25, b: 75 }, 0])
})

it('gives none more than is possible, and the others the rest', () => {
  const { shares, left } = allocate(100, [candidate('a', 9, 10), candidate('b', 1)])
  expect([Object.fromEntries(shares), left]).toEqual([{ a: 10, b: 90 }, 0])
})

it('leaves what nobody can have done', () => {
  const { shares, left } = allocate(100, [candidate('a', 5, 10), candidate('b', 0)])
  expect([Object.fromEntries(shares), left]).toEqual([{ a: 10 }, 90])
})

it('neither loses nor makes anything', () => {
  const amount = fc.double({ min: 0, max: 1e9, noNaN: true })
  fc.assert(
    fc.property(amount, fc.array(fc.tuple(amount, amount), { maxLength: 6 }), (whole, pairs) => {
      const candidates = pairs.map(([expected, most], index) => candidate(String(index), expected, most))
      const { shares, left } = allocate(whole, candidates)
      const given = [...shares.values()].reduce((sum, share) => sum + share, 0)
      expect(given + left).toBeCloseTo(whole, 2)
      for (const { key, most } of candidates)
        expect(shares.get(key) ?? 0).toBeLessThanOrEqual(most * 1.000001)
    }),
  )
})
