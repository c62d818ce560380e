import { requestUrl } from '../../backends/request-url.ts'
import type { Backend } from '../../core/backend.ts'
import { type HeaderPairs, headerValue } from '../../core/http.ts'
import type { ProtocolName } from '../../core/protocol-name.ts'
import type { Target } from '../../core/target.ts'
import { geminiPath } from '../../protocols/gemini/path.ts'
import { encodingsToAsk } from '../answer/encodings-to-ask.ts'
import { acceptedEncodings } from '../body/content-encoding.ts'
import { editBody } from '../body/edit.ts'
import { fitHistory } from '../body/foreign/fit-history.ts'
import type { ExchangeRun } from '../exchange-run.ts'
import type { ReadRequest } from '../read-request.ts'
import { lossPolicyFor } from '../translation/loss-policy.ts'
import type { TranslatedRequest } from '../translation/translate-request.ts'

/** A request as one target is to get it, but for credentials and what is ours. */
export interface PreparedRequest {
  protocol: ProtocolName
  origin: string
  path: string
  /** What of the client's headers may pass on; of a translated request none do. */
  headers: HeaderPairs
  acceptEncoding: string
  body: Buffer
  /** Our own wish for the usage chunk, which the client must then not see. */
  hidesUsageChunk: boolean
  translated: TranslatedRequest | null
}

export interface PreparingFor {
  asksForUsage: boolean
  /** Replacement or failover goes there, not the client. */
  isOurChoice: boolean
}

/** Errors: those of translating; nothing was sent yet. */
export function prepareRequest(
  run: ExchangeRun,
  request: ReadRequest,
  target: Target,
  about: PreparingFor,
): PreparedRequest | Promise<PreparedRequest> {
  return speaksClients(run, target.backend)
    ? sameProtocol(run, request, target, about)
    : translated(run, request, target, about)
}

/** Whether the backend takes the client's own protocol. */
export function speaksClients({ call }: ExchangeRun, backend: Backend): boolean {
  return backend.protocols.includes(call.route.protocol)
}

function sameProtocol(
  { call, services }: ExchangeRun,
  request: ReadRequest,
  { backend, model }: Target,
  { asksForUsage, isOurChoice }: PreparingFor,
): PreparedRequest {
  const { path, query, inPath, protocol } = call.route
  const isRenamed = inPath !== null && model !== null && model !== inPath.model
  const edited = editBody(request.body.bytes, request.inspected, {
    model: inPath ? null : model,
    askForUsage: asksForUsage,
  })
  const foreign = services.sessionAnswers.foreignTo(request.sessionKey, {
    backendType: backend.type,
    isOurChoice,
  })
  return {
    protocol,
    ...requestUrl(backend, isRenamed ? geminiPath(model, inPath.method) : path, query),
    headers: call.headers,
    acceptEncoding: encodingsToAsk(headerValue(call.headers, 'accept-encoding')),
    body: fitHistory(edited, protocol, foreign),
    hidesUsageChunk: asksForUsage,
    translated: null,
  }
}

async function translated(
  { call, services }: ExchangeRun,
  request: ReadRequest,
  { backend, model }: Target,
  { asksForUsage }: PreparingFor,
): Promise<PreparedRequest> {
  const named = model ?? request.model
  const done = await services.bodyWork.translate(request.body.bytes, {
    client: call.route.protocol,
    place: { model: named, stream: request.stream },
    counts: call.route.kind === 'count_tokens',
    backend: { name: backend.name, type: backend.type, protocols: backend.protocols },
    model: named,
    policy: lossPolicyFor(call.headers, backend),
    askForUsage: asksForUsage,
  })
  const { buffer, byteOffset, byteLength } = done.body
  return {
    protocol: done.protocol,
    ...requestUrl(backend, done.path, done.query),
    // From scratch: what a client says to its own provider means nothing to another.
    headers: [
      ['content-type', 'application/json'],
      ['accept', request.stream ? 'text/event-stream' : 'application/json'],
      ['user-agent', 'llmproxy'],
    ],
    acceptEncoding: acceptedEncodings.join(', '),
    body: Buffer.from(buffer, byteOffset, byteLength),
    hidesUsageChunk: false,
    translated: done,
  }
}
