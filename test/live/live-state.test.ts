import { expect, it } from 'vitest'
import { ProxyError } from '../../src/core/errors.ts'
import type { Exchange } from '../../src/core/exchange.ts'
import { aLive, type Played } from './a-live.ts'

function begun(changed: Partial<Exchange> = {}) {
  const { live, clock, play } = aLive()
  const played = play(changed)
  const now = () => {
    const [shown] = live.snapshot(10).in_flight
    return [shown?.state, shown?.waiting_for, shown?.state_ms]
  }
  return { played, clock, now, nowNs: () => clock.monotonicNs() - played.exchange.openedNs }
}

const unavailable = () => new ProxyError('backend_error', 'overloaded', { status: 503 })

it('a request that is still coming waits for its client, one that is here for the proxy', () => {
  const { played, clock, now } = begun({ receivedNs: null })
  clock.advance(300)
  expect(now()).toEqual(['queued', 'client', 300])
  played.exchange.receivedNs = 300e6
  clock.advance(5)
  expect(now()).toEqual(['queued', 'proxy', 5])
})

it('in line it waits for a place, and is shown at the backend whose place that is', () => {
  const { live, clock, play } = aLive()
  const { exchange } = play()
  clock.advance(100)
  exchange.inLine = { sinceNs: 100e6, backends: ['openai', 'openai'] }
  clock.advance(2_000)
  expect(live.snapshot(1).in_flight[0]).toMatchObject({
    ...{ state: 'queued', state_ms: 2_000, waiting_for: 'backend', backend: 'openai' },
    ...{ model: null, attempt: 0, output_tokens: 0, cost_usd: null },
  })
  exchange.inLine = { sinceNs: 100e6, backends: ['openai', 'openai.b'] }
  expect(live.snapshot(1).in_flight[0]?.backend).toBeNull()
})

it('an attempt connects, is sent, thinks, and streams', () => {
  const { played, clock, now, nowNs } = begun()
  clock.advance(10)
  played.attempt({ sentNs: null })
  clock.advance(20)
  expect(now()).toEqual(['connecting', 'backend', 20])
  played.last.sentNs = nowNs()
  clock.advance(700)
  expect(now()).toEqual(['sent', 'backend', 700])
  played.answered()
  clock.advance(50)
  expect(now()).toEqual(['thinking', 'backend', 50])
  played.says({ type: 'start' }, { type: 'reasoning', text: 'hm' })
  clock.advance(50)
  expect(now()).toEqual(['thinking', 'backend', 100])
  played.text('Hello')
  clock.advance(40)
  played.text(' there')
  clock.advance(60)
  expect(now()).toEqual(['streaming', 'backend', 100])
})

it('a body that streams through is waited for while it is sent', () => {
  const { played, clock, now } = begun({ receivedNs: null, callPurpose: 'other' })
  played.attempt()
  clock.advance(30)
  expect(now()).toEqual(['sent', 'client', 30])
})

it('what is not read streams from its first byte on', () => {
  const { played, clock, now, nowNs } = begun({ callPurpose: 'other' })
  played.attempt().answered()
  expect(now()[0]).toBe('thinking')
  clock.advance(10)
  played.last.lastByteNs = nowNs()
  expect(now()).toEqual(['streaming', 'backend', 10])
})

it('silence of ten seconds is a stall, measured from the last byte', () => {
  const { played, clock, now } = begun()
  played.attempt().answered().text('Hello')
  clock.advance(9_999)
  expect(now()[0]).toBe('streaming')
  clock.advance(1)
  expect(now()).toEqual(['stalled', 'backend', 10_000])
  played.text(' there')
  expect(now()[0]).toBe('streaming')
})

it('a client that takes nothing for a second is slow, and then the backend’s silence is not its own', () => {
  const { played, clock, now, nowNs } = begun()
  const { exchange } = played.attempt().answered().text('Hello')
  Object.assign(exchange, { clientIsBehind: true, clientTurnedNs: nowNs() })
  clock.advance(999)
  expect(now().slice(0, 2)).toEqual(['streaming', 'client'])
  clock.advance(60_001)
  expect(now()).toEqual(['client_slow', 'client', 61_000])
  Object.assign(exchange, { clientIsBehind: false, clientTurnedNs: nowNs() })
  clock.advance(9_000)
  expect(now()[0]).toBe('streaming')
  clock.advance(1_000)
  expect(now()).toEqual(['stalled', 'backend', 10_000])
})

it('one whose answer is written and not taken is slow too', () => {
  const { played, clock, now, nowNs } = begun()
  played.attempt().answered().text('Hello')
  played.last.endedNs = nowNs()
  clock.advance(500)
  expect(now()).toEqual(['streaming', 'client', 500])
  clock.advance(500)
  expect(now()).toEqual(['client_slow', 'client', 1_000])
})

it('from a failure until the next answer it is retrying', () => {
  const { played, clock, now, nowNs } = begun()
  played.attempt()
  clock.advance(100)
  played.fails(unavailable())
  clock.advance(2_000)
  expect(now()).toEqual(['retrying', 'backend', 2_000])
  played.attempt({ sentNs: null })
  clock.advance(100)
  played.last.sentNs = nowNs()
  clock.advance(900)
  expect(now()).toEqual(['retrying', 'backend', 3_000])
  played.answered()
  clock.advance(10)
  expect(now()).toEqual(['thinking', 'backend', 10])
})

it('after the last failure the client is being told', () => {
  const { played, clock, now } = begun()
  played.attempt().fails(unavailable())
  played.exchange.error = unavailable()
  clock.advance(1_000)
  expect(now()).toEqual(['client_slow', 'client', 1_000])
})

it('a backend that is read on after its client left is draining', () => {
  const { played, clock, now, nowNs } = begun()
  played.attempt().answered().text('Hello')
  clock.advance(100)
  played.exchange.clientGoneNs = nowNs()
  clock.advance(12_000)
  expect(now()).toEqual(['draining', 'backend', 12_000])
})

it('attempts are those made and those that the plan still has', () => {
  const { live, play } = aLive()
  const shown = () => live.snapshot(1).in_flight[0]
  const played: Played = play({ plannedAttempts: 3 })
  expect(shown()).toMatchObject({ attempt: 0, attempts: 3 })
  played.attempt().fails(unavailable())
  played.attempt()
  expect(shown()).toMatchObject({ attempt: 2, attempts: 3 })
  played.exchange.plannedAttempts = 1
  expect(shown()).toMatchObject({ attempt: 2, attempts: 2 })
})
