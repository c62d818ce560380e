import type { ProtocolName } from '../../../core/protocol-name.ts'
import { legView } from '../../view/leg.ts'
import { knownProtocol, protocolOfUrl } from '../../view/protocol-of.ts'
import { readAnswer } from '../../view/read-answer.ts'
import { readRequest } from '../../view/read-request.ts'
import type { ExchangeView, LegView } from '../../view/view.ts'
import { type ClientRequest, clientRequest, whyNotRepeatable } from '../client-request.ts'
import { whyNotComparable } from '../judge.ts'
import type { ModelCosts } from '../ports.ts'
import { type Estimate, estimateOf, type PricedTarget } from './estimate.ts'
import { liveRequest, whyNotLive } from './live-request.ts'

export interface PlannedRequest {
  recorded: ExchangeView
  request: ClientRequest
  target: PricedTarget
  estimate: Estimate
}

/** All that a replay to a provider would do, before anything of it is done. */
export interface LivePlan {
  requests: PlannedRequest[]
  skipped: { recorded: ExchangeView; reason: string }[]
}

export interface LivePlanSettings {
  exchanges: readonly ExchangeView[]
  /** Who would be asked for this exchange. */
  targetOf: (recorded: ExchangeView) => PricedTarget
  costs: ModelCosts
  /** At most so many requests. */
  maxRequests: number
  /** At most so many tokens an answer. */
  maxOutputTokens: number | null
  atMs: number
}

export function planLive(settings: LivePlanSettings): LivePlan {
  const plan: LivePlan = { requests: [], skipped: [] }
  for (const recorded of settings.exchanges) {
    const isFull = plan.requests.length === settings.maxRequests
    const planned = isFull ? beyond(recorded, settings.maxRequests) : plannedRequest(recorded, settings)
    if (typeof planned === 'string') plan.skipped.push({ recorded, reason: planned })
    else plan.requests.push(planned)
  }
  return plan
}

function beyond(recorded: ExchangeView, maxRequests: number): string {
  return whyNotSendable(recorded) ?? `beyond the first ${maxRequests} (--max-requests)`
}

function whyNotSendable(recorded: ExchangeView): string | null {
  const { ctp } = recorded
  const why = whyNotRepeatable(recorded) ?? whyNotComparable(recorded)
  if (why !== null || ctp === null) return why
  return whyNotLive(clientRequest({ ...recorded, ctp }))
}

function plannedRequest(recorded: ExchangeView, settings: LivePlanSettings): PlannedRequest | string {
  const { ctp } = recorded
  const why = whyNotSendable(recorded)
  if (why !== null) return why
  if (ctp === null) return 'the client’s request is not in the capture'
  const target = settings.targetOf(recorded)
  const asked = clientRequest({ ...recorded, ctp })
  const protocol = protocolOf(recorded, asked)
  if (protocol === null) return 'its protocol is not known'
  const { maxOutputTokens } = settings
  const request = liveRequest(asked, { protocol, model: target.model, maxOutputTokens })
  const { call } = readRequest(legOf(ctp, request), protocol)
  if (call === null) return 'its request cannot be understood'
  const estimate = estimateOf(call, target, recordedOutputTokens(recorded), settings.costs, settings.atMs)
  return { recorded, request, target, estimate }
}

function protocolOf({ protocol }: ExchangeView, { path }: ClientRequest): ProtocolName | null {
  return knownProtocol(protocol) ?? protocolOfUrl(path)
}

/** The leg with what will be sent in the place of what was. */
function legOf(leg: LegView, { path, body }: ClientRequest): LegView {
  const chunk = { atNs: leg.headAtNs ?? 0, bytes: body, entry: 0, missing: 0 }
  return legView({ ...leg, url: path, chunks: [chunk] })
}

function recordedOutputTokens({ closed, ptc, protocol, stream }: ExchangeView): number | null {
  const told = closed?.attempts.findLast((attempt) => attempt.completion_tokens !== undefined)
  if (told?.completion_tokens !== undefined) return told.completion_tokens
  return (ptc && readAnswer(ptc, protocol, stream).answer?.usage?.completionTokens) ?? null
}
