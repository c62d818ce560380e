import { expect, test } from 'vitest'
import { ProxyError } from '../../../src/core/errors.ts'
import { openAiChat } from '../../../src/protocols/openai-chat/index.ts'

const place = { framing: 'sse', exchangeId: 'x_1', eventsPassed: 1, lastSequence: undefined } as const

test('has all four keys, and the headers that its SDK reads', () => {
  const error = new ProxyError('request_limit', 'Too many.', { retryAfterMs: 1500, shouldRetry: true })
  const answer = openAiChat.encodeError(error, 'x_1')
  expect(JSON.parse(Buffer.from(answer.body).toString())).toEqual({
    error: { message: 'Too many.', type: 'rate_limit_exceeded', param: null, code: 'request_limit' },
  })
  expect(answer.status).toBe(429)
  expect(answer.headers).toEqual([
    ['content-type', 'application/json'],
    ['x-request-id', 'x_1'],
    ['retry-after', '2'],
    ['retry-after-ms', '1500'],
    ['x-should-retry', 'true'],
  ])
})

test("keeps a provider's own words and turns 529 into 503", () => {
  const error = new ProxyError('backend_error', 'Overloaded', {
    status: 529,
    providerType: 'server_error',
    providerCode: 'server_is_overloaded',
  })
  const answer = openAiChat.encodeError(error, 'x_1')
  expect(answer.status).toBe(503)
  expect(JSON.parse(Buffer.from(answer.body).toString()).error).toMatchObject({
    type: 'server_error',
    code: 'server_is_overloaded',
  })
})

test.each([
  ['bad_json', 'invalid_request_error'],
  ['access_key_wrong', 'invalid_request_error'],
  ['model_refused', 'permission_error'],
  ['unknown_model', 'invalid_request_error'],
  ['backend_limited', 'rate_limit_exceeded'],
  ['internal', 'server_error'],
  ['backend_timeout', 'server_error'],
] as const)('%s has the type %s', (code, type) => {
  const text = openAiChat.encodeStreamError(new ProxyError(code, 'm'), place)
  expect(text).toBe(`data: {"error":{"message":"m","type":"${type}","param":null,"code":"${code}"}}\n\n`)
})
