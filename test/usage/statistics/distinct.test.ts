import { expect, it } from 'vitest'
import { Distinct, exactUpTo } from '../../../src/usage/statistics/distinct.ts'

const of = (from: number, to: number) => {
  const distinct = new Distinct()
  for (let index = from; index < to; index++) distinct.add(`session ${index}`)
  return distinct
}

it('counts different names exactly while they are few', () => {
  const distinct = of(0, 1000)
  distinct.merge(of(500, 1500))
  expect(distinct.count).toBe(1500)
  expect(distinct.isExact).toBe(true)
})

it.each([exactUpTo + 1, 250_000])('counts %i names to within a fiftieth, and merged the same', (names) => {
  const whole = of(0, names)
  const merged = of(0, Math.ceil(names * 0.7))
  merged.merge(of(Math.floor(names * 0.3), names))
  expect(whole.isExact).toBe(false)
  // Three and a half standard errors of 0.57 %.
  expect(Math.abs(whole.count - names) / names).toBeLessThan(0.02)
  expect(merged.count).toBe(whole.count)
})
