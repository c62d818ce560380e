import { createRequire } from 'node:module'
import type { ConditionalPrice, MatchLogic, ModelPrice, Provider } from '@pydantic/genai-prices'

/** Loaded with the first question, which takes some 30 ms and 15 MB: a start asks for no price. */
const library = (): typeof import('@pydantic/genai-prices') =>
  createRequire(import.meta.url)('@pydantic/genai-prices')

/** A model of the catalogue. The last of its prices that holds at a moment is in force; the first, if none does. */
export interface ListedModel {
  id: string
  match: MatchLogic
  prices: readonly ConditionalPrice[] | ModelPrice
  /** Tokens of its context window, where they are known. */
  context_window?: number | undefined
}

export interface ListedProvider {
  id: string
  /** Whose models this one offers too, at the same price. */
  fallback_model_providers?: readonly string[] | undefined
  models: readonly ListedModel[]
}

export interface Catalogue {
  /** Names the data: two catalogues with one version have the same prices. */
  version: string
  findModel(providerId: string, model: string): ListedModel | null
  /** The names of a provider's own models. */
  modelsOf(providerId: string): readonly string[]
}

/** The data that comes with the library. */
export function bundledCatalogue(): Catalogue {
  return catalogueOf('genai-prices@0.1.8', (providerId) => library().findProvider({ providerId }))
}

export function catalogueOf(
  version: string,
  providerOf: (id: string) => ListedProvider | undefined,
): Catalogue {
  const indexes = new Map<string, ReturnType<typeof indexModels>>()
  return {
    version,
    findModel(providerId, model) {
      let index = indexes.get(providerId)
      if (index === undefined) {
        index = indexModels(offeredModels(providerId, providerOf))
        indexes.set(providerId, index)
      }
      return index(model)
    },
    modelsOf: (providerId) => providerOf(providerId)?.models.map(({ id }) => id) ?? [],
  }
}

/**
 * Finds a model as the library does. It has no function for that alone, so it prices no usage with a provider
 * that has the names only; their prices would be copied and checked at each call. Which model it found is told
 * by the match rule, the one member that comes back as the same object. A model's own name in the catalogue is
 * not always among those its rule takes; it finds the model too, last, so that all that is listed can be asked for.
 */
function indexModels(models: readonly ListedModel[]): (model: string) => ListedModel | null {
  const byRule = new Map(models.map((listed) => [listed.match, listed]))
  const byId = new Map(models.toReversed().map((listed) => [listed.id, listed]))
  const names: Provider = {
    ...{ id: 'names', name: 'names', api_pattern: '' },
    models: models.map(({ id, match }) => ({ id, match, prices: {} })),
  }
  return (model) => {
    const found = library().calcPrice({}, model, { provider: names })
    return (found && byRule.get(found.model.match)) ?? byId.get(model) ?? null
  }
}

/** A provider's models, then those of the providers it falls back to, in the library's order. */
function offeredModels(
  providerId: string,
  providerOf: (id: string) => ListedProvider | undefined,
  seen = new Set<string>(),
): ListedModel[] {
  const provider = providerOf(providerId)
  if (provider === undefined || seen.has(providerId)) return []
  seen.add(providerId)
  const fallbacks = provider.fallback_model_providers ?? []
  return [...provider.models, ...fallbacks.flatMap((id) => offeredModels(id, providerOf, seen))]
}
