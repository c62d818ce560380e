import { expect, it } from 'vitest'
import { createBodyBudget } from '../../../src/proxy/body/budget.ts'

it('gives out bytes up to its limit, and then says when to try again', () => {
  const budget = createBodyBudget(() => 100)
  budget.take(60)
  budget.take(40)
  expect(() => budget.take(1)).toThrow(
    expect.objectContaining({ code: 'bodies_full', status: 503, retryAfterMs: 1_000 }),
  )
  expect(budget.usedBytes).toBe(100)
})

it('gives out again what came back', () => {
  const budget = createBodyBudget(() => 100)
  budget.take(100)
  budget.giveBack(30)
  budget.take(30)
  expect(budget.usedBytes).toBe(100)
})

it('follows a limit that a reload changed', () => {
  let limit = 10
  const budget = createBodyBudget(() => limit)
  expect(() => budget.take(20)).toThrow('max_bodies_mb')
  limit = 20
  budget.take(20)
  expect(budget.usedBytes).toBe(20)
})
