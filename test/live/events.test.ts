import { expect, it } from 'vitest'
import type { LivePorts } from '../../src/live/ports.ts'
import { aLive } from './a-live.ts'

it('an exchange is told of as it opens, says its first word and closes', () => {
  const { live, clock, told, play } = aLive()
  const played = play({ session: null, requestedModel: null })
  clock.advance(10)
  Object.assign(played.exchange, {
    session: { id: 's', turn: 2 },
    requestedModel: 'sonnet',
    receivedNs: 10e6,
  })
  played.attempt().answered()
  clock.advance(400)
  played.says({ type: 'start' }).text('Hello').text(' there').ends(90, 10)
  const { id } = played.exchange
  expect(told).toEqual([
    {
      event: 'exchange.opened',
      data: {
        ...{ id, at: '2026-01-05T12:00:00.000Z', frontend: 'anthropic-messages' },
        ...{ proxy_user: null, call_purpose: 'chat' },
      },
    },
    {
      event: 'exchange.first_output',
      data: {
        ...{ id, at: '2026-01-05T12:00:00.410Z', client_app: 'claude', session_id: 's', turn_number: 2 },
        ...{ requested_model: 'sonnet', backend: 'anthropic', model: 'sonnet-4-5', attempt: 1, ttft_ms: 400 },
      },
    },
    { event: 'exchange.closed', data: live.snapshot(1).recent[0] },
  ])
})

it('nothing is put together while nobody listens', () => {
  const told: string[] = []
  const events: LivePorts['events'] = { isHeard: false, tell: (event) => void told.push(event) }
  const { play } = aLive({ events })
  play().attempt().text('Hello').ends(90, 10)
  expect(told).toEqual([])
})
