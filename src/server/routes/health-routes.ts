import type { Server } from 'node:http'
import { Readable } from 'node:stream'
import type { FastifyInstance } from 'fastify'
import { ProxyError } from '../../core/errors.ts'
import type { Events, ProxyEvent } from '../events.ts'
import { sendApiError } from './send-api-error.ts'

export interface HealthRoutesParts {
  /** `GET /internal/health`, as `spec/http-api.md` has it. */
  report: () => Promise<object>
  checkNow: () => Promise<void>
  /** False: there is no such backend. */
  reset: (backend: string) => boolean
  backendNames: () => readonly string[]
  events: Events
}

/** A listener that does not read is let go with so much unread. */
const mostUnread = 1_000

/** `/internal/health`, its actions, and `/internal/events`. */
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

  app.get('/internal/events', (_request, reply) =>
    reply.type('text/event-stream').header('cache-control', 'no-store').send(eventStream(parts.events)),
  )
}

/** Server-sent events; the first line says at once that it is listening. */
function eventStream(events: Events): Readable {
  const stream = new Readable({ read() {}, highWaterMark: 65_536 })
  let unread = 0
  const end = events.listen((event) => {
    unread = stream.push(blockOf(event)) ? 0 : unread + 1
    if (unread > mostUnread) stream.destroy()
  })
  stream.on('close', end)
  stream.push(': listening\n\n')
  return stream
}

function blockOf({ event, data }: ProxyEvent): string {
  return `event: ${event}\ndata: ${JSON.stringify(data)}\n\n`
}
