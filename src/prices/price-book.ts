import type { Cost, PriceOf, PriceQuestion } from '../core/cost.ts'
import { bundledCatalogue } from './catalogue.ts'
import { newestCatalogue } from './catalogue-folder.ts'
import { cataloguePrices } from './catalogue-prices.ts'
import { charge } from './charge.ts'
import { type ContextWindowOf, contextWindows } from './context-windows.ts'
import { scaled } from './decimal.ts'
import { type ListedRates, listRates } from './listed-rates.ts'
import { type Overrides, readOverrides } from './overrides.ts'
import { matchingModels, type PricedModel } from './priced-models.ts'
import { isLongContext, type RateCard } from './rate-card.ts'
import { tierFactor } from './service-tiers.ts'
import { splitTokens } from './split-tokens.ts'

export interface PriceBook {
  /**
   * The provider's own sum; else tokens at the config's rates; else at the catalogue's, with the service tier's
   * factor. Null where none of these is known: also where a token was used whose rate, or a service tier whose
   * factor, is not published. A model that is free costs 0.
   */
  priceOf: PriceOf
  /** What `priceOf` would charge with at a moment, for `usage prices`. */
  ratesOf(backend: string, backendType: string, model: string, atMs: number): ListedRates | null
  /** Models with `name` in theirs, whatever the case. */
  modelsNamed(name: string): PricedModel[]
  /** Takes the place of the prices of the config from the next question on. */
  setOverrides(overrides: Overrides): void
  /** The catalogue knows more of models than their prices. */
  contextWindowOf: ContextWindowOf
  /** The catalogue in use. */
  priceVersion: string
}

export interface PriceBookOptions {
  overrides?: Overrides
  /** Where `updateCatalogue` puts catalogues; the newest whole one goes before the library's own. */
  folder?: string
  onDamaged?: (file: string, reason: string) => void
}

const noFactor = { numerator: 1, denominator: 1 }

/** Reads the catalogue once, now. Never fetches one. */
export function createPriceBook({ overrides = {}, folder, onDamaged }: PriceBookOptions): PriceBook {
  const fetched = folder === undefined ? null : newestCatalogue(folder, onDamaged ?? (() => undefined))
  const catalogue = fetched ?? bundledCatalogue()
  const priceVersion = catalogue.version
  const catalogued = cataloguePrices(catalogue)
  let configured = overrides
  let configuredCard = readOverrides(overrides)

  function configuredCost(card: RateCard, { usage }: PriceQuestion): Cost | null {
    const tokens = splitTokens(usage)
    const sum = tokens && charge(card, tokens, noFactor)
    return sum && { ...sum, source: 'config', priceVersion: null }
  }

  function catalogueCost({ backendType, model, usage, atMs }: PriceQuestion): Cost | null {
    const price = catalogued(backendType, model, atMs)
    if (!price?.card) return null
    const tokens = splitTokens(usage)
    if (tokens === null) return null
    const longContext = isLongContext(price.card, tokens.promptTokens)
    const factor = tierFactor(price.providerId, price.modelId, usage.serviceTier, longContext)
    const sum = factor && charge(price.card, tokens, factor)
    return sum && { ...sum, source: 'catalog', priceVersion }
  }

  return {
    priceVersion,
    contextWindowOf: contextWindows(catalogue),
    priceOf(question) {
      const card = configuredCard(question.backend, question.backendType, question.model)
      return (
        providerCost(question.usage.costUsd) ??
        (card ? configuredCost(card, question) : catalogueCost(question))
      )
    },
    ratesOf(backend, backendType, model, atMs) {
      const card = configuredCard(backend, backendType, model)
      if (card) return { ...fromConfig, rates: listRates(card) }
      const price = catalogued(backendType, model, atMs)
      if (!price?.card) return null
      const { providerId: provider, modelId, effectiveFrom, window } = price
      const rates = listRates(price.card)
      return { source: 'catalog', provider, model: modelId, rates, effectiveFrom, window, priceVersion }
    },
    modelsNamed: (name) => matchingModels(name, configured, catalogue),
    setOverrides(next) {
      configured = next
      configuredCard = readOverrides(next)
    },
  }
}

const fromConfig = {
  source: 'config',
  ...{ provider: null, model: null, effectiveFrom: null, window: null, priceVersion: null },
} as const

function providerCost(costUsd: number | undefined): Cost | null {
  if (costUsd === undefined || !Number.isFinite(costUsd) || costUsd < 0) return null
  const nanoUsd = Number(scaled(costUsd, 9))
  return Number.isSafeInteger(nanoUsd) ? { nanoUsd, parts: [], source: 'provider', priceVersion: null } : null
}
