import { RequestBody, requestBody } from '../../backends/request-body.ts'
import { requestHeaders } from '../../backends/request-headers.ts'
import { geminiPath, requestUrl } from '../../backends/request-url.ts'
import type { Outgoing } from '../../backends/send.ts'
import type { Backend } from '../../core/backend.ts'
import { ProxyError } from '../../core/errors.ts'
import { headerValue } from '../../core/http.ts'
import type { Target } from '../../core/target.ts'
import type { AttemptResult } from '../answer/receiver.ts'
import { editBody } from '../body/edit.ts'
import { credentialAt } from '../credential-at.ts'
import type { ExchangeRun } from '../exchange-run.ts'
import { nextHop } from '../hops.ts'
import type { ReadRequest } from '../read-request.ts'
import { newAttempt } from './new-attempt.ts'
import { encodingsToAsk, runAttempt } from './run-attempt.ts'

/** Attempts of one generation request at its targets. */
export interface TargetAttempts {
  attempt: (target: Target, mayFailOver: boolean) => Promise<AttemptResult>
  clientAcceptEncoding: string | undefined
}

export function createTargetAttempts(run: ExchangeRun, request: ReadRequest): TargetAttempts {
  const { call, services } = run
  const clientAcceptEncoding = headerValue(call.headers, 'accept-encoding')

  async function attempt(target: Target, mayFailOver: boolean): Promise<AttemptResult> {
    const asksForUsage = mayAskForUsage(run, request, target.backend)
    const result = await attemptOnce(target, mayFailOver, asksForUsage)
    if (!asksForUsage || !refusesUsageOption(result, target.backend)) return result
    services.refusesUsageOption.add(target.backend.name)
    return attemptOnce(target, mayFailOver, false)
  }

  function attemptOnce(target: Target, mayFailOver: boolean, asksForUsage: boolean): Promise<AttemptResult> {
    const { backend } = target
    const credential = credentialAt(call, request.credential, backend)
    if (credential.kind === 'missing') throw new ProxyError('no_credential', credential.message)
    const body = editBody(request.body.bytes, request.inspected, {
      model: call.route.inPath ? null : target.model,
      askForUsage: asksForUsage,
    })
    const headers = requestHeaders({
      client: call.headers,
      backend,
      credential,
      acceptEncoding: encodingsToAsk(clientAcceptEncoding),
      contentLength: body.length,
      hop: nextHop(call.headers, services.hopId, backend),
    })
    const sent = requestBody(body)
    const { origin, path } = urlFor(run, target)
    const outgoing: Outgoing = { origin, path, method: run.exchange.method, headers, body: sent }
    const record = newAttempt(run.observation, target)
    run.observation.attempted(record)
    const result = runAttempt({
      run,
      backend,
      outgoing,
      attempt: record,
      mayFailOver: mayFailOver && request.stream,
      decoded: true,
      repeatable: true,
      streamAsked: request.stream,
      hidesUsageChunk: asksForUsage,
      onFirstContent: () => {
        request.body.release()
        if (sent instanceof RequestBody) sent.letGo()
      },
    })
    run.observation.passed('PTB', body, run.observation.nowNs())
    return result
  }

  return { attempt, clientAcceptEncoding }
}

function urlFor({ call }: ExchangeRun, target: Target): { origin: string; path: string } {
  const { path, query, inPath } = call.route
  const { backend, model } = target
  const isRenamed = inPath !== null && model !== null && model !== inPath.model
  return requestUrl(backend, isRenamed ? geminiPath(model, inPath.method) : path, query)
}

function mayAskForUsage({ call, services }: ExchangeRun, request: ReadRequest, backend: Backend): boolean {
  if (call.route.protocol !== 'openai-chat' || call.route.kind !== 'generate') return false
  if (!request.stream || request.inspected.facts.asksForUsage || backend.streamUsage === 'never') return false
  return backend.streamUsage === 'always' || !services.refusesUsageOption.has(backend.name)
}

function refusesUsageOption(result: AttemptResult, backend: Backend): boolean {
  if (result.kind !== 'failed' || backend.streamUsage !== 'ask' || result.failure.answer?.status !== 400)
    return false
  return (
    result.failure.answer.body.includes('stream_options') ||
    result.failure.error.message.includes('stream_options')
  )
}
