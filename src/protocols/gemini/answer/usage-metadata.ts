import type { JsonObject } from '../../../core/json.ts'
import type { ReportedUsage } from '../../../core/usage.ts'

/** The parts of a usage that Gemini tells. */
export const geminiUsageParts = ['cachedTokens', 'reasoningTokens'] as const

/** `usageMetadata`, by the identity that Google's clients rely on: the total is prompt, candidates and thoughts. */
export function encodeUsageMetadata(usage: ReportedUsage): JsonObject {
  const prompt = usage.promptTokens ?? 0
  const completion = usage.completionTokens ?? 0
  const thoughts = Math.min(usage.reasoningTokens ?? 0, completion)
  return {
    promptTokenCount: prompt,
    candidatesTokenCount: completion - thoughts,
    ...(usage.reasoningTokens !== undefined && { thoughtsTokenCount: thoughts }),
    ...(usage.cachedTokens !== undefined && { cachedContentTokenCount: usage.cachedTokens }),
    totalTokenCount: prompt + completion,
  }
}
