import type { Server } from 'node:http'
import { Readable } from 'node:stream'
import type { FastifyInstance } from 'fastify'
import type { Events, ProxyEvent } from '../events.ts'

/** A listener that does not read is let go with so much unread. */
const mostUnread = 1_000

/** `GET /internal/events`, as server-sent events. */
export function addEventsRoutes(app: FastifyInstance<Server>, { events }: { events: Events }): void {
  app.get('/internal/events', (_request, reply) =>
    reply.type('text/event-stream').header('cache-control', 'no-store').send(eventStream(events)),
  )
}

/** The first line says at once that it is listening. */
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
