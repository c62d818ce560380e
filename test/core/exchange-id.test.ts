import { expect, it } from 'vitest'
import { exchangeIds } from '../../src/core/exchange-id.ts'

it('gives x_ and 20 characters of Crockford’s alphabet', () => {
  const next = exchangeIds(() => Date.UTC(2026, 0, 5))
  for (let i = 0; i < 100; i++) expect(next()).toMatch(/^x_[0-9abcdefghjkmnpqrstvwxyz]{20}$/)
})

it('puts milliseconds before chance: known values', () => {
  expect(
    exchangeIds(
      () => 0,
      () => 0n,
    )(),
  ).toBe('x_00000000000000000000')
  expect(
    exchangeIds(
      () => 0,
      () => 33n,
    )(),
  ).toBe('x_00000000000000000011')
  expect(
    exchangeIds(
      () => 1,
      () => 0n,
    )(),
  ).toBe('x_00000000100000000000')
})

it('increases strictly within one millisecond, over its end, and when the clock goes back', () => {
  let nowMs = 1_000
  const next = exchangeIds(
    () => nowMs,
    () => (1n << 55n) - 2n,
  )
  const ids = [next(), next(), next(), next()]
  nowMs = 500
  ids.push(next())
  nowMs = 5_000
  ids.push(next())
  expect(ids).toEqual([...ids].sort())
  expect(new Set(ids).size).toBe(ids.length)
})
