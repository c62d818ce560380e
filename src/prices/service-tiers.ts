import type { CostKind } from '../core/cost.ts'
import { standardTiers, tierFactors } from './service-tier-data.ts'

/** What a service tier costs beside the standard one: a fraction, because some are thirds. */
export interface TierFactor {
  numerator: number
  denominator: number
  /** Kinds that have no known price on this tier. */
  unpriced?: readonly CostKind[]
}

const standard: TierFactor = { numerator: 1, denominator: 1 }

/**
 * The factor for what `usage.serviceTier` says. Null: the tier is not a standard one, and what it costs here is not
 * in the table (capacity paid in advance, a provider or model without a confirmed factor), so there is no price.
 */
export function tierFactor(
  provider: string,
  model: string,
  serviceTier: string | undefined,
  longContext: boolean,
): TierFactor | null {
  const name = (serviceTier ?? '')
    .trim()
    .toLowerCase()
    .replace(/^service_tier_/, '')
  if (standardTiers.has(name)) return standard
  const tier = ownMember(tierFactors[provider] ?? {}, name)
  if (tier === undefined || (longContext && tier.shortContextOnly)) return null
  if (tier.byModel === undefined) return { ...tier.factor, ...(tier.unpriced && { unpriced: tier.unpriced }) }
  return ownMember(tier.byModel, model) ?? null
}

function ownMember<T>(table: Readonly<Record<string, T>>, name: string): T | undefined {
  return Object.hasOwn(table, name) ? table[name] : undefined
}
