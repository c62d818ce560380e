import type { Attempt } from './exchange.ts'
import type { ReportedUsage } from './usage.ts'

/** What has a rate of its own. `request` is charged once a call, per thousand of its unit elsewhere. */
export type CostKind =
  | 'input'
  | 'cache_read'
  | 'cache_write'
  | 'cache_write_1h'
  | 'output'
  | 'input_audio'
  | 'output_audio'
  | 'request'

/** One line of the arithmetic: tokens × USD per million tokens. */
export interface CostPart {
  kind: CostKind
  tokens: number
  usdPerMillion: number
}

/** Where rates came from, first choice first (`spec/usage.md`, Cost). */
export type CostSource = 'provider' | 'config' | 'catalog'

/** What something costs, in whole nano-dollars. `parts` is empty where the provider told the sum. */
export interface Cost {
  nanoUsd: number
  parts: readonly CostPart[]
  source: CostSource
  /** Names the catalogue that the rates are from; null where they are not from one. */
  priceVersion: string | null
}

/** What is to be priced: one attempt's tokens, at a model of a backend, at a moment. */
export interface PriceQuestion {
  backend: string
  backendType: string
  model: string
  /** `promptTokens` includes cache reads and writes, `completionTokens` reasoning. */
  usage: ReportedUsage
  /** Which price is in force; a service tier that was only asked for is in `usage.serviceTier` too. */
  atMs: number
}

/** Null: there is no price. Never 0 for an unknown one. */
export type PriceOf = (question: PriceQuestion) => Cost | null

const nanoPerUsd = 1e9

/** JSON and tables have dollars; exact below nine million. */
export function usdOf(nanoUsd: number): number {
  return nanoUsd / nanoPerUsd
}

/** Exact for every sum below four million dollars. */
export function nanoUsdOf(usd: number): number {
  return Math.round(usd * nanoPerUsd)
}

/** Null for unknown, and for a plan's: it bills no tokens. */
export function paidCost(
  attempt: Attempt,
  usage: ReportedUsage | null,
  atMs: number,
  priceOf: PriceOf,
): Cost | null {
  return attempt.billing === 'subscription' ? null : attemptCost(attempt, usage, atMs, priceOf)
}

/**
 * The cost of an attempt's tokens. A price of the configuration goes by the model that was asked for; in the catalogue
 * the name that the provider answered with is the more exact one.
 */
export function attemptCost(
  { backend, backendType, model, responseModel }: Attempt,
  usage: ReportedUsage | null,
  atMs: number,
  priceOf: PriceOf,
): Cost | null {
  if (usage === null) return null
  const at = (name: string | null) =>
    name === null ? null : priceOf({ backend, backendType, model: name, usage, atMs })
  const asked = at(model)
  if (asked !== null && asked.source !== 'catalog') return asked
  if (responseModel === model) return asked
  return at(responseModel) ?? asked
}
