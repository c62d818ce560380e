import fc from 'fast-check'
import { expect, it } from 'vitest'
import { ProxyError } from '../../src/core/errors.ts'
import { anAttempt } from '../support/an-exchange.ts'
import { aLive } from './a-live.ts'

const aStep = fc.record({
  waitMs: fc.integer({ min: 0, max: 3_000 }),
  backend: fc.constantFrom('one', 'two'),
  session: fc.constantFrom('s', 't', null),
  texts: fc.array(fc.integer({ min: 0, max: 200 }), { maxLength: 4 }),
  reported: fc.option(fc.record({ prompt: fc.nat(500), completion: fc.nat(500) })),
  failsFirst: fc.boolean(),
  end: fc.constantFrom('complete', 'error', 'rejected'),
})
const error = () => new ProxyError('backend_closed', 'it closed')

it('after any run of exchanges the sums are those of a plain model, and nothing is in flight', () => {
  fc.assert(
    fc.property(fc.array(aStep, { maxLength: 40 }), (run) => {
      const { live, clock, play } = aLive()
      const sum = { requests: 0, errors: 0, prompt: 0, completion: 0, nanoUsd: 0, priced: 0 }
      const attempts = { one: 0, two: 0 }
      const tokens: Record<string, number> = { s: 0, t: 0 }
      for (const { waitMs, backend, session, texts, reported, failsFirst, end } of run) {
        clock.advance(waitMs)
        const played = play({ session: session === null ? null : { id: session, turn: 1 } })
        sum.requests++
        if (end === 'rejected') {
          played.closes({ outcome: 'rejected' })
          continue
        }
        if (failsFirst) {
          played.attempt({ backend: 'one' }).fails(error())
          attempts.one++
        }
        played.attempt({ backend }).answered()
        attempts[backend]++
        for (const length of texts) played.text('x'.repeat(length))
        if (end === 'error') {
          played.fails(error()).closes({ outcome: 'error', error: error() })
          sum.errors++
        } else if (reported) played.ends(reported.prompt, reported.completion)
        else played.closes()
        const isReported = end === 'complete' && reported !== null
        const estimate = texts.length === 0 ? 0 : Math.round(texts.reduce((all, one) => all + one, 0) / 4)
        const [prompt, completion] = isReported ? [reported.prompt, reported.completion] : [0, estimate]
        sum.prompt += prompt
        sum.completion += completion
        if (isReported) sum.nanoUsd += (prompt + completion) * 1e6
        if (isReported) sum.priced++
        if (session !== null) tokens[session] = (tokens[session] ?? 0) + prompt + completion
      }
      // All of it is in steps that are over, and in the window.
      clock.advance(5_000)
      const { traffic, cost, latency, backends, sessions, ...now } = live.snapshot(100)
      const { requests_per_second: requests, tokens_per_second: perSecond } = traffic.series
      const total = (series: readonly (number | null)[]) =>
        series.reduce((all: number, one) => all + (one ?? 0), 0)
      expect([now.in_flight_total, now.in_flight]).toEqual([0, []])
      expect([traffic.requests, traffic.errors]).toEqual([sum.requests, sum.errors])
      expect(total(requests) * 5).toBeCloseTo(sum.requests, 6)
      // Three digits of each are told.
      const tokensOfAll = sum.prompt + sum.completion
      expect(Math.abs(total(perSecond) * 5 - tokensOfAll)).toBeLessThanOrEqual(tokensOfAll * 0.005)
      expect(latency.duration_ms.count).toBe(sum.requests)
      expect(cost.usd_per_hour === null).toBe(sum.priced === 0)
      if (sum.nanoUsd > 0) expect((cost.usd_per_hour ?? 0) / ((sum.nanoUsd / 1e9) * 12)).toBeCloseTo(1, 1)
      for (const { name, requests: made } of backends) {
        expect(made).toBe(attempts[name as 'one' | 'two'])
      }
      for (const { id, tokens: used } of sessions) expect(used).toBe(tokens[id])
    }),
    { numRuns: 60 },
  )
})

it('ten thousand sessions, backends and issues leave no more behind than a thousand', () => {
  const { live, clock, play } = aLive()
  const sizes: number[] = []
  for (let i = 0; i < 10_000; i++) {
    const backend = `backend-${i}`
    const played = play({ session: { id: `session-${i}`, turn: 1 } })
      .attempt({ backend })
      .text('Hello')
    live.issueFound({
      ...{ code: 'c', severity: 'warn', fault: 'backend', description: 'It was slow.' },
      ...{ exchange: played.exchange.id, session: `session-${i}`, atNs: null },
    })
    played.ends(10, 5)
    clock.advance(20)
    if (i === 999 || i === 9_999) {
      const { sessions, recent, issues, backends } = live.snapshot(1_000_000)
      sizes.push(sessions.length, recent.length, issues.length, backends.length)
    }
  }
  expect(sizes).toEqual([1_000, 200, 100, 200, 1_000, 200, 100, 200])
})

it('a monitor that joins midway hears of nothing that it cannot place', () => {
  const { live, play } = aLive()
  const { exchange } = play().closes()
  live.monitor.attempted?.(exchange, anAttempt())
  live.monitor.event?.(exchange, { type: 'text', text: 'Hello' })
  live.monitor.closed?.(exchange)
  expect(live.snapshot(5)).toMatchObject({ traffic: { requests: 1, tokens_out_per_second: 0 }, backends: [] })
})
