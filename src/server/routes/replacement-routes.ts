import type { IncomingMessage, Server } from 'node:http'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { ProxyError } from '../../core/errors.ts'
import type { Caller } from '../access/caller.ts'
import { checkedBody, optOutBody } from './api-bodies.ts'
import { readApiBody } from './read-api-body.ts'
import { sendApiError } from './send-api-error.ts'

export interface ReplacementRoutesParts {
  /** `GET /v1/replacement/metrics`; `only` sees the effectiveness of its own exchanges. */
  metrics: (query: URLSearchParams, only: string | null) => Promise<object>
  resetMetrics: () => void
  /** `user`: whose session is meant; null: everybody's. */
  optOut: (sessionId: string, user: string | null) => void
  /** False: it was not opted out. */
  optIn: (sessionId: string, user: string | null) => boolean
  callerOf: (request: IncomingMessage) => Caller
  onFault: (error: ProxyError) => void
}

/** `/v1/replacement/…`: an access key with role `user` speaks of its own sessions only. */
export function addReplacementRoutes(app: FastifyInstance<Server>, parts: ReplacementRoutesParts): void {
  const path = '/v1/replacement'
  const guarded =
    (answer: (request: FastifyRequest, caller: Asker) => unknown) =>
    async (request: FastifyRequest, reply: FastifyReply) => {
      try {
        return await reply.send(await answer(request, askerOf(parts.callerOf(request.raw))))
      } catch (thrown) {
        const error = sendApiError(reply, thrown)
        if (error.code === 'internal') parts.onFault(error)
        return reply
      }
    }

  app.get(
    `${path}/metrics`,
    guarded((request, { only }) => {
      const query = new URL(request.raw.url ?? '/', 'http://proxy').searchParams
      // An access key may be in the query; it is no filter.
      query.delete('key')
      return parts.metrics(query, only)
    }),
  )
  app.post(
    `${path}/metrics/reset`,
    guarded((_request, { only }) => {
      if (only !== null) throw new ProxyError('role_refused', 'a reset needs an access key with role admin')
      parts.resetMetrics()
      return { reset: true }
    }),
  )
  app.post(
    `${path}/opt-out`,
    guarded(async (request, { only }) => {
      const { session_id: sessionId } = checkedBody(optOutBody, await readApiBody(request.raw))
      parts.optOut(sessionId, only)
      return { session_id: sessionId, opted_out: true }
    }),
  )
  app.delete(
    `${path}/opt-out/:session`,
    guarded((request, { only }) => {
      const { session } = request.params as { session: string }
      if (parts.optIn(session, only)) return { session_id: session, opted_out: false }
      throw new ProxyError('unknown_session', `the session ${JSON.stringify(session)} was not opted out`)
    }),
  )
}

interface Asker {
  only: string | null
}

/** Without access keys everybody on this machine is its owner. */
function askerOf(caller: Caller): Asker {
  return { only: caller.kind === 'key' && caller.role !== 'admin' ? caller.name : null }
}
