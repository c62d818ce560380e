import type { JsonObject } from '../../core/json.ts'
import type { ReportedUsage } from '../../core/usage.ts'

/** The parts of a usage that chat tells. */
export const chatUsageParts = [
  ...(['cachedTokens', 'cacheWriteTokens', 'promptAudioTokens'] as const),
  ...(['reasoningTokens', 'completionAudioTokens', 'serviceTier'] as const),
]

/** Chat's `usage`; what was not reported is left out, but the three counts that every client reads. */
export function encodeChatUsage(usage: ReportedUsage): JsonObject {
  const prompt = usage.promptTokens ?? 0
  const completion = usage.completionTokens ?? 0
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
    prompt_tokens: prompt,
    completion_tokens: completion,
    total_tokens: usage.totalTokens ?? prompt + completion,
    ...(promptDetails && { prompt_tokens_details: promptDetails }),
    ...(completionDetails && { completion_tokens_details: completionDetails }),
  }
}

function known(details: Record<string, number | undefined>): JsonObject | undefined {
  const entries = Object.entries(details).filter(([, value]) => value !== undefined)
  return entries.length === 0 ? undefined : Object.fromEntries(entries)
}
