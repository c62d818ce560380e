import type { CorpusExchange } from '../../support/corpus.ts'
import { sseBlocks } from '../../support/sse-text.ts'

/** What a provider's JSON says of tokens, in the ledger's words; what it does not say is left out. */
export interface Reported {
  prompt_tokens?: number
  completion_tokens?: number
  total_tokens?: number
  prompt_tokens_details?: Partial<
    Record<'cached_tokens' | 'cache_write_tokens' | 'cache_write_1h_tokens' | 'audio_tokens', number>
  >
  completion_tokens_details?: Partial<Record<'reasoning_tokens' | 'audio_tokens', number>>
  service_tier?: string
  cost?: number
}

// biome-ignore lint/suspicious/noExplicitAny: providers' JSON, read as it is written in their documentation.
export type Any = any

/** Read straight off the recorded answer; null: it reports nothing. */
export function reportedIn(recorded: CorpusExchange): Reported | null {
  const documents = documentsOf(recorded.response.body)
  switch (recorded.protocol) {
    case 'anthropic-messages':
      return anthropic(documents)
    case 'gemini':
      return gemini(documents)
    case 'openai-chat':
      return chat(documents)
    case 'openai-responses':
      return responses(documents)
  }
}

/** A whole answer is one document, a stream one for each event; what is not JSON is none. */
export function documentsOf(body: string): Any[] {
  const whole = parsed(body)
  if (whole !== undefined) return Array.isArray(whole) ? whole : [whole]
  return sseBlocks(body).flatMap(({ data }) => {
    const document = parsed(data)
    return document === undefined ? [] : [document]
  })
}

function parsed(text: string): Any {
  try {
    const value = JSON.parse(text)
    return typeof value === 'object' && value !== null ? value : undefined
  } catch {
    return undefined
  }
}

/**
 * `input_tokens` is what was neither read from nor written to the cache. A stream tells of the prompt in
 * `message_start` and of the whole in `message_delta`, whose numbers are cumulative. What a compaction used is in
 * `iterations` only, and is billed beside the rest (Anthropic's page on compaction, "Understanding usage").
 */
function anthropic(documents: Any[]): Reported | null {
  const usages = documents.flatMap((one) => [one.message?.usage, one.usage]).filter(Boolean)
  if (usages.length === 0) return null
  const usage: Any = {}
  for (const told of usages)
    for (const [key, value] of Object.entries(told)) if (value != null) usage[key] = value
  const compactions = (usage.iterations ?? []).filter((one: Any) => one.type === 'compaction')
  const sum = (key: string) =>
    compactions.reduce((all: number, one: Any) => all + (one[key] ?? 0), usage[key] ?? 0)
  const longWrites = (of: Any) => of.cache_creation?.ephemeral_1h_input_tokens
  const read = usage.cache_read_input_tokens === undefined ? undefined : sum('cache_read_input_tokens')
  const written =
    usage.cache_creation_input_tokens === undefined ? undefined : sum('cache_creation_input_tokens')
  const prompt = sum('input_tokens') + (read ?? 0) + (written ?? 0)
  return told({
    prompt,
    completion: sum('output_tokens'),
    cached: read,
    written,
    writtenLong:
      longWrites(usage) === undefined
        ? undefined
        : compactions.reduce((all: number, one: Any) => all + (longWrites(one) ?? 0), longWrites(usage)),
    reasoning: usage.output_tokens_details?.thinking_tokens,
    tier: usage.service_tier,
  })
}

