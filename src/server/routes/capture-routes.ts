import type { Server } from 'node:http'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { ProxyError } from '../../core/errors.ts'
import type { JsonObject } from '../../core/json.ts'
import { captureModeBody, captureSaveBody, checkedBody } from './api-bodies.ts'
import { readApiBody } from './read-api-body.ts'
import { sendApiError } from './send-api-error.ts'

export interface CaptureRoutesParts {
  setMode: (mode: 'off' | 'recent' | 'all') => Promise<void>
  /** Null: all that is kept. Rejects with an error that has a code and says why not. */
  save: (exchange: string | null) => Promise<{ file: string; exchanges: number }>
  state: () => object
  onFault: (error: ProxyError) => void
}

/** `POST /internal/capture {mode}` and `POST /internal/capture/save {exchange?}`. */
export function addCaptureRoutes(app: FastifyInstance<Server>, parts: CaptureRoutesParts): void {
  const route = (path: string, answer: (body: JsonObject) => unknown) =>
    app.post(path, async (request: FastifyRequest, reply: FastifyReply) => {
      try {
        return await reply.send(await answer(await readApiBody(request.raw)))
      } catch (thrown) {
        const error = sendApiError(reply, thrown)
        if (error.code === 'internal') parts.onFault(error)
        return reply
      }
    })

  route('/internal/capture', async (body) => {
    const { mode } = checkedBody(captureModeBody, body)
    await parts.setMode(mode)
    return { mode, ...parts.state() }
  })
  route('/internal/capture/save', async (body) => {
    const { exchange } = checkedBody(captureSaveBody, body)
    return await parts.save(exchange).catch((error: Error) => {
      if (error.name !== 'CaptureError') throw error
      throw new ProxyError('capture_not_saved', error.message, { cause: error })
    })
  })
}
