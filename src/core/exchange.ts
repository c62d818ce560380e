import type { ProxyError } from './errors.ts'
import type { StopReason } from './event.ts'
import type { ProtocolName } from './protocol-name.ts'
import type { ReportedUsage } from './usage.ts'

export type CallPurpose = 'chat' | 'count_tokens' | 'title' | 'embedding' | 'other'
/** A plan's login is not billed by the token: its exchanges have a list price only (`spec/usage.md`, Cost). */
export type Billing = 'api' | 'subscription'
export type Outcome = 'complete' | 'incomplete' | 'error' | 'rejected'
export type IncompleteReason =
  | 'client_disconnect'
  | 'backend_error'
  | 'timeout'
  | 'truncated'
  | 'shutdown'
  | 'crash'

/** What random replacement decided of a request that one of its rules concerns (`spec/replacement.md`). */
export type ReplacementDecision =
  | 'replaced'
  | 'lost_roll'
  | 'first_turn'
  | 'cool_down'
  | 'opted_out'
  | 'no_place'
  /** Its target could not serve: the model that was asked for answers. */
  | 'target_unusable'

export const legs = ['CTP', 'PTB', 'BTP', 'PTC'] as const
/** Where bytes are seen: client→proxy, proxy→backend, backend→proxy, proxy→client. */
export type Leg = (typeof legs)[number]

/** One client request and all that follows until the client has its answer. Monitors read it, the pipeline writes it. */
export interface Exchange {
  readonly id: string
  readonly openedAtMs: number
  readonly openedNs: number
  readonly frontend: ProtocolName
  readonly method: string
  readonly path: string
  callPurpose: CallPurpose
  requestedModel: string | null
  stream: boolean
  session: { id: string; turn: number } | null
  userAgent: string | null
  clientApp: string | null
  appTitle: string | null
  /** The access key's name; null without access keys. */
  proxyUser: string | null
  tags: Readonly<Record<string, string>>
  /** Null where no rule of replacement concerns it. */
  replacement: { rule: string; decision: ReplacementDecision } | null
  attempts: Attempt[]
  /** The HTTP status that the client got; null if it got none. */
  status: number | null
  outcome: Outcome | null
  incompleteReason: IncompleteReason | null
  error: ProxyError | null
  /** All in nanoseconds since `openedNs`; null until it happened. */
  receivedNs: number | null
  firstContentNs: number | null
  closedNs: number | null
  requestBytes: number
  answerBytes: number
  /** Longest silence of the backend within an answer. */
  longestGapNs: number
  clientBlockedNs: number
  /** It has not yet taken what was written, so that nothing is read from the backend. */
  clientIsBehind: boolean
  /** When it fell behind, or caught up again, the last time. */
  clientTurnedNs: number | null
  /** When the last bytes were written to the client. */
  writtenNs: number | null
  /** Waiting for a place at a backend, or for the end of its cooldown; that which goes on is not yet in it. */
  queuedNs: number
  /** While it waits so: since when, and for a place at which of these; none: for the end of a cooldown alone. */
  inLine: { sinceNs: number; backends: readonly string[] } | null
  /** The attempts begun, and the targets of its plan that may still be tried; 0 until there is a plan. */
  plannedAttempts: number
  /** When the client left before its answer was complete: what came afterwards it did not get. */
  clientGoneNs: number | null
}

/** One try of an exchange at one backend. */
export interface Attempt {
  /** From 1. */
  readonly number: number
  readonly backend: string
  readonly backendType: string
  readonly model: string | null
  /** Of the request as the backend got it; another one than the exchange's frontend where it was translated. */
  readonly protocol: ProtocolName
  readonly billing: Billing
  /** By random replacement it is asked instead of what the client named. */
  readonly replaces: boolean
  /** What the client asked for or the backend said that could not be carried, in the client's words. */
  dropped: string[]
  readonly startedNs: number
  sentNs: number | null
  status: number | null
  firstByteNs: number | null
  firstContentNs: number | null
  lastByteNs: number | null
  endedNs: number | null
  /** Why it did not become the answer, in words; null for the one that did. */
  reason: string | null
  error: ProxyError | null
  responseModel: string | null
  upstreamRequestId: string | null
  usage: ReportedUsage | null
  stop: StopReason | null
  toolNames: string[]
}
