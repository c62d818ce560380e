import { LRUCache } from 'lru-cache'
import type { Catalogue } from './catalogue.ts'
import { catalogueProviders } from './providers.ts'

export type ContextWindowOf = (model: string, backendType: string | null) => number | null

const maxRemembered = 2000
/** No model's name is longer, and the rules try regular expressions on it. */
const maxNameLength = 256

/** Tokens of a model's context window at its provider; null where the catalogue does not say. */
export function contextWindows(catalogue: Catalogue): ContextWindowOf {
  const remembered = new LRUCache<string, { window: number | null }>({ max: maxRemembered })
  return (model, backendType) => {
    const providerId = backendType === null ? undefined : catalogueProviders.get(backendType)
    if (providerId === undefined || model.length > maxNameLength) return null
    const name = `${providerId} ${model}`
    let entry = remembered.get(name)
    if (entry === undefined) {
      entry = { window: catalogue.findModel(providerId, model)?.context_window ?? null }
      remembered.set(name, entry)
    }
    return entry.window
  }
}