/** The last `usageMetadata` counts. Thoughts and what tools put into the prompt stand beside the other counts. */
function gemini(documents: Any[]): Reported | null {
  const usage = documents.map((one) => one.usageMetadata).findLast((one) => one?.promptTokenCount)
  if (!usage) return null
  const audio = (details: Any) =>
    (details ?? []).find((one: Any) => one.modality === 'AUDIO')?.tokenCount as number | undefined
  return told({
    prompt: usage.promptTokenCount + (usage.toolUsePromptTokenCount ?? 0),
    completion: (usage.candidatesTokenCount ?? 0) + (usage.thoughtsTokenCount ?? 0),
    cached: usage.cachedContentTokenCount,
    promptAudio: audio(usage.promptTokensDetails),
    reasoning: usage.thoughtsTokenCount,
    completionAudio: audio(usage.candidatesTokensDetails),
    tier: usage.serviceTier,
  })
}

/** On the last chunk that has it, or where Groq puts it. */
function chat(documents: Any[]): Reported | null {
  const usage = documents.map((one) => one.usage ?? one.x_groq?.usage).findLast(Boolean)
  if (!usage) return null
  const cached = [
    usage.prompt_tokens_details?.cached_tokens,
    usage.prompt_cache_hit_tokens,
    usage.cached_tokens,
    usage.num_cached_tokens,
  ].find((tokens) => tokens != null)
  const reasoning = usage.completion_tokens_details?.reasoning_tokens ?? usage.reasoning_tokens
  // xAI and others count thoughts beside the completion: their total says so.
  const isBeside = usage.total_tokens === usage.prompt_tokens + usage.completion_tokens + reasoning
  return told({
    prompt: usage.prompt_tokens,
    completion: usage.completion_tokens + (isBeside ? reasoning : 0),
    cached,
    written: usage.prompt_tokens_details?.cache_write_tokens,
    promptAudio: usage.prompt_tokens_details?.audio_tokens,
    reasoning,
    completionAudio: usage.completion_tokens_details?.audio_tokens,
    tier: documents.map((one) => one.service_tier).findLast(Boolean),
    cost: costOf(usage),
  })
}

/** In the `response` of the last event, or the answer itself. */
function responses(documents: Any[]): Reported | null {
  const response = documents.map((one) => one.response ?? one).findLast((one) => one?.usage)
  if (!response) return null
  const { usage } = response
  return told({
    prompt: usage.input_tokens,
    completion: usage.output_tokens,
    cached: usage.input_tokens_details?.cached_tokens,
    written: usage.input_tokens_details?.cache_write_tokens,
    reasoning: usage.output_tokens_details?.reasoning_tokens,
    tier: response.service_tier ?? undefined,
    cost: costOf(usage),
  })
}

/** OpenRouter a number, Perplexity parts with their sum, xAI ticks of a ten-billionth of a dollar. */
function costOf(usage: Any): number | undefined {
  if (typeof usage.cost === 'number') return usage.cost
  return (
    usage.cost?.total_cost ?? (usage.cost_in_usd_ticks == null ? undefined : usage.cost_in_usd_ticks / 1e10)
  )
}

type Parts = { prompt: number; completion: number } & Partial<
  Record<
    'cached' | 'written' | 'writtenLong' | 'promptAudio' | 'reasoning' | 'completionAudio' | 'cost',
    number | null | undefined
  >
> & { tier?: string | null | undefined }

function told(parts: Parts): Reported {
  const said = (values: Record<string, number | null | undefined>) => {
    const known = Object.entries(values).filter(([, value]) => value != null)
    return known.length === 0 ? undefined : (Object.fromEntries(known) as Record<string, number>)
  }
  const prompt = said({
    cached_tokens: parts.cached,
    cache_write_tokens: parts.written,
    cache_write_1h_tokens: parts.writtenLong,
    audio_tokens: parts.promptAudio,
  })
  const completion = said({ reasoning_tokens: parts.reasoning, audio_tokens: parts.completionAudio })
  return {
    prompt_tokens: parts.prompt,
    completion_tokens: parts.completion,
    total_tokens: parts.prompt + parts.completion,
    ...(prompt && { prompt_tokens_details: prompt }),
    ...(completion && { completion_tokens_details: completion }),
    ...(parts.tier && { service_tier: parts.tier }),
    ...(parts.cost != null && { cost: parts.cost }),
  }
}
