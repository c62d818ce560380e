import type { ProxyError } from '../../core/errors.ts'
import type { HttpAnswer } from '../../core/http.ts'
import { errorAnswer } from '../error-answer.ts'

/** docs.anthropic.com/en/api/errors */
const typeByStatus: ReadonlyMap<number, string> = new Map([
  [401, 'authentication_error'],
  [402, 'billing_error'],
  [403, 'permission_error'],
  [404, 'not_found_error'],
  [408, 'timeout_error'],
  [413, 'request_too_large'],
  [429, 'rate_limit_error'],
  [503, 'overloaded_error'],
  [504, 'timeout_error'],
  [529, 'overloaded_error'],
])
const knownTypes = new Set([...typeByStatus.values(), 'invalid_request_error', 'api_error'])

export function encodeMessageError(error: ProxyError, exchangeId: string): HttpAnswer {
  return errorAnswer(error, exchangeId, {
    status: error.status,
    body: errorBody(error, exchangeId),
    idHeader: 'request-id',
    retryAfterMs: true,
  })
}

/** Every event of this protocol needs its `event:` line: the SDK drops those without. */
export function encodeMessageStreamError(error: ProxyError, place: { exchangeId: string }): string {
  return `event: error\ndata: ${JSON.stringify(errorBody(error, place.exchangeId))}\n\n`
}

function errorBody(error: ProxyError, exchangeId: string): object {
  const details = { error_code: error.code, ...(error.param !== null && { param: error.param }) }
  return {
    type: 'error',
    error: { type: typeOf(error), message: error.message, details },
    request_id: exchangeId,
  }
}

function typeOf(error: ProxyError): string {
  if (error.providerType !== null && knownTypes.has(error.providerType)) return error.providerType
  return typeByStatus.get(error.status) ?? (error.status < 500 ? 'invalid_request_error' : 'api_error')
}
