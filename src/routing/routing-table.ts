import { ProxyError } from '../core/errors.ts'
import { matchesGlob } from '../core/glob.ts'
import type { BackendNames } from './backend-names.ts'
import { parseSelector, unknownName } from './selector.ts'

/** A place that the configuration names. `model` null: the model that was asked for. */
export interface ConfiguredPlace {
  backendName: string | null
  model: string | null
}

/** The configuration's own selectors, read once. */
export interface RoutingTable {
  /** The first alias whose pattern matches. */
  aliasOf(model: string): readonly ConfiguredPlace[] | undefined
  failoverRouteOf(model: string): readonly ConfiguredPlace[] | undefined
  defaultPlaces: readonly ConfiguredPlace[] | null
}

export interface RoutingTableSettings {
  aliases: readonly { pattern: string; replacement: string }[]
  failoverRoutes: Readonly<Record<string, readonly string[]>>
  /** A selector, or just a backend's name for "the same model there". */
  defaultBackend: string | null
}

/** Throws `bad_selector`, naming the configuration's key, when a selector names a backend that is not there. */
export function readRoutingTable(settings: RoutingTableSettings, names: BackendNames): RoutingTable {
  const aliases = settings.aliases.map(({ pattern, replacement }, i) => ({
    pattern,
    places: readPlaces(replacement, `model_aliases[${i}].replacement`, names),
  }))
  const routes = new Map(
    Object.entries(settings.failoverRoutes).map(([model, selectors]) => [
      model,
      selectors.flatMap((selector, i) => readPlaces(selector, `failover_routes["${model}"][${i}]`, names)),
    ]),
  )
  return {
    aliasOf: (model) => aliases.find(({ pattern }) => matchesGlob(pattern, model))?.places,
    failoverRouteOf: (model) => routes.get(model),
    defaultPlaces: readDefault(settings.defaultBackend, names),
  }
}

/** In the configuration a backend's name alone means the same model there. */
function readPlaces(selector: string, key: string, names: BackendNames): ConfiguredPlace[] {
  try {
    return parseSelector(selector, names.isKnown).map((part) => {
      if (part.unknownName !== null) throw fault(key, unknownName(part.unknownName, names.all))
      if (part.backendName === null && names.isKnown(part.model)) {
        return { backendName: part.model, model: null }
      }
      return { backendName: part.backendName, model: part.model }
    })
  } catch (error) {
    if (error instanceof ProxyError && !error.message.startsWith(key)) throw fault(key, error.message)
    throw error
  }
}

function readDefault(selector: string | null, names: BackendNames): ConfiguredPlace[] | null {
  if (selector === null) return null
  const places = readPlaces(selector, 'default_backend', names)
  for (const { backendName, model } of places) {
    if (backendName === null) throw fault('default_backend', unknownName(model ?? selector, names.all))
  }
  return places
}

function fault(key: string, message: string): ProxyError {
  return new ProxyError('bad_selector', `${key}: ${message}`)
}
