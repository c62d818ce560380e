import type { IncomingMessage, Server } from 'node:http'
import { Readable } from 'node:stream'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { ProxyError } from '../../core/errors.ts'
import type { UsageApi } from '../../usage/api.ts'
import type { Caller } from '../access/caller.ts'
import { sendApiError } from './send-api-error.ts'

export interface UsageRoutesParts {
  /** Null: usage tracking is off. */
  usage: () => UsageApi | null
  callerOf: (request: IncomingMessage) => Caller
  onFault: (error: ProxyError) => void
}

/** `/v1/usage/…`: a caller whose access key has role `user` sees its own exchanges only. */
export function addUsageRoutes(app: FastifyInstance<Server>, parts: UsageRoutesParts): void {
  function route(
    path: string,
    answer: (asked: Asked, request: FastifyRequest, reply: FastifyReply) => Promise<unknown>,
  ): void {
    app.get(path, async (request, reply) => {
      try {
        const usage = parts.usage()
        if (!usage)
          throw new ProxyError('usage_off', 'usage tracking is off: set usage_tracking.enabled to true')
        const query = new URL(request.raw.url ?? '/', 'http://proxy').searchParams
        // An access key may be in the query; it is no filter.
        query.delete('key')
        return await answer({ usage, query, only: onlyOf(parts.callerOf(request.raw)) }, request, reply)
      } catch (thrown) {
        const error = sendApiError(reply, thrown)
        if (error.code === 'internal') parts.onFault(error)
        return reply
      }
    })
  }

  route('/v1/usage/stats', async ({ usage, query, only }, _request, reply) =>
    reply.send(await usage.stats(query, only)),
  )
  route('/v1/usage/recent', async ({ usage, query, only }, _request, reply) =>
    reply.type('application/json').send(await usage.recent(query, only)),
  )
  route('/v1/usage/records/:id', async ({ usage, only }, request, reply) => {
    const { id } = request.params as { id: string }
    return reply.type('application/json').send(await usage.record(id, only))
  })
  route('/v1/usage/export', async ({ usage, query, only }, _request, reply) => {
    const { contentType, fileName, pieces } = await usage.export(query, only)
    return reply
      .type(contentType)
      .header('content-disposition', `attachment; filename="${fileName}"`)
      .send(Readable.from(pieces, { objectMode: true, highWaterMark: 1 }))
  })
}

interface Asked {
  usage: UsageApi
  query: URLSearchParams
  only: string | null
}

/** Without access keys everybody on this machine is its owner. */
function onlyOf(caller: Caller): string | null {
  return caller.kind === 'key' && caller.role !== 'admin' ? caller.name : null
}
