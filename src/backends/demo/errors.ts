import { asProxyError, type ProxyError } from '../../core/errors.ts'
import type { Json } from '../../core/json.ts'
import type { ProtocolName } from '../../core/protocol-name.ts'

const anthropicTypes: Record<number, string> = {
  400: 'invalid_request_error',
  404: 'not_found_error',
  413: 'request_too_large',
}
const geminiStatuses: Record<number, string> = {
  400: 'INVALID_ARGUMENT',
  404: 'NOT_FOUND',
  413: 'INVALID_ARGUMENT',
}

/** An error in the shape of the protocol in which the request came. */
export function errorAnswer(thrown: unknown, protocol: ProtocolName): { status: number; body: Json } {
  const error = asProxyError(thrown)
  return { status: error.status, body: bodyFor(error, protocol) }
}

function bodyFor(error: ProxyError, protocol: ProtocolName): Json {
  const { message, status } = error
  switch (protocol) {
    case 'anthropic-messages':
      return { type: 'error', error: { type: anthropicTypes[status] ?? 'api_error', message } }
    case 'gemini':
      return { error: { code: status, message, status: geminiStatuses[status] ?? 'INTERNAL' } }
    default: {
      const type = status < 500 ? 'invalid_request_error' : 'server_error'
      const code = error.code === 'unknown_model' ? 'model_not_found' : null
      return { error: { message, type, param: error.param, code } }
    }
  }
}
