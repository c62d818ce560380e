import { type JsonObject, numberAt, objectAt } from '../core/json.ts'

/** xAI counts money in ticks: its recorded answers cost list price at this many to the dollar. */
const ticksPerUsd = 1e10

/** What the provider itself says the call cost, in USD: OpenRouter, Perplexity, xAI. */
export function costUsd(usage: JsonObject): number | undefined {
  const cost = numberAt(usage, 'cost') ?? numberAt(objectAt(usage, 'cost'), 'total_cost')
  if (cost !== undefined) return cost
  const ticks = numberAt(usage, 'cost_in_usd_ticks')
  return ticks === undefined ? undefined : ticks / ticksPerUsd
}
