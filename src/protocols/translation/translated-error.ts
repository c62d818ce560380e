import { ProxyError } from '../../core/errors.ts'
import type { ProtocolName } from '../../core/protocol-name.ts'
import { contextOverflow } from './context-overflow.ts'
import { meaningOf } from './error-meaning.ts'
import { saidIn } from './error-vocabulary.ts'
import { overflowWords } from './overflow-words.ts'

/** Codes that OpenAI has for mistakes in a request; between its own two protocols they mean the same. */
const openAiCodes: ReadonlySet<string | null> = new Set([
  'empty_array',
  'invalid_type',
  'invalid_value',
  'missing_required_parameter',
  'unknown_parameter',
  'unsupported_file',
  'unsupported_parameter',
  'unsupported_value',
])

/** Names that all protocols but Gemini have at the top of a request; others are of the request that we wrote. */
const sharedParams: ReadonlySet<string | null> = new Set([
  ...['metadata', 'model', 'service_tier', 'stream', 'temperature', 'tool_choice', 'tools', 'top_p'],
])

/**
 * The error of a backend that speaks another protocol, as the client's own provider would have said it: status, type
 * and code in its vocabulary, the provider's message, and how long to wait. Errors of ours are what they are.
 */
export function translatedError(error: ProxyError, to: ProtocolName): ProxyError {
  if (error.code !== 'backend_error') return error
  const overflow = contextOverflow(error)
  const said = saidIn(to, overflow ? 'overflow' : meaningOf(error))
  const message = overflow ? overflowWords(to, overflow, error.message) : error.message
  const shouldRetry = error.shouldRetry ?? (said.final ? false : null)
  const param =
    said.param ?? (to !== 'gemini' && !overflow && sharedParams.has(error.param) ? error.param : null)
  return new ProxyError('backend_error', message, {
    cause: error,
    status: said.status ?? (error.status < 500 ? 502 : error.status),
    providerType: said.type,
    providerCode: codeFor(said.code, error.providerCode),
    ...(param !== null && { param }),
    ...(error.retryAfterMs !== null && { retryAfterMs: error.retryAfterMs }),
    ...(shouldRetry !== null && { shouldRetry }),
  })
}

function codeFor(said: string | null, provider: string | null): string | null {
  return said === 'invalid_request_error' && openAiCodes.has(provider) ? provider : said
}
