import { expect, it } from 'vitest'
import type { Event } from '../../src/core/event.ts'
import type { Monitor } from '../../src/core/monitor.ts'
import { createMonitors } from '../../src/proxy/monitors.ts'
import { Observation } from '../../src/proxy/observation.ts'
import { anAttempt, anExchange } from '../support/an-exchange.ts'
import { FakeClock } from '../support/fake-clock.ts'

function observed(monitor: Omit<Monitor, 'name'> = {}) {
  const clock = new FakeClock()
  clock.advance(5)
  const exchange = anExchange({
    ...{ openedNs: 5e6, attempts: [], firstContentNs: null, closedNs: null, longestGapNs: 0 },
  })
  const monitors = createMonitors([{ name: 'test', ...monitor }], { onSwitchedOff: () => {} })
  return { clock, exchange, observation: new Observation(exchange, monitors, clock) }
}

it('counts from the exchange’s opening', () => {
  const { clock, observation } = observed()
  expect(observation.nowNs()).toBe(0)
  clock.advance(3)
  expect(observation.nowNs()).toBe(3e6)
})

it('writes what the events say into the attempt, a later usage over an earlier', () => {
  const { exchange, observation } = observed()
  const attempt = anAttempt({ usage: null, stop: null })
  const events: Event[] = [
    { type: 'start', model: 'm-1' },
    { type: 'start', model: 'm-2' },
    { type: 'usage', usage: { promptTokens: 1 } },
    { type: 'text', text: 'x' },
    { type: 'tool_call', index: 0, name: 'Bash', arguments: '' },
    { type: 'tool_call', index: 0, arguments: '{}' },
    { type: 'tool_call', index: 1, name: 'Read', arguments: '' },
    { type: 'usage', usage: { promptTokens: 2, completionTokens: 3 } },
    { type: 'end', reason: 'tool', raw: 'tool_calls' },
  ]
  observation.events(attempt, events, 7)
  expect(attempt).toMatchObject({
    responseModel: 'm-1',
    usage: { promptTokens: 2, completionTokens: 3 },
    toolNames: ['Bash', 'Read'],
    stop: 'tool',
    firstContentNs: 7,
  })
  observation.events(attempt, [{ type: 'text', text: 'later' }], 9)
  expect([attempt.firstContentNs, exchange.firstContentNs]).toEqual([7, 7])
})

it('does not count a ping or a start as first content', () => {
  const { exchange, observation } = observed()
  observation.events(anAttempt(), [{ type: 'start' }, { type: 'ping' }, { type: 'usage', usage: {} }], 7)
  expect(exchange.firstContentNs).toBeNull()
})

it('keeps the longest gap within one attempt, not the wait between two', () => {
  const { exchange, observation } = observed()
  const bytes = Buffer.from('x')
  observation.attempted(anAttempt())
  for (const atNs of [10, 30, 35]) observation.received(bytes, atNs)
  observation.attempted(anAttempt({ number: 2 }))
  for (const atNs of [1_000, 1_005]) observation.received(bytes, atNs)
  expect(exchange.longestGapNs).toBe(20)
  expect(exchange.attempts.map(({ lastByteNs }) => lastByteNs)).toEqual([35, 1_005])
})

it('tells the monitors, of bytes only where there are some', () => {
  const heard: string[] = []
  const { observation } = observed({
    passed: (_exchange, leg, bytes) => heard.push(`${leg} ${bytes.length}`),
    answered: (_exchange, attempt) => heard.push(`answered ${attempt.status}`),
  })
  observation.passed('PTC', Buffer.alloc(0), 1)
  observation.passed('PTC', Buffer.alloc(2), 1)
  observation.answered(anAttempt(), 204)
  expect(heard).toEqual(['PTC 2', 'answered 204'])
})

it('notes when the last bytes were written to the client, and to nobody else', () => {
  const { exchange, observation } = observed()
  observation.passed('PTC', Buffer.from('x'), 7)
  observation.passed('PTC', Buffer.alloc(0), 8)
  observation.passed('PTB', Buffer.from('x'), 9)
  expect(exchange.writtenNs).toBe(7)
})

it('notes when a client falls behind and when it catches up, not how often it is said', () => {
  const { clock, exchange, observation } = observed()
  observation.clientTurned(false)
  expect([exchange.clientIsBehind, exchange.clientTurnedNs]).toEqual([false, null])
  clock.advance(2)
  observation.clientTurned(true)
  clock.advance(2)
  observation.clientTurned(true)
  expect([exchange.clientIsBehind, exchange.clientTurnedNs]).toEqual([true, 2e6])
  observation.clientTurned(false)
  expect([exchange.clientIsBehind, exchange.clientTurnedNs]).toEqual([false, 4e6])
})
