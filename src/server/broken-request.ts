import { STATUS_CODES } from 'node:http'
import type { Socket } from 'node:net'
import { ProxyError } from '../core/errors.ts'
import { protocolNamed } from '../protocols/index.ts'
import { protocolOfPath } from './frontends/match.ts'

/** What Node's parser says of a request that it gave up on. */
export interface ParserError extends Error {
  code?: string
  /** The bytes in which it found the fault: a Buffer. */
  rawPacket?: unknown
}

export interface BrokenRequestParts {
  nextId: () => string
  onRefused: (error: ProxyError) => void
}

/** Answers, while nothing of another answer is on its way, and ends the connection: its bytes have lost their meaning. */
export function answerBrokenRequest(error: ParserError, socket: Socket, parts: BrokenRequestParts): void {
  const refusal = refusalOf(error)
  parts.onRefused(refusal)
  // As Node itself does it: an answer inside an answer would be taken for its content.
  const { _httpMessage: answering } = socket as Socket & { _httpMessage?: { headersSent: boolean } | null }
  if (error.code === 'ECONNRESET' || !socket.writable || answering?.headersSent) return void socket.destroy()
  socket.write(httpAnswer(refusal, error.rawPacket, parts.nextId()))
  socket.destroySoon()
}

function refusalOf({ code = '', message }: ParserError): ProxyError {
  if (code === 'HPE_HEADER_OVERFLOW') {
    return new ProxyError('headers_too_large', 'the URL and headers are larger than 64 KiB; send less')
  }
  if (code === 'ERR_HTTP_REQUEST_TIMEOUT') {
    return new ProxyError('request_timeout', 'the headers did not come within 60 s')
  }
  return new ProxyError('bad_request', `this is not HTTP/1.1 as it should be: ${message}`)
}

function httpAnswer(error: ProxyError, rawPacket: unknown, id: string): Buffer {
  const packet = Buffer.isBuffer(rawPacket) ? rawPacket.toString('latin1', 0, 1024) : ''
  const path = /^[A-Z]+ (\S+)/.exec(packet)?.[1] ?? '/'
  const { status, headers, body } = protocolNamed(protocolOfPath(path, [])).encodeError(error, id)
  const all = [
    ...headers,
    ['x-llmproxy-exchange', id],
    ['content-length', String(body.length)],
    ['connection', 'close'],
  ]
  const lines = all.map(([name, value]) => `${name}: ${value}\r\n`).join('')
  return Buffer.concat([Buffer.from(`HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\n${lines}\r\n`), body])
}
