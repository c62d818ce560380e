import type { ProxyError } from '../../core/errors.ts'
import type { StreamPlace } from '../../core/protocol.ts'
import { openAiError } from '../openai-error.ts'

/**
 * The `error` event, with its parts twice: at the top as the API reference has them, and under `error` as the
 * API sends them. The official SDK throws only on the latter.
 */
export function encodeResponsesStreamError(
  error: ProxyError,
  place: Pick<StreamPlace, 'lastSequence'>,
): string {
  const { message, type, param, code } = openAiError(error)
  const event = {
    type: 'error',
    sequence_number: (place.lastSequence ?? -1) + 1,
    code,
    message,
    param,
    error: { type, code, message, param },
  }
  return `event: error\ndata: ${JSON.stringify(event)}\n\n`
}
