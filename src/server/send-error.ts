import type { IncomingMessage, ServerResponse } from 'node:http'
import type { ProxyError } from '../core/errors.ts'
import { headerPairs } from '../core/http.ts'
import { protocolNamed } from '../protocols/index.ts'
import { protocolOfPath } from './frontends/match.ts'

export interface SendErrorParts {
  nextId: () => string
  redactText: (text: string) => string
}

/** Writes an error in the shape of the protocol that the request's path belongs to, without what must not be shown. */
export function sendError(
  error: ProxyError,
  request: IncomingMessage,
  response: ServerResponse,
  { nextId, redactText }: SendErrorParts,
): void {
  const id = nextId()
  const headers = headerPairs(request.rawHeaders)
  const protocol = protocolNamed(protocolOfPath(request.url ?? '/', headers))
  const answer = protocol.encodeError(error, id)
  const body = Buffer.from(redactText(Buffer.from(answer.body).toString()))
  for (const [name, value] of answer.headers) response.setHeader(name, value)
  response.setHeader('x-llmproxy-exchange', id)
  response.setHeader('content-length', body.length)
  // What is left of the body is not read: after a refusal the connection ends.
  if (!request.complete) response.setHeader('connection', 'close')
  // RFC 9110 §15.5.22: a 426 names what is spoken here instead.
  if (error.code === 'upgrade_refused')
    response.setHeader('upgrade', 'HTTP/1.1').setHeader('connection', 'upgrade, close')
  response.writeHead(answer.status)
  response.end(request.method === 'HEAD' ? undefined : body)
}
