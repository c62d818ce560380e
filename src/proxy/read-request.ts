import { type ClientCredential, clientCredential } from '../backends/client-credential.ts'
import { asProxyError, ProxyError } from '../core/errors.ts'
import { headerValue } from '../core/http.ts'
import type { WireEnd } from '../core/monitor.ts'
import type { InspectedBody } from './body/inspect.ts'
import { type HeldBody, readBody } from './body/read.ts'
import { recogniseClient } from './clients/recognise-client.ts'
import type { ExchangeRun } from './exchange-run.ts'
import type { KnownSession, SessionRequest } from './sessions/sessions.ts'
import { expandPrevious } from './stored-responses/expand-previous.ts'

/** A generation request, read and understood as far as the proxy must. */
export interface ReadRequest {
  body: HeldBody
  inspected: InspectedBody
  /** The client's own provider key or token. */
  credential: ClientCredential | null
  model: string
  stream: boolean
  /** Whose conversation it is: the client's credential, or its access key. */
  owner: string | null
  /** The session together with whose it is; null when there is no session. */
  sessionKey: string | null
}

const maxModelLength = 256

/** Reads the body and writes what it says into the exchange. Throws what `readBody` and `inspectBody` throw. */
export async function readRequest(run: ExchangeRun): Promise<ReadRequest> {
  const { call, services, exchange, observation } = run
  const { route, state } = call
  const body = await watchedBody(run, (onChunk) =>
    readBody(call.request, state.bodyLimits, services.bodyBudget, services.clock, onChunk),
  )
  try {
    exchange.receivedNs = observation.nowNs()
    exchange.requestBytes = body.wireBytes
    observation.passed('CTP', body.bytes, exchange.receivedNs)
    const inspected = await services.bodyWork.inspect(route.protocol, body.bytes, mustMeasure(run))
    const model = checkedModel(route.inPath?.model ?? inspected.facts.model)
    const credential = learnCredential(run)
    exchange.requestedModel = model
    exchange.stream = route.inPath?.stream ?? inspected.facts.stream
    const session = describeClient(run, inspected, credential)
    const owner = ownerOf(run, credential)
    const expanded = await withPrevious(run, body, inspected, owner)
    return {
      body,
      inspected: expanded,
      credential,
      model,
      stream: exchange.stream,
      owner,
      sessionKey: session?.key ?? null,
    }
  } catch (error) {
    body.release()
    throw error
  }
}

/** The body, with its leg told to those who listen to the wire. */
async function watchedBody(
  { observation }: ExchangeRun,
  read: (onChunk?: (wire: Buffer) => void) => Promise<HeldBody>,
): Promise<HeldBody> {
  if (!observation.hearsWire) return read()
  try {
    const body = await read((wire) => observation.wireBytes('CTP', null, wire))
    observation.wireEnd('CTP', null, 'eof')
    return body
  } catch (thrown) {
    const error = asProxyError(thrown)
    const why = { client_gone: 'abort_client', request_timeout: 'timeout' }[error.code as string] ?? 'error'
    observation.wireEnd('CTP', null, why as WireEnd, error)
    throw thrown
  }
}

/** By whom what is kept of an exchange may be found again. */
export function ownerOf({ call }: ExchangeRun, credential: ClientCredential | null): string | null {
  return credential?.hash ?? call.caller.name
}

/** A request that goes on from an answer which only we keep gets its conversation written out. */
function withPrevious(
  run: ExchangeRun,
  body: HeldBody,
  inspected: InspectedBody,
  owner: string | null,
): InspectedBody | Promise<InspectedBody> {
  const { call, services } = run
  const { previousResponseId: id } = inspected
  const previous = id === null ? undefined : services.storedResponses.find(owner, id)
  if (previous === undefined) return inspected
  body.bytes = expandPrevious(body.bytes, previous)
  return services.bodyWork.inspect(call.route.protocol, body.bytes, mustMeasure(run))
}

/** Only what costs something, for those who may spend only so much. */
function mustMeasure({ call }: ExchangeRun): boolean {
  return call.caller.spending !== null && call.route.kind === 'generate'
}

/** The client's own credential, made known so that it is redacted wherever it turns up. */
export function learnCredential({ call, services }: ExchangeRun): ClientCredential | null {
  const rawUrl = call.route.path + call.route.query
  const found = clientCredential(call.headers, rawUrl, call.caller.accessKeyHeader, call.state.isAccessKey)
  if (found) services.learnSecret(found.value)
  return found
}

/** The session that it belongs to. */
function describeClient(
  run: ExchangeRun,
  inspected: InspectedBody,
  credential: ClientCredential | null,
): KnownSession | null {
  const { call, services, exchange } = run
  const client = recogniseClient({
    userAgent: exchange.userAgent,
    headers: call.headers,
    toolNames: inspected.facts.toolNames,
    systemStart: inspected.facts.systemStart,
  })
  exchange.clientApp = client
  if (inspected.isTitleRequest && exchange.callPurpose === 'chat') exchange.callPurpose = 'title'
  const request: SessionRequest = {
    headers: call.headers,
    sessionHeader: headerValue(call.headers, 'x-session-id') ?? null,
    userId: inspected.facts.userId,
    promptCacheKey: inspected.facts.promptCacheKey,
    digest: inspected.conversation,
    previousResponseId: inspected.previousResponseId,
    bodySessionId: inspected.sessionId?.value ?? null,
    credentialHash: ownerOf(run, credential),
    clientApp: client,
    protocol: call.route.protocol,
  }
  // Helper calls take no turn (`spec/usage.md`).
  const helper = exchange.callPurpose !== 'chat'
  const session = helper ? services.sessions.find(request) : services.sessions.assign(request)
  exchange.session = session && { id: session.id, turn: session.turn }
  return session
}

function checkedModel(model: string | null): string {
  if (model === null || model === '') {
    throw new ProxyError('model_missing', 'the request names no model; add "model"', { param: 'model' })
  }
  if (model.length > maxModelLength) {
    throw new ProxyError('model_too_long', `the model name is longer than ${maxModelLength} characters`, {
      param: 'model',
    })
  }
  return model
}
