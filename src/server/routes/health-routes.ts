import type { Server } from 'node:http'
import type { FastifyInstance } from 'fastify'
import { ProxyError } from '../../core/errors.ts'
import { sendApiError } from './send-api-error.ts'

export interface HealthRoutesParts {
  /** `GET /internal/health`, as `spec/http-api.md` has it. */
  report: () => Promise<object>
  checkNow: () => Promise<void>
  /** False: there is no such backend. */
  reset: (backend: string) => boolean
  backendNames: () => readonly string[]
}

/** `/internal/health`, and its actions. */
export function addHealthRoutes(app: FastifyInstance<Server>, parts: HealthRoutesParts): void {
  app.get('/internal/health', async (_request, reply) => reply.send(await parts.report()))

  app.post('/internal/health/check', async (_request, reply) => {
    await parts.checkNow()
    return reply.send(await parts.report())
  })

  app.post('/internal/backends/:name/reset', (request, reply) => {
    const { name } = request.params as { name: string }
    if (parts.reset(name)) return reply.send({ name, reset: true })
    const known = parts.backendNames().join(', ')
    return sendApiError(
      reply,
      new ProxyError('unknown_backend', `no backend is called "${name}"; there are: ${known}`),
    )
  })
}
