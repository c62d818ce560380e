import type { IncomingMessage, ServerResponse } from 'node:http'
import type { ProxyError } from '../core/errors.ts'
import { headerPairs } from '../core/http.ts'
import { protocolNamed } from '../protocols/index.ts'
import { protocolOfPath } from './frontends/match.ts'

/** Writes an error in the shape of the protocol that the request's path belongs to. */
export function sendError(
  error: ProxyError,
  request: IncomingMessage,
  response: ServerResponse,
  id: string,
): void {
  const headers = headerPairs(request.rawHeaders)
  const protocol = protocolNamed(protocolOfPath(request.url ?? '/', headers))
  const answer = protocol.encodeError(error, id)
  for (const [name, value] of answer.headers) response.setHeader(name, value)
  response.setHeader('x-llmproxy-exchange', id)
  response.setHeader('content-length', answer.body.length)
  // What is left of the body is not read: after a refusal the connection ends.
  if (!request.complete) response.setHeader('connection', 'close')
  // RFC 9110 §15.5.22: a 426 names what is spoken here instead.
  if (error.code === 'upgrade_refused')
    response.setHeader('upgrade', 'HTTP/1.1').setHeader('connection', 'upgrade, close')
  response.writeHead(answer.status)
  response.end(request.method === 'HEAD' ? undefined : answer.body)
}
