import type { CostKind } from '../core/cost.ts'
import { scaled } from './decimal.ts'

/** What a million tokens cost, in pico-dollars: fine enough for every decimal rate that anyone publishes. */
export type PicoUsd = bigint

export const picoDigits = 12

/** One rate, and the dearer ones that take its place for the whole request when the prompt is longer. */
export interface Rate {
  base: PicoUsd
  /** Shortest first. */
  tiers: readonly { overPromptTokens: number; rate: PicoUsd }[]
}

/** A kind without a rate cannot be priced; one that is free has a rate of 0. */
export type RateCard = Readonly<Partial<Record<CostKind, Rate>>>

export function flatRate(usdPerMillion: number): Rate {
  return { base: scaled(usdPerMillion, picoDigits), tiers: [] }
}

export function rateFor(rate: Rate, promptTokens: number): PicoUsd {
  return rate.tiers.findLast(({ overPromptTokens }) => promptTokens > overPromptTokens)?.rate ?? rate.base
}

/** Whether a prompt is so long that another rate than the base applies. */
export function isLongContext(card: RateCard, promptTokens: number): boolean {
  return Object.values(card).some((rate) => rate.tiers.some((tier) => promptTokens > tier.overPromptTokens))
}
