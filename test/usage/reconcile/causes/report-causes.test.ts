import { expect, it } from 'vitest'
import type { Part } from '../../../../src/usage/reconcile/causes/cause.ts'
import { causesTogether } from '../../../../src/usage/reconcile/causes/report-causes.ts'

const measures = { tokens: true, cost: true }

it('are put together of as many rows as a large account has', () => {
  const rows = Array.from({ length: 150_000 }, (_, index): Part[] => [
    { cause: 'other_rates', tokens: 0, nanoUsd: -2, attempts: 1, factors: [index === 7 ? 0.5 : 0.8] },
  ])
  const [together, ...others] = causesTogether(rows, measures)
  expect(others).toEqual([])
  expect(together).toMatchObject({ rows: 150_000, attempts: 150_000, cost_usd: -0.0003, share: 1 })
  expect(together?.sentence).toContain('0.50 to 0.80 times ours')
})

it('add up by cause, with their signs, and count what is off on either side for their shares', () => {
  const part = (cause: Part['cause'], tokens: number, reasons: [string, number][]): Part => ({
    ...{ cause, tokens, nanoUsd: 0, attempts: 1, reasons: new Map(reasons) },
  })
  const together = causesTogether(
    [
      [part('disconnects', 30, [['timeout', 1]]), part('retries', 20, [['http_500', 1]])],
      [part('disconnects', -30, [['timeout', 2]])],
    ],
    measures,
  )
  expect(together).toMatchObject([
    { cause: 'disconnects', tokens: 0, attempts: 2, rows: 2, share: 0.75 },
    { cause: 'retries', tokens: 20, attempts: 1, rows: 1, share: 0.25 },
  ])
  expect(together[0]?.sentence).toContain('(timeout 3)')
})

it('of rows that lack one side whole and of others say nothing of a whole', () => {
  const part: Part = { cause: 'not_through_proxy', tokens: 5, nanoUsd: 0, attempts: 3 }
  const [whole] = causesTogether([[{ ...part, isWhole: true }], [{ ...part, isWhole: true }]], measures)
  expect(whole?.sentence).toContain('The ledger has nothing of it')
  const [mixed] = causesTogether([[{ ...part, isWhole: true }], [part]], measures)
  expect(mixed?.sentence).toContain('The invoice has 6 calls more')
})
