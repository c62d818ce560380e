import { expect, it } from 'vitest'
import { ProxyError } from '../../src/core/errors.ts'
import { exchangeLine, waitingLine } from '../../src/logs/exchange-line.ts'
import { anAttempt, anExchange } from '../support/an-exchange.ts'

it('puts an exchange into one line', () => {
  expect(exchangeLine(anExchange())).toBe(
    '13:04:20  claude  sonnet-4-5 → anthropic  200  48.2k→1.2k  ttft 0.4s  14.2s  x_8f2k3m9q0a',
  )
})

it('tells the cost where it is known', () => {
  expect(exchangeLine(anExchange(), undefined, undefined, 0.0912)).toBe(
    '13:04:20  claude  sonnet-4-5 → anthropic  200  48.2k→1.2k  ttft 0.4s  14.2s  $0.091  x_8f2k3m9q0a',
  )
})

it('leaves out what it does not know, and never makes it 0', () => {
  const exchange = anExchange({
    clientApp: null,
    requestedModel: null,
    attempts: [anAttempt({ usage: { promptTokens: 12 }, model: null })],
    status: null,
    firstContentNs: null,
  })
  expect(exchangeLine(exchange)).toBe(
    '13:04:20  anthropic-messages  — → anthropic  —  12→—  14.2s  x_8f2k3m9q0a',
  )
  expect(exchangeLine(anExchange({ attempts: [] }))).toBe(
    '13:04:20  claude  sonnet-4-5  200  ttft 0.4s  14.2s  x_8f2k3m9q0a',
  )
})

it('shows each backend asked, and the model where it is another one', () => {
  const attempts = [
    anAttempt({ backend: 'openai.us', model: 'gpt-4o', usage: null }),
    anAttempt({ backend: 'openai.eu', model: 'gpt-4o-2024-08-06', usage: null }),
  ]
  expect(exchangeLine(anExchange({ requestedModel: 'gpt-4o', attempts }))).toContain(
    '  gpt-4o → openai.us → openai.eu:gpt-4o-2024-08-06  200  ',
  )
  const pinned = [anAttempt({ backend: 'openai', model: 'gpt-4o' })]
  expect(exchangeLine(anExchange({ requestedModel: 'openai:gpt-4o', attempts: pinned }))).toContain(
    '  openai:gpt-4o → openai  ',
  )
})

it('says retry where the same backend was asked again', () => {
  const twice = [anAttempt({ usage: null }), anAttempt()]
  expect(exchangeLine(anExchange({ attempts: twice }))).toContain(
    '→ anthropic  200  48.2k→1.2k  ttft 0.4s  14.2s  retry  x_',
  )
  expect(exchangeLine(anExchange({ attempts: [anAttempt(), ...twice] }))).toContain('  retry ×2  ')
})

it('says what went wrong, in the first words of the error', () => {
  const error = new ProxyError(
    'connect_failed',
    `anthropic cannot be reached: ${'connection refused '.repeat(9)}`,
  )
  const line = exchangeLine(anExchange({ status: 502, outcome: 'error', error, firstContentNs: null }))
  expect(line).toMatch(
    / {2}502 .* {2}anthropic cannot be reached: connection refused [a-z ]+… {2}x_8f2k3m9q0a$/,
  )
  expect(line.length).toBeLessThan(160)
})

it('tells a broken stream and a client that left from a success', () => {
  expect(exchangeLine(anExchange({ outcome: 'incomplete', incompleteReason: 'truncated' }))).toContain(
    '  truncated  x_',
  )
  expect(
    exchangeLine(anExchange({ outcome: 'incomplete', incompleteReason: 'client_disconnect' })),
  ).toContain('  client left  x_')
})

it('cannot be made to move the cursor or to forge a line', () => {
  const line = exchangeLine(
    anExchange({
      clientApp: 'a\u001b[2Jb\n13:04:21  forged',
      requestedModel: `m\r\u202e${'x'.repeat(300)}`,
      error: new ProxyError('backend_error', 'bad\nnews\u0007'),
    }),
  )
  expect([...line].filter((character) => character < ' ' || character === '\u202e')).toEqual([])
  expect(line).toContain('a␛[2Jb␊13:04:21')
  expect(line).toContain('bad␊news␇')
  expect(line.length).toBeLessThan(250)
})

it('says what still waits, where, and for how long', () => {
  const exchange = anExchange({ closedNs: null, status: null, outcome: null, firstContentNs: null })
  expect(waitingLine(exchange, exchange.openedAtMs + 30_000)).toBe(
    '13:04:35  claude  sonnet-4-5 → anthropic  waiting 30.0s for first output  x_8f2k3m9q0a',
  )
})

it('calls a client by the short name that it is given', () => {
  const line = exchangeLine(anExchange({ clientApp: 'claude-code' }), () => 'claude')
  expect(line).toContain('  claude  sonnet-4-5')
})
