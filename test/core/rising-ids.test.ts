import { expect, it } from 'vitest'
import { exchangeIds, sessionIds } from '../../src/core/rising-ids.ts'

it('gives x_ and 20 characters of Crockford’s alphabet', () => {
  const next = exchangeIds(() => Date.UTC(2026, 0, 5))
  for (let i = 0; i < 100; i++) expect(next()).toMatch(/^x_[0-9abcdefghjkmnpqrstvwxyz]{20}$/)
})

it('gives sessions the like with s_', () => {
  const next = sessionIds(() => Date.UTC(2026, 0, 5))
  const ids = [next(), next()]
  for (const id of ids) expect(id).toMatch(/^s_[0-9abcdefghjkmnpqrstvwxyz]{20}$/)
  expect(ids).toEqual([...ids].sort())
})

it('draws a new chance for each millisecond, over many of them', () => {
  let nowMs = 0
  const next = exchangeIds(() => nowMs++)
  const chances = Array.from({ length: 1000 }, () => next().slice(-11))
  expect(new Set(chances).size).toBe(1000)
})

it.each([
  [0, [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0], 'x_00000000000000000000'],
  [0, [0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 1], 'x_00000000000000000011'],
  [1, [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0], 'x_00000000100000000000'],
  [33, [31, 0, 0, 0, 0, 0, 0, 0, 0, 0, 10], 'x_000000011z000000000a'],
  [2 ** 45 - 1, [31, 31, 31, 31, 31, 31, 31, 31, 31, 31, 31], 'x_zzzzzzzzzzzzzzzzzzzz'],
])('puts milliseconds before chance: %d and %j are %s', (ms, chance, id) => {
  const next = exchangeIds(
    () => ms,
    (digits) => digits.set(chance),
  )
  expect(next()).toBe(id)
})

it('counts up within one millisecond, with its carry', () => {
  const next = exchangeIds(
    () => 1,
    (digits) => digits.fill(0).fill(31, 9),
  )
  expect([next(), next(), next()]).toEqual([
    'x_000000001000000000zz',
    'x_00000000100000000100',
    'x_00000000100000000101',
  ])
})

it('increases strictly within one millisecond, over its end, and when the clock goes back', () => {
  let nowMs = 1_000
  const next = exchangeIds(
    () => nowMs,
    (digits) => digits.fill(31).fill(30, 10),
  )
  const ids = [next(), next(), next(), next()]
  nowMs = 500
  ids.push(next())
  nowMs = 5_000
  ids.push(next())
  expect(ids).toEqual([...ids].sort())
  expect(new Set(ids).size).toBe(ids.length)
})
