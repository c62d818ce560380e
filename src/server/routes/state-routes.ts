import type { Server } from 'node:http'
import type { FastifyInstance } from 'fastify'

export interface StateRoutesParts {
  version: string
  /** Whether an exchange could be served now. */
  isReady: () => boolean
}

/** `/`, `/healthz` and `/readyz`: they need no access key and say nothing but the state. */
export function addStateRoutes(app: FastifyInstance<Server>, { version, isReady }: StateRoutesParts): void {
  app.route({
    method: ['GET', 'HEAD'],
    url: '/',
    handler: () => ({ name: 'llmproxy', version }),
  })
  app.get('/healthz', () => ({ status: 'ok' }))
  app.get('/readyz', (_request, reply) => {
    const ready = isReady()
    return reply.code(ready ? 200 : 503).send({ status: ready ? 'ready' : 'no usable backend' })
  })
}
