import { Transform } from 'node:stream'
import type { Credential } from '../backends/credentials.ts'
import { requestHeaders } from '../backends/request-headers.ts'
import { requestUrl } from '../backends/request-url.ts'
import type { Backend } from '../core/backend.ts'
import { ProxyError } from '../core/errors.ts'
import { headerValue } from '../core/http.ts'
import type { WireEnd } from '../core/monitor.ts'
import { protocolNamed } from '../protocols/index.ts'
import { answerFailure } from './answer/last-word.ts'
import { attemptEnd } from './attempts/attempt-end.ts'
import { HeldPlace } from './attempts/held-place.ts'
import { newAttempt } from './attempts/new-attempt.ts'
import { runAttempt } from './attempts/run-attempt.ts'
import { tellRequest } from './attempts/tell-request.ts'
import { visitBackend } from './attempts/visit-backend.ts'
import { dropRest, tooLarge } from './body/read.ts'
import { credentialAt } from './credential-at.ts'
import type { ExchangeRun } from './exchange-run.ts'
import { nextHop } from './hops.ts'
import { learnCredential, ownerOf } from './read-request.ts'
import { answerStored } from './stored-responses/answer-stored.ts'
import { mayPassUntouched } from './untouched-paths.ts'

/** A path of the provider's that we do not read: bodies stream through in both directions, one attempt. */
export async function passUntouched(run: ExchangeRun): Promise<void> {
  const { call, services, exchange, observation } = run
  const { route } = call
  if (answerStored(run, ownerOf(run, learnCredential(run)))) return
  const backend = backendFor(run)
  const credential = credentialFor(run, backend)
  const contentLength = announcedLength(run)
  const visit = await visitBackend(run, { backend, model: null }, credential, new HeldPlace())
  const body = hasBody(run) ? countedBody(run) : null
  if (body === null) exchange.receivedNs = observation.nowNs()
  const headers = requestHeaders({
    client: call.headers,
    backend,
    credential,
    acceptEncoding: headerValue(call.headers, 'accept-encoding') ?? 'identity',
    contentLength: body === null ? null : contentLength,
    hop: nextHop(call.headers, services.hopId, backend),
    bodyAsReceived: true,
  })
  const attempt = newAttempt(observation, { backend, model: null }, route.protocol, credential)
  observation.attempted(attempt)
  const url = requestUrl(backend, route.path, route.query)
  const outgoing = { ...url, method: exchange.method, headers, body }
  tellRequest(run, attempt.number, outgoing, body && 'streams')
  if (body === null && observation.hearsWire) observation.wireEnd('CTP', null, 'eof')
  const result = await runAttempt({
    run,
    backend,
    outgoing,
    attempt,
    mayFailOver: false,
    decoded: false,
    repeatable: body === null,
    streamAsked: false,
    hidesUsageChunk: false,
    translated: null,
    owner: null,
    onFirstContent: () => {},
  }).finally(() =>
    visit.ended(
      attemptEnd(attempt, { redactText: services.redactText, withOurKey: credential.kind === 'proxy' }),
    ),
  )
  dropRest(call.request, call.state.bodyLimits, services.clock)
  if (result.kind === 'answered') return
  await answerFailure({
    redactText: services.redactText,
    failure: result.failure,
    exchange,
    protocol: protocolNamed(route.protocol),
    outlet: run.outlet,
    withOurKey: credential.kind === 'proxy',
    backend: backend.name,
    clientAcceptEncoding: headerValue(call.headers, 'accept-encoding'),
    isForeign: false,
  })
}

/** The pinned backend, else the first of the client's family. */
function backendFor({ call }: ExchangeRun): Backend {
  const { pinned, protocol } = call.route
  if (pinned) return pinned
  const { family } = protocolNamed(protocol)
  for (const backend of call.state.backends.values()) if (backend.type === family) return backend
  throw new ProxyError('unknown_backend', `no backend of type ${family} is configured for ${call.route.path}`)
}

/** The credential that opens this path, for a caller that may have it opened. */
function credentialFor(run: ExchangeRun, backend: Backend): Credential {
  const { call, exchange } = run
  const { route, caller } = call
  refuseWhatHasNoPrice(run)
  const choice = credentialAt(call, learnCredential(run), backend)
  if (choice.kind === 'missing') throw new ProxyError('no_credential', choice.message)
  if (!caller.mayUse({ backend, model: null })) {
    throw new ProxyError('model_refused', `this access key may not use all of ${backend.name}`)
  }
  if (choice.kind === 'client' || mayPassUntouched(exchange.method, route.path, backend, caller.admin))
    return choice
  throw new ProxyError(
    'path_refused',
    `${exchange.method} ${route.path} is not passed on with the proxy's provider key; list it in backends.${backend.name}.passthrough (for admin access keys)`,
  )
}

const reads: ReadonlySet<string> = new Set(['GET', 'HEAD', 'OPTIONS', 'DELETE'])

/** What such a call costs stands in an answer that is not read, if anywhere. */
function refuseWhatHasNoPrice({ call, exchange }: ExchangeRun): void {
  const { caller, route } = call
  if (caller.spending === null || reads.has(exchange.method)) return
  throw new ProxyError(
    'path_refused',
    `what ${exchange.method} ${route.path} costs is not known before it is done, so the access key of "${caller.name}", which has usd_per_day, may not call it; use an access key without usd_per_day`,
  )
}

function hasBody({ call }: ExchangeRun): boolean {
  const { headers } = call.request
  return headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) > 0
}

function announcedLength({ call }: ExchangeRun): number | null {
  const announced = call.request.headers['content-length']
  if (announced === undefined) return null
  if (Number(announced) > call.state.bodyLimits.maxBytes) throw tooLarge(call.state.bodyLimits.maxBytes)
  return Number(announced)
}

/** The request's body as it comes, within the limit. */
function countedBody(run: ExchangeRun): Transform {
  const { call, exchange, observation } = run
  const { maxBytes } = call.state.bodyLimits
  const counted = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      exchange.requestBytes += chunk.length
      if (exchange.requestBytes > maxBytes) return done(tooLarge(maxBytes))
      const atNs = observation.nowNs()
      observation.passed('CTP', chunk, atNs)
      observation.passed('PTB', chunk, atNs)
      if (observation.hearsWire) {
        observation.wireBytes('CTP', null, chunk)
        observation.wireBytes('PTB', 1, chunk)
      }
      done(null, chunk)
    },
    flush(done) {
      exchange.receivedNs = observation.nowNs()
      if (observation.hearsWire) bodyEnded('eof')
      done()
    },
  })
  const bodyEnded = (why: WireEnd, error: ProxyError | null = null) => {
    observation.wireEnd('CTP', null, why, error)
    observation.wireEnd('PTB', 1, why, error)
  }
  call.request.on('aborted', () => {
    const gone = new ProxyError('client_gone', 'the client has gone')
    if (observation.hearsWire) bodyEnded('abort_client', gone)
    counted.destroy(gone)
  })
  return call.request.pipe(counted)
}
