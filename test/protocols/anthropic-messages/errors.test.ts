import { expect, test } from 'vitest'
import { ProxyError } from '../../../src/core/errors.ts'
import { anthropicMessages } from '../../../src/protocols/anthropic-messages/index.ts'

test('has the shape, the headers and the code where clients look', () => {
  const error = new ProxyError('bad_request', 'No.', { param: 'max_tokens', retryAfterMs: 900 })
  const answer = anthropicMessages.encodeError(error, 'x_1')
  expect(JSON.parse(Buffer.from(answer.body).toString())).toEqual({
    type: 'error',
    error: {
      type: 'invalid_request_error',
      message: 'No.',
      details: { error_code: 'bad_request', param: 'max_tokens' },
    },
    request_id: 'x_1',
  })
  expect(answer.headers).toEqual([
    ['content-type', 'application/json'],
    ['request-id', 'x_1'],
    ['retry-after', '1'],
    ['retry-after-ms', '900'],
    ['x-should-retry', 'false'],
  ])
})

test.each([
  [400, 'invalid_request_error'],
  [401, 'authentication_error'],
  [402, 'billing_error'],
  [403, 'permission_error'],
  [404, 'not_found_error'],
  [413, 'request_too_large'],
  [415, 'invalid_request_error'],
  [429, 'rate_limit_error'],
  [500, 'api_error'],
  [502, 'api_error'],
  [503, 'overloaded_error'],
  [504, 'timeout_error'],
  [529, 'overloaded_error'],
])('%i is %s, its status kept', (status, type) => {
  const answer = anthropicMessages.encodeError(new ProxyError('backend_error', 'm', { status }), 'x_1')
  expect(answer.status).toBe(status)
  expect(JSON.parse(Buffer.from(answer.body).toString()).error.type).toBe(type)
})

test("keeps a provider's own type if this protocol has it", () => {
  const typeOf = (providerType: string): string => {
    const answer = anthropicMessages.encodeError(
      new ProxyError('backend_error', 'm', { providerType }),
      'x_1',
    )
    return JSON.parse(Buffer.from(answer.body).toString()).error.type
  }
  expect(typeOf('billing_error')).toBe('billing_error')
  expect(typeOf('RESOURCE_EXHAUSTED')).toBe('api_error')
})

test('in a stream it is an event with its name', () => {
  const place = { framing: 'sse', exchangeId: 'x_1', eventsPassed: 1, lastSequence: undefined } as const
  expect(anthropicMessages.encodeStreamError(new ProxyError('backend_truncated', 'cut'), place)).toBe(
    'event: error\ndata: {"type":"error","error":{"type":"api_error","message":"cut",' +
      '"details":{"error_code":"backend_truncated"}},"request_id":"x_1"}\n\n',
  )
})
