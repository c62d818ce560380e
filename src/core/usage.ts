/**
 * What a provider reported, in one convention: `promptTokens` always includes cache reads and writes,
 * `completionTokens` includes reasoning (`spec/usage.md`). Absent parts were not reported.
 */
export interface ReportedUsage {
  promptTokens?: number
  completionTokens?: number
  totalTokens?: number
  cachedTokens?: number
  cacheWriteTokens?: number
  cacheWrite1hTokens?: number
  promptAudioTokens?: number
  completionAudioTokens?: number
  reasoningTokens?: number
  serviceTier?: string
  costUsd?: number
}
