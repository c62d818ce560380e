import type { Server } from 'node:http'
import type { FastifyInstance } from 'fastify'
import { ProxyError } from '../../core/errors.ts'
import type { LiveSnapshot } from '../../core/live-snapshot.ts'
import { sendApiError } from './send-api-error.ts'

export interface LiveRoutesParts {
  /** `limit` bounds each list. */
  snapshot: (limit: number) => LiveSnapshot
  onFault: (error: ProxyError) => void
}

/** With every list full, and fifty exchanges in flight, the answer is under 20 kB. */
const usualLimit = 10
const mostLimit = 1_000

/** `GET /internal/live?limit=N`: what `llmproxy top` draws. */
export function addLiveRoutes(app: FastifyInstance<Server>, { snapshot, onFault }: LiveRoutesParts): void {
  app.get('/internal/live', (request, reply) => {
    try {
      const query = new URL(request.raw.url ?? '/', 'http://proxy').searchParams
      return reply.header('cache-control', 'no-store').send(snapshot(limitIn(query)))
    } catch (thrown) {
      const error = sendApiError(reply, thrown)
      if (error.code === 'internal') onFault(error)
      return reply
    }
  })
}

function limitIn(query: URLSearchParams): number {
  for (const name of query.keys()) {
    // An access key may be in the query.
    if (name === 'limit' || name === 'key') continue
    throw new ProxyError(
      'bad_request',
      `no parameter is called ${JSON.stringify(name.slice(0, 64))}; known is limit`,
      { param: name },
    )
  }
  const text = query.get('limit')
  if (text === null) return usualLimit
  const limit = Number(text)
  if (/^\d+$/.test(text) && limit >= 1 && limit <= mostLimit) return limit
  throw new ProxyError('bad_request', `"limit" wants a whole number from 1 to ${mostLimit}`, {
    param: 'limit',
  })
}
