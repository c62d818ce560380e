import fc from 'fast-check'
import { expect, it } from 'vitest'
import { exactUpTo, Median } from '../../../src/replacement/effectiveness/median.ts'
import { seeded } from './ledgers.ts'

function medianOf(values: readonly number[]): number | null {
  const median = new Median()
  for (const value of values) median.add(value)
  return median.value()
}

const middleOf = (values: readonly number[]) =>
  [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? null

it('the median of few values is one of them, and of none it is null', () => {
  expect(medianOf([])).toBeNull()
  fc.assert(
    fc.property(fc.array(fc.double({ min: 0, max: 1e9, noNaN: true })), (values) => {
      expect(medianOf(values)).toBe(middleOf(values))
    }),
  )
})

it.each([
  ['even', (roll: () => number) => 5_000 * roll()],
  ['from microseconds to days', (roll: () => number) => 10 ** (12 * roll() - 3)],
  ['of two kinds', (roll: () => number) => (roll() < 0.499 ? 1 + roll() : 60_000 + roll())],
  ['all the same', () => 1_234.5],
])('the median of many values that are %s is off by 1 percent at most, in any order', (_name, value) => {
  const roll = seeded(3)
  const values = Array.from({ length: 5 * exactUpTo }, () => value(roll))
  const [found, exact] = [medianOf(values) ?? 0, middleOf(values) ?? 0]
  expect(Math.abs(found - exact)).toBeLessThanOrEqual(0.010001 * exact)
  expect(medianOf([...values].reverse())).toBe(found)
})

it('a time of 0 among many is no fault, and neither is one beyond all measure', () => {
  const none = Array.from({ length: exactUpTo + 1 }, () => 0)
  expect(medianOf(none)).toBeLessThan(0.00102)
  expect(medianOf(none.map(() => Number.MAX_VALUE))).toBeGreaterThan(0.98e12)
})
