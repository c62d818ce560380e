import type { JsonObject } from '../core/json.ts'
import { protocolNamed } from '../protocols/index.ts'
import { ownHeaders } from './answer/own-headers.ts'
import type { Failure } from './answer/receiver.ts'
import { requestIdHeader } from './answer/request-id-header.ts'
import type { ExchangeRun } from './exchange-run.ts'
import type { ReadRequest } from './read-request.ts'
import { decodeCall } from './translation/translate-request.ts'

/** Nobody could count such a request, or the client must hear whose fault it is. */
const tellsTheClient = new Set([400, 401, 403, 413, 422])

/**
 * Whether a token count that no backend gave is ours to give: a client that gets none asks with real calls instead
 * (`spec/protocols.md`, Routes and small print).
 */
export function mayCountOurselves({ call }: ExchangeRun, { asked, error }: Failure): boolean {
  if (call.route.kind !== 'count_tokens') return false
  if (!asked) return true
  // The route is there, and the provider says that the model is not.
  const knowsNoModel = error.status === 404 && /\bmodels?\b/i.test(error.message)
  return !knowsNoModel && !tellsTheClient.has(error.status)
}

/** Answers with our own count, marked as an estimate. False when it could not be made. */
export async function answerOwnCount(run: ExchangeRun, request: ReadRequest): Promise<boolean> {
  const { call, services, exchange, outlet, observation } = run
  const { protocol: name } = call.route
  const place = { model: request.model, stream: false }
  const counted = decodeCall(request.body.bytes, { client: name, place, counts: true })
  const tokens = await services.countTokens(counted)
  if (tokens === null || outlet.gone) return false
  const answer: JsonObject = protocolNamed(name).tokenCounting?.encode(tokens) ?? {}
  const body = Buffer.from(JSON.stringify(answer))
  outlet.head(200, [
    ['content-type', 'application/json'],
    [requestIdHeader(name), exchange.id],
    ...ownHeaders(exchange),
    ['x-llmproxy-token-count', 'estimate'],
    ['content-length', String(body.length)],
  ])
  outlet.end(body)
  observation.passed('PTC', body, observation.nowNs())
  return true
}
