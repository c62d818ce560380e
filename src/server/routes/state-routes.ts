import type { Server } from 'node:http'
import type { FastifyInstance } from 'fastify'

export interface StateRoutesParts {
  /** Whether an exchange could be served now. */
  isReady: () => boolean
}

/** `/`, `/healthz` and `/readyz`: they need no access key and say nothing but the state. */
export function addStateRoutes(app: FastifyInstance<Server>, { isReady }: StateRoutesParts): void {
  for (const url of ['/', '/healthz']) {
    app.route({ method: ['GET', 'HEAD'], url, handler: () => ({ status: 'ok' }) })
  }
  app.route({
    method: ['GET', 'HEAD'],
    url: '/readyz',
    handler: (_request, reply) => {
      const ready = isReady()
      return reply.code(ready ? 200 : 503).send({ status: ready ? 'ready' : 'no usable backend' })
    },
  })
}
