import { describe, expect, it } from 'vitest'
import type { ComparedExchange } from '../../../src/core/compared-exchange.ts'
import { effectiveness } from '../../../src/replacement/effectiveness/index.ts'
import {
  mostSessions,
  type SessionCost,
  SessionCosts,
} from '../../../src/replacement/effectiveness/session-costs.ts'
import { anExchange, seeded } from './ledgers.ts'

function costsOf(exchanges: Iterable<ComparedExchange>): SessionCost[] {
  const costs = new SessionCosts()
  for (const exchange of exchanges) {
    costs.add(exchange, exchange.decision === 'replaced' ? 'replaced' : 'baseline')
  }
  return costs.all()
}

/** Of so many sessions, or without any session. */
function* many(sessions: number, seed: number, withSessions = true): Generator<ComparedExchange> {
  const roll = seeded(seed)
  for (let session = 0; session < sessions; session++) {
    for (let turn = 0; turn < 2; turn++) {
      const sessionId = withSessions ? `session-${session}` : null
      const decision = roll() < 0.4 ? ('replaced' as const) : ('lost_roll' as const)
      yield anExchange({ sessionId, decision, costUsd: roll() / 100, durationMs: 1_000 * roll() })
    }
  }
}

const inOrder = (costs: readonly SessionCost[]) =>
  costs.map(({ replaced, baseline }) => JSON.stringify([replaced, baseline])).sort()
const sum = (costs: readonly SessionCost[], side: keyof SessionCost, of: 'requests' | 'nanoUsd') =>
  costs.reduce((all, cost) => all + cost[side][of], 0)

describe('costs by session', () => {
  it('are kept apart up to a bound', () => {
    expect(costsOf(many(mostSessions, 1))).toHaveLength(mostSessions)
    expect(
      costsOf([anExchange(), anExchange({ costUsd: null }), anExchange({ decision: 'replaced' })]),
    ).toMatchObject([
      { replaced: { requests: 1, nanoUsd: 10_000_000 }, baseline: { requests: 1, nanoUsd: 10_000_000 } },
    ])
  })

  it.each([true, false])(
    'beyond it are merged, evenly, and nothing is lost (of sessions: %s)',
    (withSessions) => {
      const all = [...many(60_000, 2, withSessions)]
      const costs = costsOf(all)
      // Of 12 sessions for each place hardly one gets none, or three times as many.
      expect(costs.length).toBeLessThanOrEqual(mostSessions)
      expect(costs.length).toBeGreaterThan(0.99 * mostSessions)
      const requests = costs.map(({ replaced, baseline }) => replaced.requests + baseline.requests)
      expect(Math.max(...requests)).toBeLessThan(3 * (all.length / mostSessions))
      for (const [side, decision] of [
        ['replaced', 'replaced'],
        ['baseline', 'lost_roll'],
      ] as const) {
        const its = all.filter((exchange) => exchange.decision === decision)
        expect(sum(costs, side, 'requests')).toBe(its.length)
        const nanoUsd = its.reduce((total, { costUsd }) => total + Math.round((costUsd ?? 0) * 1e9), 0)
        expect(sum(costs, side, 'nanoUsd')).toBe(nanoUsd)
      }
    },
  )

  it('are the same in any order, also where they are merged on the way', () => {
    const all = [...many(mostSessions, 3), ...many(500, 4, false)]
    const roll = seeded(9)
    const shuffled = all
      .map((exchange) => ({ exchange, at: roll() }))
      .sort((a, b) => a.at - b.at)
      .map(({ exchange }) => exchange)
    expect(costsOf(all).length).toBeLessThan(mostSessions)
    expect(inOrder(costsOf(shuffled))).toEqual(inOrder(costsOf(all)))
  })
})

it('a ledger of 200,000 sessions is compared as one of fewer is', async () => {
  const [entry] = await effectiveness(many(200_000, 6))
  expect(entry?.enough_data).toBe(true)
  const [low, high] = entry?.cost_per_request_interval ?? [1, 1]
  // Costs are even from 0 to 0.01 USD and go together with nothing: the standard error is known.
  const theory = 0.01 * Math.sqrt(1 / 12) * Math.sqrt(1 / 160_000 + 1 / 240_000)
  expect((high - low) / (2 * 1.96 * theory)).toBeGreaterThan(0.9)
  expect((high - low) / (2 * 1.96 * theory)).toBeLessThan(1.15)
  expect(low).toBeLessThan(0)
  expect(high).toBeGreaterThan(0)
})
