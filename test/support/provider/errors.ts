import { sseBlock } from '../sse-text.ts'
import { whole } from './encoded.ts'
import type { Script } from './steps.ts'

export interface FakeError {
  message?: string
  /** Overrides the usual type (OpenAI, Anthropic) or status word (Gemini). */
  type?: string
  /** OpenAI's `code`. */
  code?: string | null
  param?: string | null
  headers?: Record<string, string>
  retryAfter?: string
}

const openaiErrors: Record<number, readonly [type: string, code: string | null, message: string]> = {
  400: ['invalid_request_error', null, "Invalid value for 'messages'."],
  401: ['invalid_request_error', 'invalid_api_key', 'Incorrect API key provided: sk-fake.'],
  403: ['invalid_request_error', 'unsupported_country', 'Country, region, or territory not supported'],
  404: ['invalid_request_error', 'model_not_found', 'The model `gpt-x` does not exist.'],
  429: ['requests', 'rate_limit_exceeded', 'Rate limit reached for gpt-fake.'],
  500: ['server_error', null, 'The server had an error while processing your request.'],
  503: ['server_error', null, 'The engine is currently overloaded.'],
}

/** An error as OpenAI answers it, on chat and responses. */
export function openaiError(status: number, error: FakeError = {}): Script {
  const [type, code, message] = openaiErrors[status] ?? ['server_error', null, `Error ${status}.`]
  const body = {
    error: {
      message: error.message ?? message,
      type: error.type ?? type,
      param: error.param ?? null,
      code: error.code === undefined ? code : error.code,
    },
  }
  const limits = { 'x-ratelimit-limit-requests': '5000', 'x-ratelimit-remaining-requests': '0' }
  return whole(status, body, {
    headers: { 'x-request-id': 'req_fake_error', ...(status === 429 && limits), ...extras(error) },
  })
}

const anthropicTypes: Record<number, string> = {
  400: 'invalid_request_error',
  401: 'authentication_error',
  402: 'billing_error',
  403: 'permission_error',
  404: 'not_found_error',
  413: 'request_too_large',
  429: 'rate_limit_error',
  500: 'api_error',
  503: 'overloaded_error',
  504: 'timeout_error',
  529: 'overloaded_error',
}

/** An error as Anthropic answers it. */
export function anthropicError(status: number, error: FakeError = {}): Script {
  const type = error.type ?? anthropicTypes[status] ?? 'api_error'
  const message = error.message ?? (status === 529 ? 'Overloaded' : `Fake ${type}.`)
  const limits = {
    'anthropic-ratelimit-requests-limit': '50',
    'anthropic-ratelimit-requests-remaining': '0',
    'anthropic-ratelimit-requests-reset': '2026-01-05T12:00:30Z',
  }
  return whole(
    status,
    { type: 'error', error: { type, message }, request_id: 'req_fake_error' },
    { headers: { 'request-id': 'req_fake_error', ...(status === 429 && limits), ...extras(error) } },
  )
}

const geminiWords: Record<number, string> = {
  400: 'INVALID_ARGUMENT',
  401: 'UNAUTHENTICATED',
  403: 'PERMISSION_DENIED',
  404: 'NOT_FOUND',
  429: 'RESOURCE_EXHAUSTED',
  500: 'INTERNAL',
  503: 'UNAVAILABLE',
  504: 'DEADLINE_EXCEEDED',
}

/** An error as Gemini answers it; `retryDelay` (`13s`) becomes its RetryInfo. */
export function geminiError(status: number, error: FakeError & { retryDelay?: string } = {}): Script {
  const word = error.type ?? geminiWords[status] ?? 'UNKNOWN'
  const retry = { '@type': 'type.googleapis.com/google.rpc.RetryInfo', retryDelay: error.retryDelay }
  return whole(
    status,
    {
      error: {
        code: status,
        message: error.message ?? `Fake ${word}.`,
        status: word,
        ...(error.retryDelay && { details: [retry] }),
      },
    },
    { headers: { 'content-type': 'application/json; charset=UTF-8', ...extras(error) } },
  )
}

/** Gemini's real answer to a wrong key: 400, not 401. */
export function geminiWrongKey(): Script {
  const info = {
    '@type': 'type.googleapis.com/google.rpc.ErrorInfo',
    reason: 'API_KEY_INVALID',
    domain: 'googleapis.com',
  }
  return whole(400, {
    error: {
      code: 400,
      message: 'API key not valid. Please pass a valid API key.',
      status: 'INVALID_ARGUMENT',
      details: [info],
    },
  })
}

/** An error in the middle of a chat stream, as Groq and OpenRouter send it. */
export function chatErrorFrame(
  message = 'The server had an error.',
  code: string | number | null = null,
): string {
  return sseBlock({ error: { message, type: 'server_error', param: null, code } })
}

/** An error in the middle of an Anthropic stream. */
export function anthropicErrorFrame(type = 'overloaded_error', message = 'Overloaded'): string {
  return sseBlock({ type: 'error', error: { type, message }, request_id: 'req_fake_error' }, 'error')
}

/** A failed response, the terminal event of a Responses stream that went wrong. */
export function responsesFailedFrame(sequence: number, message = 'The server had an error.'): string {
  const response = {
    id: 'resp_fake1',
    object: 'response',
    status: 'failed',
    error: { code: 'server_error', message },
    output: [],
  }
  return sseBlock({ type: 'response.failed', sequence_number: sequence, response }, 'response.failed')
}

/** An error in the middle of a Gemini stream. */
export function geminiErrorFrame(code = 503, message = 'The model is overloaded.'): string {
  return sseBlock({ error: { code, message, status: geminiWords[code] ?? 'UNKNOWN' } })
}

function extras(error: FakeError): Record<string, string> {
  return { ...(error.retryAfter && { 'retry-after': error.retryAfter }), ...error.headers }
}
