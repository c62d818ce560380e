import type { Credential } from '../../backends/credentials.ts'
import { RequestBody, requestBody } from '../../backends/request-body.ts'
import { requestHeaders } from '../../backends/request-headers.ts'
import type { Outgoing } from '../../backends/send.ts'
import type { Backend } from '../../core/backend.ts'
import { asProxyError, ProxyError } from '../../core/errors.ts'
import type { Target } from '../../core/target.ts'
import type { Begun } from '../../routing/availability/availability.ts'
import { failedAttempt } from '../answer/failed-attempt.ts'
import type { AttemptResult } from '../answer/receiver.ts'
import { credentialAt } from '../credential-at.ts'
import type { ExchangeRun } from '../exchange-run.ts'
import { nextHop } from '../hops.ts'
import type { ReadRequest } from '../read-request.ts'
import { attemptEnd } from './attempt-end.ts'
import type { HeldPlace } from './held-place.ts'
import { newAttempt } from './new-attempt.ts'
import { type PreparedRequest, prepareRequest, speaksClients } from './prepared-request.ts'
import { runAttempt } from './run-attempt.ts'
import { tellRequest } from './tell-request.ts'
import { isOfTarget, refusalAt, visitBackend } from './visit-backend.ts'

export type TargetAttempt = (target: Target, mayFailOver: boolean) => Promise<AttemptResult>

/** Why the targets of an exchange are its targets. */
export interface TargetChoice {
  /** They are a replacement's, not what the request names. */
  replaces: boolean
  /** The type of backend that the request means; others of its plan are there for failover. */
  askedType: string | null
}

/** Attempts of one generation request at its targets. */
export function createTargetAttempt(
  run: ExchangeRun,
  request: ReadRequest,
  held: HeldPlace,
  { replaces, askedType }: TargetChoice,
): TargetAttempt {
  const { call, services } = run

  async function attemptOnce(
    target: Target,
    mayFailOver: boolean,
    asksForUsage: boolean,
  ): Promise<AttemptResult> {
    const { backend } = target
    const credential = credentialAt(call, request.credential, backend)
    if (credential.kind === 'missing') throw new ProxyError('no_credential', credential.message)
    let visit: Begun
    try {
      visit = await visitBackend(run, target, credential, held, refusalAt)
    } catch (thrown) {
      return notVisited(asProxyError(thrown))
    }
    try {
      return await ask(target, credential, visit, mayFailOver, asksForUsage)
    } finally {
      // Where it did not come to an end of its own: a second one counts for nothing.
      visit.ended({ kind: 'neutral' })
    }
  }

  async function ask(
    target: Target,
    credential: Credential,
    visit: Begun,
    mayFailOver: boolean,
    asksForUsage: boolean,
  ): Promise<AttemptResult> {
    const { backend } = target
    const isOurChoice = replaces || (askedType !== null && backend.type !== askedType)
    let prepared: PreparedRequest
    try {
      prepared = await prepareRequest(run, request, target, { asksForUsage, isOurChoice })
    } catch (thrown) {
      return notAsked(asProxyError(thrown))
    }
    const { origin, path, body, translated } = prepared
    const headers = requestHeaders({
      client: prepared.headers,
      backend,
      credential,
      acceptEncoding: prepared.acceptEncoding,
      contentLength: body.length,
      hop: nextHop(call.headers, services.hopId, backend),
    })
    const sent = requestBody(body)
    const outgoing: Outgoing = { origin, path, method: run.exchange.method, headers, body: sent }
    const record = newAttempt(run.observation, target, prepared.protocol, credential, replaces)
    record.dropped.push(...(translated?.dropped ?? []))
    run.observation.attempted(record)
    const running = runAttempt({
      run,
      backend,
      outgoing,
      attempt: record,
      mayFailOver: mayFailOver && request.stream,
      decoded: true,
      repeatable: true,
      streamAsked: request.stream,
      hidesUsageChunk: prepared.hidesUsageChunk,
      translated,
      owner: request.owner,
      onFirstContent: () => {
        visit.content()
        request.body.release()
        if (sent instanceof RequestBody) sent.letGo()
      },
    })
    run.observation.passed('PTB', body, run.observation.nowNs())
    tellRequest(run, record.number, outgoing, body)
    const result = await running.finally(() =>
      visit.ended(
        attemptEnd(record, { redactText: services.redactText, withOurKey: credential.kind === 'proxy' }),
      ),
    )
    if (result.kind === 'answered') {
      const isTranslated = translated !== null
      services.sessionAnswers.note(request.sessionKey, {
        backendType: backend.type,
        isTranslated,
        isOurChoice,
      })
    }
    return result
  }

  return async (target, mayFailOver) => {
    const asksForUsage = mayAskForUsage(run, request, target.backend)
    const result = await attemptOnce(target, mayFailOver, asksForUsage)
    if (!asksForUsage || !refusesUsageOption(result, target.backend)) return result
    services.refusesUsageOption.add(target.backend.name)
    return attemptOnce(target, mayFailOver, false)
  }
}

/** Nothing was sent, and another target may well take it; one that cools down may be waited for. */
function notVisited(error: ProxyError): AttemptResult {
  if (!isOfTarget(error)) throw error
  return failedAttempt(error, { asked: false, notProcessed: true })
}

/** The request cannot be said to this target: nothing was sent, and another may well take it. */
function notAsked(error: ProxyError): AttemptResult {
  if (error.code === 'internal') throw error
  return failedAttempt(error, { asked: false })
}

function mayAskForUsage(run: ExchangeRun, request: ReadRequest, backend: Backend): boolean {
  const { route } = run.call
  if (route.kind !== 'generate' || !request.stream || backend.streamUsage === 'never') return false
  if (speaksClients(run, backend)) {
    if (route.protocol !== 'openai-chat' || request.inspected.facts.asksForUsage) return false
  }
  return backend.streamUsage === 'always' || !run.services.refusesUsageOption.has(backend.name)
}

function refusesUsageOption(result: AttemptResult, backend: Backend): boolean {
  if (result.kind !== 'failed' || backend.streamUsage !== 'ask' || result.failure.answer?.status !== 400)
    return false
  return (
    result.failure.answer.body.includes('stream_options') ||
    result.failure.error.message.includes('stream_options')
  )
}
