import {
  arrayAt,
  isObject,
  type Json,
  type JsonObject,
  numberAt,
  objectAt,
  stringAt,
} from '../../core/json.ts'
import type { ReportedUsage } from '../../core/usage.ts'
import { filled } from '../substance.ts'
import { compactUsage } from '../usage-parts.ts'

/**
 * Anthropic's usage. Its `input_tokens` leave out what was read from and written to the cache; here the prompt
 * includes both, and all counts what a compaction used. Undefined when it names neither prompt nor completion.
 */
export function readMessageUsage(usage: Json | undefined): ReportedUsage | undefined {
  if (!isObject(usage)) return undefined
  const compactions = (arrayAt(usage, 'iterations') ?? []).filter(isCompaction)
  const all = (read: (from: Json) => number | undefined) =>
    compactions.reduce<number | undefined>((sum, one) => added(sum, read(one)), read(usage))
  const input = all((from) => numberAt(from, 'input_tokens'))
  const cached = all((from) => numberAt(from, 'cache_read_input_tokens'))
  const written = all(cacheWrites)
  const completion = all((from) => numberAt(from, 'output_tokens'))
  const knowsPrompt = input !== undefined || cached !== undefined || written !== undefined
  if (!knowsPrompt && completion === undefined) return undefined
  return compactUsage({
    promptTokens: knowsPrompt ? (input ?? 0) + (cached ?? 0) + (written ?? 0) : undefined,
    completionTokens: completion,
    totalTokens: undefined,
    cachedTokens: cached,
    cacheWriteTokens: written,
    cacheWrite1hTokens: all((from) =>
      numberAt(objectAt(from, 'cache_creation'), 'ephemeral_1h_input_tokens'),
    ),
    reasoningTokens: numberAt(objectAt(usage, 'output_tokens_details'), 'thinking_tokens'),
    serviceTier: filled(usage.service_tier),
  })
}

/** What the provider used to shorten the conversation: billed, and in no count but its own. */
function isCompaction(iteration: Json): boolean {
  return stringAt(iteration, 'type') === 'compaction'
}

function added(sum: number | undefined, more: number | undefined): number | undefined {
  return sum === undefined || more === undefined ? (sum ?? more) : sum + more
}

function cacheWrites(usage: Json): number | undefined {
  const written = numberAt(usage, 'cache_creation_input_tokens')
  if (written !== undefined) return written
  const parts = objectAt(usage, 'cache_creation')
  const short = numberAt(parts, 'ephemeral_5m_input_tokens')
  const long = numberAt(parts, 'ephemeral_1h_input_tokens')
  return short === undefined && long === undefined ? undefined : (short ?? 0) + (long ?? 0)
}

/** What is read of a usage. Nothing else is kept: a stream of ever new names must not pile up. */
const keysRead = [
  'input_tokens',
  'cache_read_input_tokens',
  'cache_creation_input_tokens',
  'cache_creation',
  'output_tokens',
  'output_tokens_details',
  'iterations',
  'service_tier',
] as const

/** What is known after a `message_delta`: its counts are cumulative and replace, what it leaves out stays. */
export function mergedUsage(known: JsonObject, newer: Json | undefined): JsonObject {
  if (!isObject(newer)) return known
  const merged = { ...known }
  for (const key of keysRead) if (newer[key] !== undefined && newer[key] !== null) merged[key] = newer[key]
  return merged
}
