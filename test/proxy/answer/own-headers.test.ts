import { expect, it } from 'vitest'
import { ownHeaders, wholeAnswerHeaders } from '../../../src/proxy/answer/own-headers.ts'
import { anAttempt, anExchange } from '../../support/an-exchange.ts'

it('names the exchange, its session, the last backend and the number of attempts', () => {
  const exchange = anExchange({ attempts: [anAttempt(), anAttempt({ backend: 'openai.eu', number: 2 })] })
  expect(Object.fromEntries(ownHeaders(exchange))).toEqual({
    'x-llmproxy-exchange': exchange.id,
    'x-llmproxy-session': 's1',
    'x-llmproxy-backend': 'openai.eu',
    'x-llmproxy-attempts': '2',
  })
})

it('leaves out what is not known', () => {
  expect(ownHeaders(anExchange({ session: null, attempts: [] }))).toEqual([
    ['x-llmproxy-exchange', 'x_8f2k3m9q0a1b2c3d4e5f'],
  ])
  const attempt = anAttempt({ usage: null })
  expect(wholeAnswerHeaders({ exchange: anExchange(), attempt, nowNs: 1, priceOf: () => null })).toEqual([])
})

it('lets no session id write a header of its own', () => {
  const headers = Object.fromEntries(ownHeaders(anExchange({ session: { id: 'a\r\nx-evil: ü', turn: 1 } })))
  expect(headers['x-llmproxy-session']).toBe('a??x-evil: ?')
})

it('a whole answer has its usage, its cost and our own time', () => {
  const usage = { promptTokens: 12, completionTokens: 0 }
  const attempt = anAttempt({ usage, sentNs: 11e6, lastByteNs: 20e6 })
  const priceOf = () => ({ nanoUsd: 250_000_000, parts: [], source: 'catalog', priceVersion: 'v' }) as const
  const headers = (billing: 'api' | 'subscription') =>
    Object.fromEntries(
      wholeAnswerHeaders({
        exchange: anExchange(),
        attempt: { ...attempt, billing },
        nowNs: 20_234_567,
        priceOf,
      }),
    )
  expect(headers('api')).toEqual({
    // Received at 10 ms, sent at 11; the answer's last byte came at 20.
    'x-llmproxy-overhead-ms': '1.235',
    'x-usage-prompt-tokens': '12',
    'x-usage-completion-tokens': '0',
    'x-usage-cost': '0.25',
  })
  expect(headers('subscription')).not.toHaveProperty('x-usage-cost')
})
