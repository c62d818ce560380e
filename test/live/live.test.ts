import { describe, expect, it } from 'vitest'
import { ProxyError } from '../../src/core/errors.ts'
import { aLive, aStanding, priceOf } from './a-live.ts'

const overloaded = () => new ProxyError('backend_error', 'overloaded, said sk-secret', { status: 503 })

describe('an exchange in flight', () => {
  it('has its tokens by length while they pass, and the provider’s figure once it reported', () => {
    const { live, clock, play } = aLive()
    const shown = () => live.snapshot(1).in_flight[0]
    const played = play({ requestBytes: 4_000 }).attempt().answered()
    expect(shown()).toMatchObject({ output_tokens: 0, tps: null, ttft_ms: null, cost_usd: 1 })
    clock.advance(400)
    played.says({ type: 'reasoning', text: 'x'.repeat(40) }).text('y'.repeat(360))
    clock.advance(2_000)
    expect(shown()).toMatchObject({ output_tokens: 100, tps: 50, ttft_ms: 400, cost_usd: 1.1 })
    // What comes at the beginning is of the beginning.
    played.says({ type: 'usage', usage: { promptTokens: 3_000, completionTokens: 1 } })
    expect(shown()).toMatchObject({ output_tokens: 100, cost_usd: 3.1 })
    played.says(
      { type: 'usage', usage: { promptTokens: 3_000, completionTokens: 80 } },
      { type: 'end', reason: 'stop', raw: 'stop' },
    )
    expect(shown()).toMatchObject({ output_tokens: 80, cost_usd: 3.08 })
  })

  it('has none where its answer is not read', () => {
    const { live, play } = aLive()
    const other = play({ callPurpose: 'other' }).attempt({ model: null }).answered()
    const inflated = play().attempt().answered()
    other.last.lastByteNs = inflated.last.lastByteNs = 1
    expect(live.snapshot(2).in_flight.map((one) => [one.output_tokens, one.cost_usd])).toEqual([
      [null, null],
      [null, null],
    ])
  })

  it('of a plan’s login, or without a price, costs nothing that is known', () => {
    const { live, play } = aLive()
    play().attempt({ billing: 'subscription' }).answered().text('Hello')
    play().attempt({ model: 'free' }).answered().text('Hello')
    expect(live.snapshot(9).in_flight.map(({ cost_usd }) => cost_usd)).toEqual([null, null])
  })

  it('counts anew with another attempt', () => {
    const { live, play } = aLive()
    const played = play().attempt().answered().text('x'.repeat(400))
    played.fails(overloaded()).attempt({ backend: 'other' }).answered().text('four')
    expect(live.snapshot(1).in_flight[0]).toMatchObject({ output_tokens: 1, backend: 'other', attempt: 2 })
  })

  it('is listed with the oldest, as many as are asked for', () => {
    const { live, play } = aLive()
    const ids = [play(), play(), play()].map(({ exchange }) => exchange.id)
    const { in_flight, in_flight_total } = live.snapshot(2)
    expect(in_flight.map(({ id }) => id)).toEqual(ids.slice(0, 2))
    expect(in_flight_total).toBe(3)
  })
})

