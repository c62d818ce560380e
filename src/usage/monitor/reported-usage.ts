import type { ReportedUsage } from '../../core/usage.ts'
import type { BackendReportedUsage } from '../record/record.ts'

/** A report as records have it; absent parts are left out, and so are groups without any. */
export function reportedUsage(usage: ReportedUsage): BackendReportedUsage {
  const prompt = present({
    cached_tokens: usage.cachedTokens,
    cache_write_tokens: usage.cacheWriteTokens,
    cache_write_1h_tokens: usage.cacheWrite1hTokens,
    audio_tokens: usage.promptAudioTokens,
  })
  const completion = present({
    reasoning_tokens: usage.reasoningTokens,
    audio_tokens: usage.completionAudioTokens,
  })
  return {
    ...present({
      prompt_tokens: usage.promptTokens,
      completion_tokens: usage.completionTokens,
      total_tokens: usage.totalTokens ?? sum(usage.promptTokens, usage.completionTokens),
    }),
    ...(prompt && { prompt_tokens_details: prompt }),
    ...(completion && { completion_tokens_details: completion }),
    ...(usage.serviceTier !== undefined && { service_tier: usage.serviceTier }),
    ...(usage.costUsd !== undefined && { cost: usage.costUsd }),
  }
}

function sum(a: number | undefined, b: number | undefined): number | undefined {
  return a === undefined || b === undefined ? undefined : a + b
}

function present(values: Record<string, number | undefined>): Record<string, number> | undefined {
  let found: Record<string, number> | undefined
  for (const name in values) {
    const value = values[name]
    if (value === undefined) continue
    found ??= {}
    found[name] = value
  }
  return found
}
