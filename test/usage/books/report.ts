import type { BackendReportedUsage } from '../../../src/usage/record/record.ts'
import type { BookLine } from './books.ts'

/** What the provider reported, in the ledger's one convention: the prompt with its cache, the completion with its thoughts. */
export function reportOf({ protocol, amounts, told, flex }: BookLine): BackendReportedUsage | null {
  if (amounts === null || told === 'nothing') return null
  const { fresh, cacheRead, cacheWrite, cacheWriteHour, visible, reasoning, nanoUsd } = amounts
  const prompt = fresh + cacheRead + cacheWrite + cacheWriteHour
  const isAnthropic = protocol === 'anthropic-messages'
  const all = told === 'all'
  return {
    prompt_tokens: prompt,
    ...(all && { completion_tokens: visible + reasoning, total_tokens: prompt + visible + reasoning }),
    prompt_tokens_details: {
      cached_tokens: cacheRead,
      ...(isAnthropic && {
        cache_write_tokens: cacheWrite + cacheWriteHour,
        cache_write_1h_tokens: cacheWriteHour,
      }),
    },
    // Anthropic tells no thoughts apart.
    ...(all && !isAnthropic && { completion_tokens_details: { reasoning_tokens: reasoning } }),
    ...(protocol !== 'gemini' && { service_tier: isAnthropic ? 'standard' : flex ? 'flex' : 'default' }),
    ...(nanoUsd !== undefined && protocol === 'openai-chat' && { cost: nanoUsd / 1e9 }),
  }
}
