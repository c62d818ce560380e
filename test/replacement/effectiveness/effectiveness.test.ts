import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { ComparedExchange } from '../../../src/core/compared-exchange.ts'
import { effectiveness } from '../../../src/replacement/effectiveness/index.ts'
import { aLedger, anExchange, rule, shapes } from './ledgers.ts'

const nothingKnown = {
  ...{ requests: 0, error_rate: null, ttft_p50_ms: null, duration_p50_ms: null },
  ...{ tokens_per_request: null, cost_per_request: null, tool_call_rate: null },
}
const { requests: _none, ...noDifference } = nothingKnown

async function only(exchanges: Iterable<ComparedExchange>) {
  const [entry, ...others] = await effectiveness(exchanges)
  if (!entry || others.length > 0) throw new Error(`${others.length + 1} rules`)
  return entry
}

const replaced = (changed: Partial<ComparedExchange> = {}) => anExchange({ decision: 'replaced', ...changed })
const lost = (changed: Partial<ComparedExchange> = {}) => anExchange({ decision: 'lost_roll', ...changed })

describe('the effectiveness of a rule', () => {
  it('is what its replaced requests were against those whose roll was lost', async () => {
    const entry = await only([
      replaced({ ttftMs: 100, durationMs: 1_000, tokens: 50, costUsd: 0.002, toolCalls: 3 }),
      replaced({ ttftMs: 300, durationMs: 3_000, tokens: 100, costUsd: 0.004, toolCalls: 0 }),
      replaced({ ttftMs: 200, durationMs: 2_000, tokens: 60, costUsd: 0.003, toolCalls: 0, failed: true }),
      lost({ ttftMs: 500, durationMs: 4_000, tokens: 200, costUsd: 0.01, toolCalls: 1 }),
      lost({ ttftMs: 400, durationMs: 5_000, tokens: 100, costUsd: 0.02, toolCalls: 1 }),
    ])
    expect(entry).toMatchObject({
      from: '*',
      to: 'openai:gpt-4o-mini',
      replaced: {
        ...{ requests: 3, error_rate: 1 / 3, ttft_p50_ms: 200, duration_p50_ms: 2_000 },
        ...{ tokens_per_request: 70, cost_per_request: 0.003, tool_call_rate: 1 },
      },
      // Of an even number the upper one of the middle two, as in statistics.
      baseline: {
        ...{ requests: 2, error_rate: 0, ttft_p50_ms: 500, duration_p50_ms: 5_000 },
        ...{ tokens_per_request: 150, cost_per_request: 0.015, tool_call_rate: 1 },
      },
      enough_data: false,
    })
    expect(entry.difference).toEqual({
      ...{ error_rate: 1 / 3, ttft_p50_ms: -300, duration_p50_ms: -3_000, tokens_per_request: -80 },
      ...{ cost_per_request: expect.closeTo(-0.012, 12), tool_call_rate: 0 },
    })
    expect(entry.cost_saved).toBeCloseTo(0.036, 12)
  })

  it('is negative where the replacement cost more, and 0 where it cost the same', async () => {
    expect((await only([replaced({ costUsd: 0.5 }), lost({ costUsd: 0.25 })])).cost_saved).toBe(-0.25)
    expect((await only([replaced(), lost()])).cost_saved).toBe(0)
  })

  it('counts a replacement that failed before output as a request and an error of its side, and nothing else of it', async () => {
    const fallback = replaced({
      ...{ replaced: false, ttftMs: 9, durationMs: 9, tokens: 9, costUsd: 9, toolCalls: 9 },
    })
    const entry = await only([replaced({ toolCalls: 2 }), fallback, fallback, lost()])
    expect(entry.replaced).toEqual({
      ...{ requests: 3, error_rate: 2 / 3, ttft_p50_ms: 400, duration_p50_ms: 900 },
      ...{ tokens_per_request: 120, cost_per_request: 0.01, tool_call_rate: 2 },
    })
    expect(entry.cost_saved).toBe(0)
    expect((await only([fallback, lost()])).replaced).toEqual({
      ...nothingKnown,
      ...{ requests: 2, error_rate: 1 },
      requests: 1,
    })
  })

  it('is null where nothing is known, and never 0', async () => {
    const unknown = { ttftMs: null, tokens: null, costUsd: null }
    const entry = await only([replaced(unknown), replaced({ ...unknown, tokens: 10 }), lost(unknown)])
    expect(entry.replaced).toMatchObject({
      ttft_p50_ms: null,
      tokens_per_request: 10,
      cost_per_request: null,
    })
    expect(entry).toMatchObject({ cost_saved: null, cost_per_request_interval: null })
    expect(entry.difference).toMatchObject({
      tokens_per_request: null,
      cost_per_request: null,
      error_rate: 0,
    })
    const oneSided = await only([replaced()])
    expect(oneSided).toMatchObject({ baseline: nothingKnown, difference: noDifference, cost_saved: null })
    expect(await effectiveness([])).toEqual([])
  })

  it('saves by the requests whose cost is known', async () => {
    const entry = await only([
      replaced({ costUsd: 0.001 }),
      replaced({ costUsd: null }),
      replaced({ costUsd: 0.003 }),
      lost({ costUsd: 0.01 }),
    ])
    expect(entry.cost_saved).toBeCloseTo((0.01 - 0.002) * 2, 12)
  })

  it('is told of each rule by itself, in the order of their texts, cut at the first "="', async () => {
    const rules = ['gpt=local:name=with=signs', '*=openai:o4', 'claude=a:b']
    const found = await effectiveness(
      rules.flatMap((rule) => [replaced({ rule }), lost({ rule }), lost({ rule })]),
    )
    expect(found.map(({ from, to, baseline }) => [from, to, baseline.requests])).toEqual([
      ['*', 'openai:o4', 2],
      ['claude', 'a:b', 2],
      ['gpt', 'local:name=with=signs', 2],
    ])
  })

  it.each([
    [30, 30, true],
    [29, 200, false],
    [200, 29, false],
  ])('has enough data with %i and %i sessions: %s', async (replacedSessions, baselineSessions, enough) => {
    const sessions = (count: number, of: typeof replaced, ids: boolean) =>
      Array.from({ length: count }, (_, at) => of({ sessionId: ids ? `s_${at}` : null }))
    for (const ids of [true, false]) {
      const exchanges = [
        ...sessions(replacedSessions, replaced, ids),
        ...sessions(baselineSessions, lost, ids),
      ]
      // What comes twice from a session makes no second one of it.
      const twice = ids ? [...exchanges, ...exchanges] : exchanges
      expect((await only(twice)).enough_data).toBe(enough)
    }
  })
})

