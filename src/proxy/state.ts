import type { Pools } from '../backends/pools.ts'
import type { Backend } from '../core/backend.ts'
import type { Call } from '../core/call.ts'
import type { Clock } from '../core/clock.ts'
import type { PriceOf } from '../core/cost.ts'
import type { Exchange } from '../core/exchange.ts'
import type { HeaderPairs } from '../core/http.ts'
import type { Availability } from '../routing/availability/availability.ts'
import type { Plan } from '../routing/plan.ts'
import type { Router } from '../routing/router.ts'
import type { FailurePolicy } from './attempts/attempts.ts'
import type { BodyWork } from './body/body-work.ts'
import type { BodyBudget } from './body/budget.ts'
import type { BodyLimits } from './body/read.ts'
import type { Monitors } from './monitors.ts'
import type { DecideReplacement } from './replacing/ports.ts'
import type { SessionAnswers } from './sessions/session-answers.ts'
import type { Sessions } from './sessions/sessions.ts'
import type { StoredResponses } from './stored-responses/stored-responses.ts'

/** What one configuration means for the proxy. A reload makes a new one; running exchanges keep theirs. */
export interface ProxyState {
  backends: ReadonlyMap<string, Backend>
  router: Router
  bodyLimits: BodyLimits
  failurePolicy: FailurePolicy
  keepaliveMs: number
  isAccessKey: (value: string) => boolean
}

/** Who watches backends: must not throw, must not wait. */
export interface BackendWatch {
  /** An attempt at it begins. */
  used(backend: Backend): void
  /** The head of an answer is there. */
  answered(backend: Backend, status: number, headers: HeaderPairs): void
  /** A plan had only targets that monitoring doubts, and tries them anyway. */
  onFallback(plan: Plan, exchange: Exchange): void
}

/** What lives as long as the process. */
export interface ProxyServices {
  clock: Clock
  monitors: Monitors
  pools: Pools
  bodyWork: BodyWork
  bodyBudget: BodyBudget
  sessions: Sessions
  /** Which providers answered which session. */
  sessionAnswers: SessionAnswers
  nextExchangeId: () => string
  /** This proxy's own random id, by which it recognises its own requests. */
  hopId: string
  /** Which targets can serve now, and the places at them. */
  availability: Availability
  /** Told of what attempts show of their backends. */
  backendWatch: BackendWatch
  /** Random replacement of the model. */
  decideReplacement: DecideReplacement
  /** Answers of ours that backends without a memory gave. */
  storedResponses: StoredResponses
  /** Our own count of a call's tokens; null when it could not be made in time. */
  countTokens: (call: Call) => Promise<number | null>
  /** What an answer's tokens cost; null where no price is known. */
  priceOf: PriceOf
  /** Told of each provider key that passes, so that it is redacted everywhere. */
  learnSecret: (value: string) => void
  /** For what a provider says that becomes part of an error of ours: it may quote a provider key. */
  redactText: (text: string) => string
  /** Backends that refused `stream_options` once. */
  refusesUsageOption: Set<string>
  /** Aborted when the proxy is to end: answers go on, but no new wait begins. */
  closing: AbortSignal
}
