import type { Backend } from '../core/backend.ts'
import { flatText } from '../core/flat-text.ts'
import type { Target } from '../core/target.ts'
import { type Placement, type PlanRequest, usabilityOf } from './plan.ts'
import type { RoutingPorts } from './ports.ts'
import type { SessionPlaces } from './session-places.ts'

type DefaultTargets = (model: string, request: PlanRequest) => Target[] | null

/**
 * Rules 3 to 5: a backend that lists the model, the default backend, the client's own provider. A session
 * stays where its first exchange went, also when a list becomes known later.
 */
export function createUnroutedRules(
  backends: readonly Backend[],
  places: SessionPlaces,
  ports: RoutingPorts,
  defaultTargets: DefaultTargets,
): (model: string | null, request: PlanRequest) => Placement {
  function listed(model: string, request: PlanRequest): Backend[] {
    return backends.filter(
      (backend) => backend.configured && ports.listsModel(backend, model, request.credentialHash) === true,
    )
  }

  /** The family's own backend, or one of its siblings where only that takes this client's login. */
  function ownProvider(model: string | null, request: PlanRequest): Backend | undefined {
    const own = backends.filter((backend) => backend.type === request.family)
    const open = own.some((backend) => isOpenTo({ backend, model }, request))
    const siblings = open ? [] : backends.filter((backend) => backend.family === request.family)
    const sibling = siblings.find((backend) => isOpenTo({ backend, model }, request))
    return sibling ?? own.find((backend) => speaks(backend, request)) ?? own[0]
  }

  function placeNew(model: string, request: PlanRequest): Placement {
    const listing = listed(model, request)
    const open = listing.filter((backend) => isOpenTo({ backend, model }, request))
    // Of several that list it one that needs no translation serves the client better.
    const best = open.find((backend) => speaks(backend, request)) ?? open[0]
    if (best) return { candidates: [{ backend: best, model }], source: 'listed' }
    const defaults = defaultTargets(model, request)
    if (defaults !== null) return { candidates: defaults, source: 'default_backend' }
    const own = ownProvider(model, request)
    // A list of a backend that this client cannot use must not lead away from a provider that it can.
    const [elsewhere] = listing
    if (elsewhere && !(own && isOpenTo({ backend: own, model }, request))) {
      return { candidates: [{ backend: elsewhere, model }], source: 'listed' }
    }
    return family(own, model)
  }

  function placeAgain(model: string, request: PlanRequest, place: string): Placement | undefined {
    const [source, name] = place.split(' ')
    if (source === 'default_backend') {
      const candidates = defaultTargets(model, request)
      return candidates === null ? undefined : { candidates, source }
    }
    const backend = backends.find((candidate) => candidate.name === name)
    if (!backend) return undefined
    // Whose own provider it is depends on the client's protocol: one session may come in two.
    if (source === 'family' && !speaks(backend, request)) return undefined
    const target = { backend, model }
    const usability = usabilityOf(target, request)
    // It could not serve this session in the first place, so nothing is lost by looking again.
    if (!usability.usable && ['excluded_model', 'no_credential'].includes(usability.reason)) return undefined
    return { candidates: [target], source: source === 'listed' ? source : 'family' }
  }

  return (model, request) => {
    if (model === null) return family(ownProvider(null, request), null)
    const session = request.sessionKey
    if (session === null) return placeNew(model, request)
    const what = `model ${model}`
    const place = places.get(session, what)
    const again = place === undefined ? undefined : placeAgain(model, request, place)
    if (again) return again
    const placement = placeNew(model, request)
    const [first] = placement.candidates
    if (first) places.set(session, flatText(what), flatText(`${placement.source} ${first.backend.name}`))
    return placement
  }
}

function family(own: Backend | undefined, model: string | null): Placement {
  return { candidates: own ? [{ backend: own, model }] : [], source: 'family' }
}

function speaks(backend: Backend, request: PlanRequest): boolean {
  return backend.protocols.includes(request.protocol)
}

/** Whether this client can use the target at all, whatever its health. */
function isOpenTo(target: Target, request: PlanRequest): boolean {
  const usability = usabilityOf(target, request)
  return usability.usable || !['not_allowed', 'no_credential'].includes(usability.reason)
}
