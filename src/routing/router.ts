import type { Backend } from '../core/backend.ts'
import type { Target } from '../core/target.ts'
import { createBackendNames } from './backend-names.ts'
import { type Placement, type Plan, type PlanRequest, sift } from './plan.ts'
import type { RoutingPorts } from './ports.ts'
import { type ConfiguredPlace, type RoutingTableSettings, readRoutingTable } from './routing-table.ts'
import { badSelector, parseSelector, type SelectorPart, unknownName } from './selector.ts'
import { createSessionPlaces, type SessionPlaces } from './session-places.ts'
import { orderInstances } from './sticky-instances.ts'
import { createUnroutedRules } from './unrouted.ts'

export interface RouterSettings extends RoutingTableSettings {
  /** In configured order, those that are merely always there last. */
  backends: readonly Backend[]
  /** Kept over a reload, so that sessions stay where they are. */
  places?: SessionPlaces
}

/** From a model name to a plan of targets (`spec/health-and-routing.md`). Does no I/O and waits for nothing. */
export interface Router {
  /** Throws `bad_selector`. A plan without targets is explained by `explainEmpty`. */
  plan(request: PlanRequest): Plan
  /** The same for a model at a backend, or at the instances of a type, that something else than its name chose. */
  planAt(place: { backend: string; model: string }, request: PlanRequest): Plan
}

/** Throws `bad_selector` when the configuration names a backend that is not there. */
export function createRouter(settings: RouterSettings, ports: RoutingPorts): Router {
  const names = createBackendNames(settings.backends)
  const table = readRoutingTable(settings, names)
  const places = settings.places ?? createSessionPlaces()

  function targetsAt(backendName: string, model: string, request: PlanRequest): Target[] {
    const instances = names.called(backendName).map((backend) => ({ backend, model }))
    return orderInstances(backendName, instances, request, places)
  }

  function placesToTargets(
    found: readonly ConfiguredPlace[],
    model: string,
    request: PlanRequest,
    placeBare: (model: string, request: PlanRequest) => Placement,
  ): Target[] {
    return found.flatMap((place) => {
      const wanted = place.model ?? model
      if (place.backendName !== null) return targetsAt(place.backendName, wanted, request)
      return [...placeBare(wanted, request).candidates]
    })
  }

  const placeUnrouted = createUnroutedRules(settings.backends, places, ports, (model, request) =>
    table.defaultPlaces === null
      ? null
      : placesToTargets(table.defaultPlaces, model, request, () => ({ candidates: [], source: 'family' })),
  )

  function placeRouted(model: string, request: PlanRequest): Placement {
    const route = table.failoverRouteOf(model)
    if (route === undefined) return placeUnrouted(model, request)
    return { candidates: placesToTargets(route, model, request, placeUnrouted), source: 'failover_route' }
  }

  /** Aliases are applied once, to what the client wrote, so that none can run in a circle. */
  function placeBare(model: string, request: PlanRequest): Placement {
    const alias = table.aliasOf(model)
    if (alias === undefined) return placeRouted(model, request)
    return { candidates: placesToTargets(alias, model, request, placeRouted), source: 'alias' }
  }

  function placeModel(model: string, request: PlanRequest): Placement {
    const parts = parseSelector(model, names.isKnown)
    const [first] = parts
    if (parts.length === 1 && first?.backendName === null) return placeBare(model, request)
    const candidates = parts.flatMap((part) => {
      if (part.backendName !== null) return targetsAt(part.backendName, part.model, request)
      refuseUnknownName(model, part, request)
      return [...placeBare(part.model, request).candidates]
    })
    return { candidates, source: 'selector' }
  }

  /** Alone, `llama3:8b` is a model. Beside other places a prefix that nobody lists is a slip of the pen. */
  function refuseUnknownName(selector: string, part: SelectorPart, request: PlanRequest): void {
    if (part.unknownName === null) return
    const { model } = part
    if (table.aliasOf(model) ?? table.failoverRouteOf(model)) return
    if (settings.backends.some((backend) => ports.listsModel(backend, model, request.credentialHash))) return
    throw badSelector(selector, part.at, unknownName(part.unknownName, names.all))
  }

  function place(request: PlanRequest): Placement {
    const { model, pinned } = request
    if (pinned !== null) return { candidates: [{ backend: pinned, model }], source: 'pinned' }
    return model === null ? placeUnrouted(null, request) : placeModel(model, request)
  }

  return {
    plan: (request) => sift(place(request), request, names.all),
    planAt({ backend, model }, request) {
      const candidates = targetsAt(backend, model, request)
      return sift({ candidates, source: 'replacement' }, request, names.all)
    },
  }
}