it('the same exchanges in another order say the same, to the last digit', async () => {
  const without = aLedger(shapes['each request is rolled for'], 3).map((exchange, at) => ({
    ...exchange,
    ...{ sessionId: at % 3 === 0 ? null : exchange.sessionId, ttftMs: exchange.costUsd, tokens: at },
    rule: at % 5 === 0 ? 'claude=a:b' : rule,
  }))
  const expected = await effectiveness(without)
  await fc.assert(
    fc.asyncProperty(fc.shuffledSubarray(without, { minLength: without.length }), async (shuffled) => {
      expect(await effectiveness(shuffled)).toEqual(expected)
    }),
    { numRuns: 10 },
  )
})

it('exchanges may come asynchronously', async () => {
  const ledger = aLedger(shapes['each request is rolled for'], 4)
  async function* pages() {
    for (const exchange of ledger) {
      await Promise.resolve()
      yield exchange
    }
  }
  expect(await effectiveness(pages())).toEqual(await effectiveness(ledger))
})

it('lets others work all the time: none of its pieces is a large part of the whole', async () => {
  function* many() {
    for (let at = 0; at < 100_000; at++) {
      const changed = { sessionId: `s_${at % 2_500}`, costUsd: 0.001 + (at % 977) / 1e6 }
      yield at % 3 === 0 ? replaced(changed) : lost(changed)
    }
  }
  let turns = 0
  let longestMs = 0
  let lastMs = performance.now()
  const startMs = lastMs
  let isDone = false
  const turn = () => {
    const nowMs = performance.now()
    longestMs = Math.max(longestMs, nowMs - lastMs)
    lastMs = nowMs
    turns++
    if (!isDone) setImmediate(turn)
  }
  setImmediate(turn)
  await effectiveness(many())
  isDone = true
  expect(turns).toBeGreaterThan(25)
  expect(longestMs).toBeLessThan((performance.now() - startMs) / 4)
})
