import type { IncomingMessage, Server, ServerResponse } from 'node:http'
import fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify'
import { asProxyError, ProxyError } from '../core/errors.ts'
import { answerBrokenRequest } from './broken-request.ts'
import { answerCors } from './cors.ts'
import { isLoopback } from './guard/addresses.ts'
import { sendError } from './send-error.ts'

export interface ListenerParts {
  /** Refuses what no key could make right. Runs first, before anything of a request is read. */
  guard: (request: IncomingMessage) => void
  /** Lets a caller in or throws. */
  admit: (request: IncomingMessage) => void
  /** Answers whatever no API route has taken. */
  frontends: (request: IncomingMessage, response: ServerResponse) => void
  /** Adds the routes of the proxy's own API. */
  addRoutes: (app: FastifyInstance<Server>) => void
  nextId: () => string
  redactText: (text: string) => string
  /** What was refused before it was an exchange is counted. */
  onRefused: (error: ProxyError) => void
  version: string
}

const frontendsUrl = '/*'
const methods = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'] as const

function noCompiler(): never {
  throw new Error('no route has a schema')
}

/**
 * The HTTP server. Bodies are left unread for the frontends; no timeout of its own cuts an answer. An error
 * leaves in the shape of the protocol that its path belongs to.
 */
export function createListener(parts: ListenerParts): FastifyInstance<Server> {
  const app = fastify({
    logger: false,
    requestTimeout: 0,
    keepAliveTimeout: 75_000,
    routerOptions: { maxParamLength: 512 },
    return503OnClosing: false,
    forceCloseConnections: 'idle',
    exposeHeadRoutes: false,
    // No route has a schema of Fastify's, whose compilers would be loaded with the start.
    schemaController: { compilersFactory: { buildValidator: noCompiler, buildSerializer: noCompiler } },
    http: { maxHeaderSize: 65_536, headersTimeout: 60_000, requireHostHeader: false },
    clientErrorHandler: (error, socket) => answerBrokenRequest(error, socket, parts),
    frameworkErrors: (_error, request, reply) => answer(unroutable(request.raw), request, reply),
  }) as unknown as FastifyInstance<Server>
  // Their bytes are bounded; beyond 1000 lines Node would drop the rest in silence, with what the guard looks for.
  app.server.maxHeadersCount = 0

  function answer(thrown: unknown, request: FastifyRequest, reply: FastifyReply): void {
    const error = asProxyError(thrown)
    parts.onRefused(error)
    sendError(error, request.raw, reply.raw, parts)
    reply.hijack()
  }

  /** A path that the router cannot decode is answered before any hook is asked. */
  function unroutable(request: IncomingMessage): unknown {
    try {
      parts.guard(request)
    } catch (thrown) {
      return thrown
    }
    return new ProxyError('bad_path', 'the path cannot be decoded; send it without what is encoded')
  }

  app.removeAllContentTypeParsers()
  app.addContentTypeParser('*', (_request, _payload, done) => done(null))
  app.addHook('onRequest', (request, reply, done) => {
    // For `serve` on this machine, to know who has its port; others learn nothing without an access key. Answers of the
    // frontends go without: a header that is set before the others makes Node take each of them the slow way.
    if (request.routeOptions.url !== frontendsUrl) {
      if (isLoopback(request.raw.socket.remoteAddress ?? ''))
        reply.raw.setHeader('x-llmproxy-version', parts.version)
      // Bodies are read as JSON whatever their type; Fastify would refuse one that it cannot read.
      request.raw.headers['content-type'] = 'application/json'
    }
    try {
      parts.guard(request.raw)
      if (answerCors(request.raw, reply.raw)) return reply.hijack()
      parts.admit(request.raw)
      done()
    } catch (thrown) {
      answer(thrown, request, reply)
    }
  })
  app.setErrorHandler((error, request, reply) => answer(error, request, reply))
  const toFrontends = (request: FastifyRequest, reply: FastifyReply): void => {
    reply.hijack()
    parts.frontends(request.raw, reply.raw)
  }
  app.setNotFoundHandler(toFrontends)
  parts.addRoutes(app)
  app.route({
    method: [...methods],
    url: frontendsUrl,
    // A hook, for what Fastify does between hooks and handler is not for them and costs as much as the hooks do.
    onRequest: toFrontends,
    handler: toFrontends,
  })
  return app
}
