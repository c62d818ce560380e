import { LRUCache } from 'lru-cache'
import type { Catalogue } from './catalogue.ts'
import { type DayPrice, dayMs, dayPrices, priceAt } from './day-prices.ts'
import { catalogueProviders } from './providers.ts'

/** A price of the catalogue that is in force, and whose it is. */
export interface CataloguePrice extends DayPrice {
  providerId: string
  /** The catalogue's name for the model. */
  modelId: string
}

export type CataloguePriceOf = (backendType: string, model: string, atMs: number) => CataloguePrice | null

interface Resolved {
  providerId: string
  modelId: string
  prices: readonly DayPrice[]
}

const maxResolved = 2000
/** No model's name is longer, and the rules try regular expressions on it. */
const maxNameLength = 256

/** Resolves a provider's model once for each day, unknown ones too: finding one means trying hundreds of rules. */
export function cataloguePrices(catalogue: Catalogue): CataloguePriceOf {
  const resolved = new LRUCache<string, { known: Resolved | null }>({ max: maxResolved })
  return (backendType, model, atMs) => {
    const providerId = catalogueProviders.get(backendType)
    if (providerId === undefined || model.length > maxNameLength || !Number.isFinite(atMs)) return null
    const day = Math.floor(atMs / dayMs)
    const name = `${providerId} ${day} ${model}`
    let entry = resolved.get(name)
    if (entry === undefined) {
      entry = { known: resolve(catalogue, providerId, model, day) }
      resolved.set(name, entry)
    }
    const price = entry.known && priceAt(entry.known.prices, atMs)
    return entry.known && price
      ? { ...price, providerId: entry.known.providerId, modelId: entry.known.modelId }
      : null
  }
}

function resolve(catalogue: Catalogue, providerId: string, model: string, day: number): Resolved | null {
  const listed = catalogue.findModel(providerId, model)
  return listed && { providerId, modelId: listed.id, prices: dayPrices(providerId, listed, day) }
}
