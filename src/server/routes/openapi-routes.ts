import type { Server } from 'node:http'
import type { FastifyInstance } from 'fastify'

/** `GET /openapi.json`. */
export function addOpenApiRoutes(
  app: FastifyInstance<Server>,
  { document }: { document: () => Promise<string> },
): void {
  app.get('/openapi.json', async (_request, reply) => reply.type('application/json').send(await document()))
}
