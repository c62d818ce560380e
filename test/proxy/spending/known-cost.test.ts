import { expect, it } from 'vitest'
import { ProxyError } from '../../../src/core/errors.ts'
import type { Attempt, Exchange } from '../../../src/core/exchange.ts'
import { createPriceBook } from '../../../src/prices/index.ts'
import { certainCost, reportedCost } from '../../../src/proxy/spending/known-cost.ts'
import { anAttempt, anExchange } from '../../support/an-exchange.ts'

/** A thousand nano-dollars a token. */
const { priceOf } = createPriceBook({ overrides: { 'anthropic:m': { input: 1, output: 1 } } })
const refused = new ProxyError('backend_error', 'no', { status: 500 })

function exchange(attempts: readonly Partial<Attempt>[], changed: Partial<Exchange> = {}): Exchange {
  return anExchange({
    attempts: attempts.map((attempt) => anAttempt({ model: 'm', ...attempt })),
    ...changed,
  })
}
const usage = { promptTokens: 7, completionTokens: 3 }

it.each<[string, Exchange, number | null]>([
  ['an answer with a report', exchange([{ usage }]), 10_000],
  ['an answer of a plan', exchange([{ usage, billing: 'subscription' }]), 0],
  ['an answer without a report', exchange([{ usage: null }]), null],
  ['an answer with half a report', exchange([{ usage: { promptTokens: 7 } }]), null],
  ['nothing that was tried', exchange([]), 0],
  ['a refusal', exchange([{ usage: null, status: 500, error: refused }]), 0],
  ['a refusal and an answer', exchange([{ usage: null, status: 429, error: refused }, { usage }]), 10_000],
  [
    'no connection',
    exchange([{ usage: null, status: null, error: new ProxyError('connect_failed', '') }]),
    0,
  ],
  [
    'a timeout',
    exchange([{ usage: null, status: null, error: new ProxyError('backend_timeout', '') }]),
    null,
  ],
  ['a stream that failed after a report', exchange([{ usage, error: refused }]), null],
  ['an answer that broke off', exchange([{ usage }], { incompleteReason: 'client_disconnect' }), null],
])('of %s is certain at the end, or left to the record', (_name, of, nanoUsd) => {
  expect(certainCost(of, priceOf)).toBe(nanoUsd)
})

it('of failed attempts is what their providers reported', () => {
  expect(reportedCost(exchange([{ usage, error: refused }, { usage: null }, { usage }]), priceOf)).toBe(
    20_000,
  )
})
