import type { FastifyReply } from 'fastify'
import { asProxyError, type ProxyError } from '../../core/errors.ts'

/** Answers with what was thrown, in the shape of the proxy's own API (`spec/http-api.md`), and gives it back. */
export function sendApiError(reply: FastifyReply, thrown: unknown): ProxyError {
  const error = asProxyError(thrown)
  reply.code(error.status).send({ error: { code: error.code, message: error.message } })
  return error
}
