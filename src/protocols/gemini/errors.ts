import type { ProxyError } from '../../core/errors.ts'
import type { HttpAnswer } from '../../core/http.ts'
import type { StreamPlace } from '../../core/protocol.ts'
import { errorAnswer, withoutOverloaded } from '../error-answer.ts'
import { retryInfo } from '../retry-info.ts'

/** The google.rpc.Code that Google's APIs give for an HTTP status (google/rpc/code.proto). */
const wordByStatus: ReadonlyMap<number, string> = new Map([
  [400, 'INVALID_ARGUMENT'],
  [401, 'UNAUTHENTICATED'],
  [403, 'PERMISSION_DENIED'],
  [404, 'NOT_FOUND'],
  [408, 'DEADLINE_EXCEEDED'],
  [409, 'ABORTED'],
  [429, 'RESOURCE_EXHAUSTED'],
  [499, 'CANCELLED'],
  [500, 'INTERNAL'],
  [501, 'UNIMPLEMENTED'],
  [502, 'UNAVAILABLE'],
  [503, 'UNAVAILABLE'],
  [504, 'DEADLINE_EXCEEDED'],
])
const knownWords = new Set([
  ...wordByStatus.values(),
  'FAILED_PRECONDITION',
  'OUT_OF_RANGE',
  'ALREADY_EXISTS',
])

export function encodeGeminiError(error: ProxyError, exchangeId: string): HttpAnswer {
  return errorAnswer(error, exchangeId, {
    status: withoutOverloaded(error.status),
    body: errorBody(error),
    idHeader: 'x-request-id',
    retryAfterMs: false,
  })
}

/**
 * The SDK throws only on an error with a numeric `code`, and only when no line stands before `data:`. An array
 * stays open after it: closed, it would look like an answer that came to its end.
 */
export function encodeGeminiStreamError(error: ProxyError, place: StreamPlace): string {
  const body = JSON.stringify(errorBody(error))
  if (place.framing === 'sse') return `data: ${body}\n\n`
  return place.eventsPassed > 0 ? `,\n${body}` : body
}

function errorBody(error: ProxyError): object {
  const status = withoutOverloaded(error.status)
  const info = {
    '@type': 'type.googleapis.com/google.rpc.ErrorInfo',
    reason: error.code.toUpperCase(),
    domain: 'llmproxy',
    ...(error.param !== null && { metadata: { param: error.param } }),
  }
  const retry = error.retryAfterMs === null ? [] : [retryInfo(error.retryAfterMs)]
  return {
    error: {
      code: status,
      message: error.message,
      status: wordOf(error.providerType, status),
      details: [info, ...retry],
    },
  }
}

function wordOf(providerType: string | null, status: number): string {
  if (providerType !== null && knownWords.has(providerType)) return providerType
  return wordByStatus.get(status) ?? (status < 500 ? 'FAILED_PRECONDITION' : 'INTERNAL')
}
