import type { Target } from '../core/target.ts'
import { type PlanRequest, usabilityOf } from './plan.ts'
import type { SessionPlaces } from './session-places.ts'

/**
 * A type's instances in the order for one exchange: the session's own first while it is usable (prompt
 * caches), then configured order. The session moves when its instance has become unusable, and stays
 * where it moved to; a full instance only lends its session out.
 */
export function orderInstances(
  type: string,
  instances: Target[],
  request: PlanRequest,
  places: SessionPlaces,
): Target[] {
  const session = request.sessionKey
  if (session === null || instances.length < 2) return instances
  const what = `type ${type}`
  const keptName = places.get(session, what)
  const kept = instances.find(({ backend }) => backend.name === keptName)
  const keptState = kept && usabilityOf(kept, request)
  if (kept && keptState?.usable) return [kept, ...instances.filter((target) => target !== kept)]
  const first = instances.find((target) => usabilityOf(target, request).usable)
  const lentOut = keptState?.usable === false && keptState.reason === 'full'
  if (first && !lentOut) places.set(session, what, first.backend.name)
  return instances
}
