import type { Server } from 'node:http'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { ProxyError } from '../../core/errors.ts'
import type { JsonObject } from '../../core/json.ts'
import { readApiBody } from './read-api-body.ts'
import { sendApiError } from './send-api-error.ts'

export interface CaptureRoutesParts {
  setMode: (mode: 'off' | 'recent' | 'all') => Promise<void>
  /** Null: all that is kept. Rejects with an error that has a code and says why not. */
  save: (exchange: string | null) => Promise<{ file: string; exchanges: number }>
  state: () => object
  onFault: (error: ProxyError) => void
}

const modes = ['off', 'recent', 'all'] as const

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
    const { mode } = known(body, 'mode')
    const found = modes.find((name) => name === mode)
    if (!found) throw bad('mode', `mode is one of ${modes.join(', ')}`)
    await parts.setMode(found)
    return { mode: found, ...parts.state() }
  })
  route('/internal/capture/save', async (body) => {
    const { exchange = null } = known(body, 'exchange')
    if (exchange !== null && (typeof exchange !== 'string' || exchange === '')) {
      throw bad('exchange', 'exchange is the id of an exchange, such as x_1m8byek899yt')
    }
    return await parts.save(exchange).catch((error: Error) => {
      if (error.name !== 'CaptureError') throw error
      throw new ProxyError('capture_not_saved', error.message, { cause: error })
    })
  })
}

/** The body, if it has no other member than this one. */
function known(body: JsonObject, name: string): JsonObject {
  const other = Object.keys(body).find((key) => key !== name)
  if (other !== undefined) throw bad(other, `"${other}" is not known; the body is {"${name}": …}`)
  return body
}

function bad(param: string, message: string): ProxyError {
  return new ProxyError('bad_request', message, { param })
}
