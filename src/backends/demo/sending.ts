import { randomBytes } from 'node:crypto'
import type { ServerResponse } from 'node:http'
import type { Json } from '../../core/json.ts'
import type { StreamFraming } from '../../core/protocol.ts'
import type { ProtocolName } from '../../core/protocol-name.ts'

export function sendJson(response: ServerResponse, status: number, body: Json, protocol: ProtocolName): void {
  const bytes = Buffer.from(JSON.stringify(body))
  response.writeHead(status, {
    'content-type': 'application/json',
    'content-length': bytes.length,
    ...requestIdHeader(protocol),
  })
  response.end(bytes)
}

/** Sends the head of a stream at once, before there is anything to say. */
export function beginStream(response: ServerResponse, framing: StreamFraming, protocol: ProtocolName): void {
  const types = { sse: 'text/event-stream; charset=utf-8', 'json-array': 'application/json; charset=UTF-8' }
  response.writeHead(200, {
    'content-type': types[framing],
    'cache-control': 'no-cache',
    ...requestIdHeader(protocol),
  })
  response.flushHeaders()
}

/** The name under which each provider gives a request's id; Gemini gives none. */
function requestIdHeader(protocol: ProtocolName): Record<string, string> {
  if (protocol === 'gemini') return {}
  const name = protocol === 'anthropic-messages' ? 'request-id' : 'x-request-id'
  return { [name]: `req_demo_${randomBytes(12).toString('hex')}` }
}
