import type { ProtocolName } from '../../core/protocol-name.ts'

/** The header by which a protocol's clients learn their request's id. */
export function requestIdHeader(protocol: ProtocolName): string {
  return protocol === 'anthropic-messages' ? 'request-id' : 'x-request-id'
}