describe('what has closed', () => {
  it('is told with what the provider reported', () => {
    const { live, clock, play } = aLive()
    const played = play({ receivedNs: 0 }).attempt().answered()
    clock.advance(400)
    played.text('Hello')
    clock.advance(600)
    played.ends(1_000, 50)
    expect(live.snapshot(5)).toMatchObject({
      in_flight_total: 0,
      in_flight: [],
      recent: [
        {
          ...{ id: played.exchange.id, at: new Date(clock.nowMs()).toISOString(), status: 200 },
          ...{ outcome: 'complete', error: null, call_purpose: 'chat', backend: 'anthropic', attempts: 1 },
          ...{ prompt_tokens: 1_000, completion_tokens: 50, tokens_reported: true, cached_tokens: null },
          ...{ ttft_ms: 400, duration_ms: 1_000, cost_usd: 1.05, replacement: null, issue: null },
        },
      ],
    })
  })

  it('says where it was estimated, and takes our own count when that is there', () => {
    const { live, clock, play } = aLive()
    const { exchange } = play().attempt().answered().text('x'.repeat(400)).closes()
    const seen = () => {
      const { recent, traffic, cost, sessions, backends } = live.snapshot(5)
      const [shown] = recent
      return {
        shown: [shown?.prompt_tokens, shown?.completion_tokens, shown?.tokens_reported, shown?.cost_usd],
        rates: [traffic.tokens_in_per_second, traffic.tokens_out_per_second],
        backend: [backends[0]?.tokens_out_per_second, backends[0]?.usd_per_hour],
        session: [sessions[0]?.tokens, sessions[0]?.cost_usd],
        unpriced: cost.unpriced,
      }
    }
    expect(seen()).toEqual({
      shown: [null, 100, false, null],
      rates: [0, 10],
      backend: [10, null],
      session: [100, null],
      unpriced: 1,
    })
    live.counted({ id: exchange.id, promptTokens: 200, completionTokens: 90, nanoUsd: 0.29e9 })
    live.counted({ id: 'x_forgotten', promptTokens: 1, completionTokens: 1, nanoUsd: 1 })
    expect(seen()).toMatchObject({
      shown: [200, 90, false, 0.29],
      rates: [20, 9],
      session: [290, 0.29],
      unpriced: 0,
    })
    clock.advance(5_000)
    expect(live.snapshot(1).cost.usd_per_hour).toBeCloseTo(0.29 * 12, 1)
  })

  it('costs nothing where tokens were only counted', () => {
    const { live, play } = aLive()
    play({ callPurpose: 'count_tokens', stream: false }).attempt().answered().ends(500, 0)
    const { recent, cost, traffic } = live.snapshot(1)
    expect(recent[0]).toMatchObject({ prompt_tokens: null, completion_tokens: null, cost_usd: null })
    expect([cost.unpriced, cost.usd_per_hour, traffic.tokens_in_per_second]).toEqual([0, null, 0])
  })

  it('is kept for the last two hundred', () => {
    const { live, play } = aLive()
    for (let i = 0; i < 450; i++) play().attempt().ends(1, 1)
    const last = play().attempt().ends(1, 1).exchange.id
    const { recent, traffic } = live.snapshot(1_000)
    expect(recent).toHaveLength(200)
    expect(recent[0]?.id).toBe(last)
    expect(traffic.requests).toBe(451)
  })
})

describe('traffic', () => {
  it('has rates over ten seconds and a number for each step of five minutes', () => {
    const { live, clock, play } = aLive()
    for (let i = 0; i < 5; i++) play().attempt().answered().text('x').ends(90, 10)
    play().attempt().fails(overloaded()).closes({ outcome: 'error', status: 503, error: overloaded() })
    play().closes({ outcome: 'incomplete', incompleteReason: 'client_disconnect' })
    play().closes({ outcome: 'rejected', status: 401 })
    expect(live.snapshot(1).traffic).toMatchObject({
      ...{ requests_per_second: 0.8, tokens_in_per_second: 45, tokens_out_per_second: 5 },
      ...{ requests: 8, errors: 1, error_ratio: 0.125, peak_requests_per_second: 0.8 },
    })
    clock.advance(5_000)
    const { traffic, cost } = live.snapshot(1)
    expect(traffic.peak_requests_per_second).toBe(1.6)
    expect(traffic.series.requests_per_second.slice(-2)).toEqual([null, 1.6])
    expect(traffic.series.tokens_per_second.slice(-2)).toEqual([null, 100])
    expect(traffic.series.error_ratio.slice(-2)).toEqual([null, 0.125])
    expect(cost.series.usd.slice(-2)).toEqual([null, 0.5])
  })

  it('counts tokens when they pass, not when the answer ends, and corrects what it took for too many', () => {
    const { live, clock, play } = aLive()
    const played = play().attempt().answered()
    for (let s = 0; s < 20; s++) {
      played.text('x'.repeat(400))
      clock.advance(1_000)
    }
    expect(live.snapshot(1).traffic.tokens_out_per_second).toBe(100)
    played.ends(10, 1_500)
    const { traffic, backends } = live.snapshot(1)
    // 500 fewer than 20 × 100, of which ten seconds had 1,000.
    expect(traffic.tokens_out_per_second).toBe(50)
    expect(backends[0]?.tokens_out_per_second).toBe(50)
    // A step in which more was taken back than passed shows nothing, never less.
    clock.advance(5_000)
    expect(live.snapshot(1).traffic.series.tokens_per_second.slice(-2)).toEqual([100, 0])
  })

  it('goes to zero by time', () => {
    const { live, clock, play } = aLive()
    play().attempt().answered().text('x').ends(90, 10)
    clock.advance(11_000)
    expect(live.snapshot(1).traffic).toMatchObject({ requests_per_second: 0, requests: 1 })
    clock.advance(320_000)
    const { traffic, latency, cost, backends } = live.snapshot(1)
    expect(traffic).toMatchObject({ requests: 0, error_ratio: null, peak_requests_per_second: 0 })
    expect(traffic.series.requests_per_second).toEqual(Array(60).fill(0))
    expect(cost).toMatchObject({ usd_per_hour: null, unpriced: 0, cache_ratio: null })
    expect(latency.duration_ms).toMatchObject({ p50: null, count: 0 })
    expect(backends[0]).toMatchObject({ requests: 0, ttft_ms: { p50: null }, usd_per_hour: null })
  })

  it('has what the proxy itself added, without lines and answers', () => {
    const { live, clock, play } = aLive()
    const played = play({ receivedNs: 0, queuedNs: 4_000e6 })
    clock.advance(4_003)
    played.attempt().answered()
    clock.advance(1_000)
    played.text('Hello')
    played.exchange.writtenNs = (played.last.lastByteNs ?? 0) + 2e6
    played.ends(1, 1)
    const { overhead_ms, ttft_ms } = live.snapshot(1).latency
    expect(overhead_ms.count).toBe(1)
    expect(overhead_ms.p50).toBeGreaterThan(4.9)
    expect(overhead_ms.p50).toBeLessThan(5.1)
    expect(ttft_ms.p99).toBeGreaterThan(4_900)
  })

  it('knows how much of the prompts came from a cache, and what that saved', () => {
    const parts = [
      { kind: 'input' as const, tokens: 400, usdPerMillion: 10 },
      { kind: 'cache_read' as const, tokens: 600, usdPerMillion: 1 },
    ]
    const { live, play } = aLive({
      priceOf: (question) => ({
        ...priceOf(question),
        parts,
        nanoUsd: 1,
        source: 'catalog',
        priceVersion: null,
      }),
    })
    const usage = { promptTokens: 1_000, cachedTokens: 600, completionTokens: 1 }
    play().attempt().says({ type: 'usage', usage }, { type: 'end', reason: 'stop', raw: '' }).closes()
    expect(live.snapshot(1).cost).toMatchObject({ cache_ratio: 0.6, cache_saved_usd: 0.0054 })
  })
})

