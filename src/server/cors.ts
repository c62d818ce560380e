import type { IncomingMessage, ServerResponse } from 'node:http'
import { rawHeaderValue } from '../core/http.ts'

const allowedMethods = 'GET, POST, PUT, PATCH, DELETE, OPTIONS'
const secondsRemembered = '600'

/**
 * Lets a browser page read answers whose Origin the guard has let in (loopback, or `auth.allowed_origins`); all
 * others never get here. Returns whether the request was a preflight (WHATWG Fetch, CORS protocol) and is answered.
 */
export function answerCors(request: IncomingMessage, response: ServerResponse): boolean {
  const origin = rawHeaderValue(request.rawHeaders, 'origin')
  if (origin === undefined) return false
  response.setHeader('access-control-allow-origin', origin)
  response.setHeader('access-control-expose-headers', '*')
  response.setHeader('vary', 'origin')
  const asked = request.headers['access-control-request-method']
  if (request.method !== 'OPTIONS' || asked === undefined) return false
  response.setHeader('access-control-allow-methods', allowedMethods)
  response.setHeader('access-control-allow-headers', request.headers['access-control-request-headers'] ?? '*')
  response.setHeader('access-control-max-age', secondsRemembered)
  response.writeHead(204)
  response.end()
  return true
}
