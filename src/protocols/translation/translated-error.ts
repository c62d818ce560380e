import type { ProxyError } from '../../core/errors.ts'
import type { ProtocolName } from '../../core/protocol.ts'

export function translatedError(error: ProxyError, _to: ProtocolName): ProxyError {
  return error
}
