import type { JsonObject } from '../../../core/json.ts'
import type { ReportedUsage } from '../../../core/usage.ts'
import type { ChatAnswerLost } from './answer-fields.ts'

/** Chat's `usage`; what was not reported is left out, and a report of nothing is none. */
export function encodeChatUsage(usage: ReportedUsage | null): JsonObject | undefined {
  if (usage === null) return undefined
  const counts = known({
    prompt_tokens: usage.promptTokens,
    completion_tokens: usage.completionTokens,
    total_tokens: usage.totalTokens ?? total(usage),
  })
  if (counts === undefined) return undefined
  const promptDetails = known({
    cached_tokens: usage.cachedTokens,
    cache_write_tokens: usage.cacheWriteTokens,
    audio_tokens: usage.promptAudioTokens,
  })
  const completionDetails = known({
    reasoning_tokens: usage.reasoningTokens,
    audio_tokens: usage.completionAudioTokens,
  })
  return {
    ...counts,
    ...(promptDetails && { prompt_tokens_details: promptDetails }),
    ...(completionDetails && { completion_tokens_details: completionDetails }),
  }
}

/** How long the cache is kept, and the provider's own price, have no field. */
export function loseUsageDetails(usage: ReportedUsage | null, lost: ChatAnswerLost): void {
  if (usage?.cacheWrite1hTokens || usage?.costUsd !== undefined) lost.lose('answer_usage_details')
}

function total({ promptTokens, completionTokens }: ReportedUsage): number | undefined {
  return promptTokens === undefined || completionTokens === undefined
    ? undefined
    : promptTokens + completionTokens
}

function known(counts: Record<string, number | undefined>): JsonObject | undefined {
  const entries = Object.entries(counts).filter(([, value]) => value !== undefined)
  return entries.length === 0 ? undefined : Object.fromEntries(entries)
}
