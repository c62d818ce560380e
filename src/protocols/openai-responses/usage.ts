import { type Json, numberAt, objectAt, stringAt } from '../../core/json.ts'
import type { ReportedUsage } from '../../core/usage.ts'
import { filled } from '../substance.ts'
import { costUsd } from '../usage-cost.ts'
import { compactUsage } from '../usage-parts.ts'

/** The usage of a `response` object; undefined when it has none yet. */
export function readResponseUsage(response: Json | undefined): ReportedUsage | undefined {
  const usage = objectAt(response, 'usage')
  const prompt = numberAt(usage, 'input_tokens')
  const completion = numberAt(usage, 'output_tokens')
  if (usage === undefined || (prompt === undefined && completion === undefined)) return undefined
  const inputDetails = objectAt(usage, 'input_tokens_details')
  const outputDetails = objectAt(usage, 'output_tokens_details')
  return compactUsage({
    promptTokens: prompt,
    completionTokens: completion,
    totalTokens: numberAt(usage, 'total_tokens'),
    cachedTokens: numberAt(inputDetails, 'cached_tokens'),
    cacheWriteTokens: numberAt(inputDetails, 'cache_write_tokens'),
    promptAudioTokens: numberAt(inputDetails, 'audio_tokens'),
    completionAudioTokens: numberAt(outputDetails, 'audio_tokens'),
    reasoningTokens: numberAt(outputDetails, 'reasoning_tokens'),
    serviceTier: filled(stringAt(response, 'service_tier')),
    costUsd: costUsd(usage),
  })
}
