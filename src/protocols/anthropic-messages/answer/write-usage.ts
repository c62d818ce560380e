import type { JsonObject } from '../../../core/json.ts'
import type { Lost } from '../../../core/losses.ts'
import type { ReportedUsage } from '../../../core/usage.ts'

/** What Anthropic calls the tiers that another provider may have served a request in. */
const tiers: ReadonlyMap<string, string> = new Map([
  ['default', 'standard'],
  ['standard', 'standard'],
  ['priority', 'priority'],
  ['batch', 'batch'],
])

/**
 * A usage in Anthropic's convention: `input_tokens` without what was read from or written to the cache. What is not
 * known is left out, but for the two counts that every client reads.
 */
export function writeUsage(usage: ReportedUsage | null): JsonObject {
  const { promptTokens = 0, completionTokens = 0, cachedTokens, cacheWriteTokens } = usage ?? {}
  const tier = tiers.get(usage?.serviceTier ?? '')
  return {
    input_tokens: Math.max(0, promptTokens - (cachedTokens ?? 0) - (cacheWriteTokens ?? 0)),
    ...(cacheWriteTokens !== undefined && { cache_creation_input_tokens: cacheWriteTokens }),
    ...(cachedTokens !== undefined && { cache_read_input_tokens: cachedTokens }),
    ...cacheCreation(usage),
    output_tokens: completionTokens,
    ...(usage?.reasoningTokens !== undefined && {
      output_tokens_details: { thinking_tokens: usage.reasoningTokens },
    }),
    ...(tier !== undefined && { service_tier: tier }),
  }
}

/** How long what was written stays, where the provider tells. */
function cacheCreation(usage: ReportedUsage | null): JsonObject {
  const { cacheWriteTokens = 0, cacheWrite1hTokens: long } = usage ?? {}
  if (long === undefined) return {}
  const short = Math.max(0, cacheWriteTokens - long)
  return { cache_creation: { ephemeral_5m_input_tokens: short, ephemeral_1h_input_tokens: long } }
}

/** Sound and the provider's own price have no field. */
export function loseUsageDetails(
  usage: ReportedUsage | null,
  lost: Lost<'answer', 'anthropic-messages'>,
): void {
  if (usage?.promptAudioTokens || usage?.completionAudioTokens || usage?.costUsd !== undefined) {
    lost.lose('answer_usage_details')
  }
}