describe('a backend', () => {
  it('is told of each attempt, those too that another one followed', () => {
    const { live, clock, play } = aLive()
    const played = play().attempt({ backend: 'one' })
    clock.advance(100)
    played.fails(overloaded()).attempt({ backend: 'two' }).answered()
    expect(live.snapshot(1).backends[0]).toMatchObject({
      ...{ name: 'one', requests: 1, errors: 1, error_ratio: 1, ttft_ms: { p50: null, p95: null } },
      last_error: { at: new Date(clock.nowMs()).toISOString(), text: '503 overloaded, said [redacted]' },
    })
    clock.advance(200)
    played.text('Hello').ends(90, 10)
    const two = live.snapshot(1).backends.find(({ name }) => name === 'two')
    expect(two).toMatchObject({ requests: 1, errors: 0, last_error: null, requests_per_second: 0.1 })
    expect(two?.ttft_ms.p50).toBeGreaterThan(196)
    expect(two?.usd_per_hour).toBeCloseTo(1.2, 1)
  })

  it('does not answer for a client that left', () => {
    const { live, play } = aLive()
    const gone = new ProxyError('client_gone', 'the client has gone')
    play().attempt().fails(gone).closes({ outcome: 'incomplete', incompleteReason: 'client_disconnect' })
    expect(live.snapshot(1).backends[0]).toMatchObject({ requests: 1, errors: 0, last_error: null })
  })

  it('that was never asked is there with nothing counted', () => {
    const { live } = aLive({ backends: () => [aStanding('quiet')] })
    expect(live.snapshot(1).backends).toMatchObject([{ name: 'quiet', requests: 0, error_ratio: null }])
  })
})

it('a reason or an error is cut, and never shows a secret or a sequence that a terminal obeys', () => {
  const { live, play } = aLive()
  const error = new ProxyError('backend_error', `\u001b[31mno sk-secret ${'x'.repeat(5_000)}`, {
    status: 500,
  })
  const long = 'n'.repeat(4_000)
  play({ requestedModel: long, session: { id: long, turn: 1 }, clientApp: long })
    .attempt({ model: long })
    .fails(error)
    .closes({ outcome: 'error', error })
  play({ requestedModel: long, session: { id: long, turn: 2 } }).attempt({ model: long })
  live.issueFound({
    ...{ code: 'c', severity: 'warn', fault: null, exchange: null, session: long, atNs: null },
    description: `sk-secret \u001b ${'d'.repeat(9_000)}`,
  })
  const text = JSON.stringify(live.snapshot(5))
  expect(text).not.toMatch(/sk-secret|\\u001b|n{129}/)
  expect(text.length).toBeLessThan(12_000)
})
