import type { Backend } from '../core/backend.ts'
import type { ProviderFamily } from '../core/protocol.ts'
import type { ProtocolName } from '../core/protocol-name.ts'
import { type Target, targetName } from '../core/target.ts'
import type { IsUsable, MayUse, Usability } from './ports.ts'

/** The rule that placed a model. */
export type PlanSource =
  | 'selector'
  | 'alias'
  | 'failover_route'
  | 'listed'
  | 'default_backend'
  | 'family'
  | 'pinned'
  | 'replacement'

export interface PlanRequest {
  protocol: ProtocolName
  family: ProviderFamily
  /** As the client sent it; null where the request names none. */
  model: string | null
  /** The backend that the request's path names. */
  pinned: Backend | null
  /** The session together with its credential; null when there is no session. */
  sessionKey: string | null
  /** Of the client's own provider credential. */
  credentialHash: string | null
  isUsable: IsUsable
  mayUse: MayUse
}

export interface LeftOut {
  target: Target
  usability: Extract<Usability, { usable: false }>
}

/** Targets in the order of trying. Empty with one left out as `full`: the exchange waits in line. */
export interface Plan {
  targets: readonly Target[]
  leftOut: readonly LeftOut[]
  source: PlanSource
  /** What the name means while all can serve; null: nothing. */
  first: Target | null
  /** Nothing was usable, so what only monitoring had left out is tried anyway. */
  fallbackUsed: boolean
  asked: { model: string | null; protocol: ProtocolName; backendNames: readonly string[] }
}

/** What the rules made of a model name, before anybody asked what is usable. */
export interface Placement {
  candidates: readonly Target[]
  source: PlanSource
}

/** Parts the usable from the rest (`spec/health-and-routing.md`, after rule 5). */
export function sift(placement: Placement, request: PlanRequest, backendNames: readonly string[]): Plan {
  const targets: Target[] = []
  const leftOut: LeftOut[] = []
  for (const target of distinct(placement.candidates)) {
    const usability = usabilityOf(target, request)
    if (usability.usable) targets.push(target)
    else leftOut.push({ target, usability })
  }
  const asked = { model: request.model, protocol: request.protocol, backendNames }
  const first = placement.candidates[0] ?? null
  const plan = { targets, leftOut, source: placement.source, first, fallbackUsed: false, asked }
  return targets.length > 0 ? plan : withFallback(plan)
}

/** Everything that decides whether a target can serve this request now; also for the check between attempts. */
export function usabilityOf(target: Target, request: PlanRequest): Usability {
  if (!request.mayUse(target)) {
    return { usable: false, reason: 'not_allowed', message: 'this access key may not use it' }
  }
  return request.isUsable(target)
}

/** A full target is healthy and worth the wait, so the fallback does not go past it. */
function withFallback(plan: Plan): Plan {
  if (plan.leftOut.some(({ usability }) => usability.reason === 'full')) return plan
  const doubted = plan.leftOut.filter(leftOutByMonitoring)
  if (doubted.length === 0) return plan
  return {
    ...plan,
    targets: doubted.map(({ target }) => target),
    leftOut: plan.leftOut.filter((entry) => !leftOutByMonitoring(entry)),
    fallbackUsed: true,
  }
}

function leftOutByMonitoring({ usability }: LeftOut): boolean {
  return isDoubted(usability)
}

/** Left out by monitoring only, which may be wrong. */
export function isDoubted(usability: Usability): boolean {
  return !usability.usable && (usability.reason === 'endpoint_unhealthy' || usability.reason === 'open')
}

function distinct(targets: readonly Target[]): Target[] {
  const seen = new Set<string>()
  return targets.filter((target) => {
    const key = targetName(target)
    return !seen.has(key) && seen.add(key)
  })
}
