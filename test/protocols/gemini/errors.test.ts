import { expect, test } from 'vitest'
import { ProxyError } from '../../../src/core/errors.ts'
import { gemini } from '../../../src/protocols/gemini/index.ts'

const bodyOf = (error: ProxyError): { error: Record<string, unknown> } =>
  JSON.parse(Buffer.from(gemini.encodeError(error, 'x_1').body).toString())

test('has the shape and headers, its code among the details', () => {
  const error = new ProxyError('backend_limited', 'Wait.', { retryAfterMs: 1500, param: 'model' })
  expect(bodyOf(error)).toEqual({
    error: {
      code: 429,
      message: 'Wait.',
      status: 'RESOURCE_EXHAUSTED',
      details: [
        {
          '@type': 'type.googleapis.com/google.rpc.ErrorInfo',
          reason: 'BACKEND_LIMITED',
          domain: 'llmproxy',
          metadata: { param: 'model' },
        },
        { '@type': 'type.googleapis.com/google.rpc.RetryInfo', retryDelay: '1.5s' },
      ],
    },
  })
  expect(gemini.encodeError(error, 'x_1').headers).toEqual([
    ['content-type', 'application/json'],
    ['x-request-id', 'x_1'],
    ['retry-after', '2'],
  ])
})

test.each([
  [400, 400, 'INVALID_ARGUMENT'],
  [401, 401, 'UNAUTHENTICATED'],
  [403, 403, 'PERMISSION_DENIED'],
  [404, 404, 'NOT_FOUND'],
  [413, 413, 'FAILED_PRECONDITION'],
  [500, 500, 'INTERNAL'],
  [502, 502, 'UNAVAILABLE'],
  [504, 504, 'DEADLINE_EXCEEDED'],
  [529, 503, 'UNAVAILABLE'],
])('%i becomes %i %s', (status, sent, word) => {
  const error = new ProxyError('backend_error', 'm', { status })
  expect(gemini.encodeError(error, 'x_1').status).toBe(sent)
  expect(bodyOf(error).error).toMatchObject({ code: sent, status: word })
})

test("keeps a provider's own status word", () => {
  const error = new ProxyError('backend_error', 'm', { status: 400, providerType: 'FAILED_PRECONDITION' })
  expect(bodyOf(error).error.status).toBe('FAILED_PRECONDITION')
})

test('fits a stream of events or of array elements', () => {
  const error = new ProxyError('backend_truncated', 'cut')
  const place = { exchangeId: 'x_1', lastSequence: undefined }
  const body = JSON.stringify(bodyOf(error))
  expect(gemini.encodeStreamError(error, { ...place, framing: 'sse', eventsPassed: 2 })).toBe(
    `data: ${body}\n\n`,
  )
  expect(gemini.encodeStreamError(error, { ...place, framing: 'json-array', eventsPassed: 2 })).toBe(
    `,\n${body}`,
  )
  expect(gemini.encodeStreamError(error, { ...place, framing: 'json-array', eventsPassed: 0 })).toBe(body)
})
