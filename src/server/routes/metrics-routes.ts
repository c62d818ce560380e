import type { Server } from 'node:http'
import type { FastifyInstance } from 'fastify'

export interface MetricsRoutesParts {
  /** The text that Prometheus reads. */
  scrape: () => Promise<{ contentType: string; text: string }>
}

/** `GET /metrics`; with access keys only those with role `admin` get here (`admission.ts`). */
export function addMetricsRoutes(app: FastifyInstance<Server>, parts: MetricsRoutesParts): void {
  app.get('/metrics', async (_request, reply) => {
    const { contentType, text } = await parts.scrape()
    return reply.type(contentType).header('cache-control', 'no-store').send(text)
  })
}
