import { describe, expect, it } from 'vitest'
import type { ComparedExchange } from '../../../src/core/compared-exchange.ts'
import { effectiveness } from '../../../src/replacement/effectiveness/index.ts'
import { calibrated } from './calibrated.ts'
import { aLedger, anExchange, meanUsd, seeded, shapes } from './ledgers.ts'

async function intervalOf(exchanges: Iterable<ComparedExchange>): Promise<[number, number] | null> {
  const [entry] = await effectiveness(exchanges)
  if (!entry) throw new Error('no rule')
  return entry.cost_per_request_interval
}

/** Sessions of one request each, replaced and not, with these costs. */
const costs = (replaced: readonly number[], baseline: readonly number[]) => [
  ...replaced.map((costUsd, at) => anExchange({ sessionId: `r_${at}`, decision: 'replaced', costUsd })),
  ...baseline.map((costUsd, at) => anExchange({ sessionId: `b_${at}`, costUsd })),
]

describe('the interval of the difference in cost', () => {
  it('excludes 0 in at most 7 of 100 ledgers without a difference', async () => {
    const { missed, ledgers } = await calibrated(shapes['each request is rolled for'], 200)
    expect(ledgers).toBe(200)
    expect(missed).toBeLessThanOrEqual(0.07)
  })

  it('has the true difference in nine of ten ledgers with one, and tells its sign in most', async () => {
    // Alike sessions, so that the sign can be told of so few.
    const shape = { ...shapes['whole sessions are replaced'], costSpread: { session: 0.4, request: 0.7 } }
    for (const factor of [0.4, 2.5]) {
      const { missed, found, wrong } = await calibrated(shape, 60, factor)
      expect(missed).toBeLessThanOrEqual(0.1)
      expect(found).toBeGreaterThan(0.9)
      expect(wrong).toBe(0)
    }
  })

  it('lies around the difference that was planted, below 0 where replacing was cheaper', async () => {
    const ledger = aLedger(
      { ...shapes['windows of three requests'], sessions: { least: 400, most: 400 } },
      7,
      0.25,
    )
    const [low, high] = (await intervalOf(ledger)) ?? [0, 0]
    expect(low).toBeLessThan(-0.75 * meanUsd)
    expect(high).toBeGreaterThan(-0.75 * meanUsd)
    expect(high).toBeLessThan(0)
  })

  it('is about as wide as theory has it where costs are alike: 2 × 1.96 standard errors', async () => {
    const roll = seeded(11)
    // Sums of twelve are nearly normal, with a variance of 1.
    const normal = () => Array.from({ length: 12 }, roll).reduce((sum, one) => sum + one, -6)
    const some = (count: number, mean: number) =>
      Array.from({ length: count }, () => (mean + normal()) / 1_000)
    const [low, high] = (await intervalOf(costs(some(400, 10), some(900, 12)))) ?? [0, 0]
    const theory = (2 * 1.96 * Math.sqrt(1 / 400 + 1 / 900)) / 1_000
    expect((high - low) / theory).toBeGreaterThan(0.9)
    expect((high - low) / theory).toBeLessThan(1.15)
  })

  it('takes a session for one observation however many requests it has', async () => {
    const roll = seeded(5)
    const each = costs(
      Array.from({ length: 40 }, () => 0.01 + 0.01 * roll()),
      Array.from({ length: 40 }, () => 0.01 + 0.01 * roll()),
    )
    const often = Array.from({ length: 50 }, () => each).flat()
    const [low, high] = (await intervalOf(each)) ?? [0, 0]
    expect(await intervalOf(often)).toEqual([expect.closeTo(low, 10), expect.closeTo(high, 10)])
  })

  it('needs two sessions with a known cost on each side', async () => {
    expect(await intervalOf(costs([0.01], [0.01, 0.02, 0.03]))).toBeNull()
    expect(await intervalOf(costs([0.01, 0.02, 0.03], [0.01]))).toBeNull()
    const unknown = anExchange({ sessionId: 'other', decision: 'replaced', costUsd: null })
    expect(await intervalOf([...costs([0.01], [0.01, 0.02, 0.03]), unknown])).toBeNull()
    const sameSession = costs([0.01, 0.02], [0.01, 0.02]).map((exchange) => ({ ...exchange, sessionId: 's' }))
    expect(await intervalOf(sameSession)).toBeNull()
  })

  it('is finite or null with very few sessions, whatever their costs', async () => {
    for (let sessions = 2; sessions <= 8; sessions++) {
      const some = Array.from({ length: sessions }, (_, at) => 0.001 * (at + 1) ** 2)
      for (const baseline of [some, some.map(() => 0.5)]) {
        const interval = await intervalOf(costs(some, baseline))
        if (interval === null) expect(sessions).toBeLessThan(6)
        else for (const bound of interval) expect(Math.abs(bound)).toBeLessThan(100)
      }
    }
  })

  it('is the difference itself where every request of a side costs the same, and nothing of it is rounding', async () => {
    const thirds = (count: number) => Array.from({ length: count }, () => 0.000333)
    const [low, high] = (await intervalOf(costs(thirds(31), thirds(47)))) ?? [1, 1]
    expect([low, high]).toEqual([0, 0])
    const cheaper = await intervalOf(
      costs(
        thirds(40),
        Array.from({ length: 33 }, () => 0.001),
      ),
    )
    expect(cheaper).toEqual([expect.closeTo(-0.000667, 12), expect.closeTo(-0.000667, 12)])
    expect(await intervalOf(costs([0, 0, 0], [0, 0]))).toEqual([0, 0])
  })
})
