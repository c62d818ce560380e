import { expect, it } from 'vitest'
import { Spending } from '../../../../src/capture/replay/live/spending.ts'

const estimate = (highUsd: number | null) => ({ promptTokens: 1, maxOutputTokens: 1, lowUsd: 0, highUsd })

it('stops before more can be spent than may be, by what was really spent', () => {
  const spending = new Spending({ maxUsd: 1 })
  expect(spending.admits(estimate(0.6))).toBe(true)
  spending.add({ statuses: [200, 200], costUsd: 0.1, estimate: estimate(0.6) })
  expect(spending.admits(estimate(0.6))).toBe(true)
  spending.add({ statuses: [200, 200], costUsd: 0.5, estimate: estimate(0.6) })
  expect([spending.spentUsd, spending.stopped]).toEqual([0.6, null])
  expect(spending.admits(estimate(0.6))).toBe(false)
  expect(spending.stopped).toContain('--max-cost 1')
})

it('takes the most that it can have been where nobody says, and nothing for what was refused', () => {
  const spending = new Spending({ maxUsd: null })
  spending.add({ statuses: [200], costUsd: null, estimate: estimate(0.6) })
  spending.add({ statuses: [400, 400], costUsd: null, estimate: estimate(5) })
  expect([spending.spentUsd, spending.isEstimated, spending.isUnknown]).toEqual([0.6, true, false])
  spending.add({ statuses: [], costUsd: null, estimate: estimate(0.4) })
  expect(spending.spentUsd).toBe(1)
  spending.add({ statuses: [200], costUsd: null, estimate: estimate(null) })
  expect(spending.isUnknown).toBe(true)
})

it.each([401, 402])('stops at the first %i', (status) => {
  const spending = new Spending({ maxUsd: null })
  spending.add({ statuses: [502, status], costUsd: 0, estimate: estimate(1) })
  expect(spending.admits(estimate(0))).toBe(false)
  expect(spending.stopped).toContain(String(status))
})

it('stops at the third 429 in a row', () => {
  const spending = new Spending({ maxUsd: null })
  const add = (status: number) => spending.add({ statuses: [status], costUsd: 0, estimate: estimate(1) })
  for (const status of [429, 429, 200, 429, 429]) add(status)
  expect(spending.admits(estimate(0))).toBe(true)
  add(429)
  expect(spending.admits(estimate(0))).toBe(false)
})

it('sends nothing without a price where a limit is to be kept', () => {
  expect(new Spending({ maxUsd: 1 }).admits(estimate(null))).toBe(false)
  expect(new Spending({ maxUsd: null }).admits(estimate(null))).toBe(true)
})
