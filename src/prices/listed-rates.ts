import type { CostKind, CostSource } from '../core/cost.ts'
import { picoDigits, type RateCard } from './rate-card.ts'
import type { TimeWindow } from './time-window.ts'

/** A model's rates as `usage prices` shows them, at the standard service tier. */
export interface ListedRates {
  source: Exclude<CostSource, 'provider'>
  /** The catalogue's names; null for a price of the config. */
  provider: string | null
  model: string | null
  rates: readonly ListedRate[]
  /** The day it is in force from, where the catalogue tells. */
  effectiveFrom: string | null
  /** The part of each day it is in force in, where there are several. */
  window: TimeWindow | null
  priceVersion: string | null
}

export interface ListedRate {
  kind: CostKind
  usdPerMillion: number
  /** Dearer rates for the whole of a request with a longer prompt. */
  tiers: readonly { overPromptTokens: number; usdPerMillion: number }[]
}

export function listRates(card: RateCard): ListedRate[] {
  return Object.entries(card).map(([kind, rate]) => ({
    kind: kind as CostKind,
    usdPerMillion: usdOfPico(rate.base),
    tiers: rate.tiers.map((tier) => ({
      overPromptTokens: tier.overPromptTokens,
      usdPerMillion: usdOfPico(tier.rate),
    })),
  }))
}

function usdOfPico(picoUsd: bigint): number {
  return Number(picoUsd) / 10 ** picoDigits
}
