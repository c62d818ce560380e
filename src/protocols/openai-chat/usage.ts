import { type Json, type JsonObject, numberAt, objectAt } from '../../core/json.ts'
import type { ReportedUsage } from '../../core/usage.ts'
import { filled } from '../substance.ts'
import { costUsd } from '../usage-cost.ts'
import { compactUsage } from '../usage-parts.ts'

/** Chat's `usage`, with the vendors' own places for the same; undefined when it is no usage. */
export function readChatUsage(usage: Json | undefined, serviceTier?: Json): ReportedUsage | undefined {
  const prompt = numberAt(usage, 'prompt_tokens')
  const completion = numberAt(usage, 'completion_tokens')
  if (prompt === undefined && completion === undefined) return undefined
  const used = usage as JsonObject
  const promptDetails = objectAt(used, 'prompt_tokens_details')
  const completionDetails = objectAt(used, 'completion_tokens_details')
  const reasoning = numberAt(completionDetails, 'reasoning_tokens') ?? numberAt(used, 'reasoning_tokens')
  const total = numberAt(used, 'total_tokens')
  return compactUsage({
    promptTokens: prompt,
    completionTokens: withReasoning(prompt, completion, reasoning, total),
    totalTokens: total,
    cachedTokens: numberAt(promptDetails, 'cached_tokens') ?? cachedElsewhere(used),
    cacheWriteTokens: numberAt(promptDetails, 'cache_write_tokens'),
    promptAudioTokens: numberAt(promptDetails, 'audio_tokens'),
    completionAudioTokens: numberAt(completionDetails, 'audio_tokens'),
    reasoningTokens: reasoning,
    serviceTier: filled(serviceTier),
    costUsd: costUsd(used),
  })
}

/** DeepSeek, Moonshot and Mistral have places of their own. */
function cachedElsewhere(usage: JsonObject): number | undefined {
  return (
    numberAt(usage, 'prompt_cache_hit_tokens') ??
    numberAt(usage, 'cached_tokens') ??
    numberAt(usage, 'num_cached_tokens')
  )
}

/** xAI leaves reasoning out of `completion_tokens`; its total shows it. */
function withReasoning(
  prompt: number | undefined,
  completion: number | undefined,
  reasoning: number | undefined,
  total: number | undefined,
): number | undefined {
  if (completion === undefined || !reasoning) return completion
  return total === (prompt ?? 0) + completion + reasoning ? completion + reasoning : completion
}
