import type { ProxyError } from '../core/errors.ts'
import type { HttpAnswer } from '../core/http.ts'
import { errorAnswer, withoutOverloaded } from './error-answer.ts'

/** OpenAI's error object, the same in both of its protocols; clients expect all four keys. */
export interface OpenAiError {
  message: string
  type: string
  param: string | null
  code: string
}

export function openAiError(error: ProxyError): OpenAiError {
  return {
    message: error.message,
    type: error.providerType ?? typeOf(error.status),
    param: error.param,
    code: error.providerCode ?? error.code,
  }
}

export function openAiErrorAnswer(error: ProxyError, exchangeId: string): HttpAnswer {
  return errorAnswer(error, exchangeId, {
    status: withoutOverloaded(error.status),
    body: { error: openAiError(error) },
    idHeader: 'x-request-id',
    retryAfterMs: true,
  })
}

function typeOf(status: number): string {
  if (status === 403) return 'permission_error'
  if (status === 429) return 'rate_limit_exceeded'
  return status < 500 ? 'invalid_request_error' : 'server_error'
}
