import type { Catalogue } from './catalogue.ts'
import type { Overrides } from './overrides.ts'
import { catalogueProviders } from './providers.ts'

/** One line that `ratesOf` can be asked for. */
export interface PricedModel {
  /** A backend's name or its type: before the colon in the config's `prices`, a type in the catalogue. */
  backend: string
  model: string
}

/** The config's prices first, then the catalogue's, each provider once. */
export function matchingModels(name: string, overrides: Overrides, catalogue: Catalogue): PricedModel[] {
  const wanted = name.toLowerCase()
  const own = Object.keys(overrides).map((key) => {
    const colon = key.indexOf(':')
    return { backend: key.slice(0, Math.max(0, colon)), model: key.slice(colon + 1) }
  })
  const listed = [...typeOfProvider].flatMap(([providerId, backend]) =>
    catalogue.modelsOf(providerId).map((model) => ({ backend, model })),
  )
  const found = [...own, ...listed].filter(({ model }) => model.toLowerCase().includes(wanted))
  return [...new Map(found.map((line) => [`${line.backend}:${line.model}`, line])).values()]
}

/** The first type that stands for a provider: `openai`, not `chatgpt`. */
const typeOfProvider = new Map([...catalogueProviders].reverse().map(([type, id]) => [id, type]))
