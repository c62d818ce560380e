import type { HeaderPairs } from '../core/http.ts'
import { countIn, resetAtMs } from './quota-values.ts'

const quotaNames = ['requests', 'tokens', 'input_tokens', 'output_tokens', '5h', '7d'] as const

export type QuotaName = (typeof quotaNames)[number]

/** How much of a limit is left, as an answer's headers say it; null where they do not. */
export interface Quota {
  name: QuotaName
  limit: number | null
  remaining: number | null
  /** From 0 (nothing used) to 1. */
  usedRatio: number | null
  resetsAtMs: number | null
}

/** The headers that say one limit. */
interface CountedLimit {
  name: QuotaName
  limit: string
  remaining: string
  reset: string
}

/** `anthropic-ratelimit-…`, in RFC 3339 [Anthropic, API reference, rate limits]. */
function anthropicLimit(name: QuotaName, kind: string): CountedLimit {
  const of = (part: string) => `anthropic-ratelimit-${kind}-${part}`
  return { name, limit: of('limit'), remaining: of('remaining'), reset: of('reset') }
}

/** `x-ratelimit-…`, as OpenAI began it. */
function openAiLimit(name: QuotaName, kind: string): CountedLimit {
  const of = (part: string) => `x-ratelimit-${part}-${kind}`
  return { name, limit: of('limit'), remaining: of('remaining'), reset: of('reset') }
}

/** In the order of trust: the first that says something of a name has it. */
const countedLimits: readonly CountedLimit[] = [
  anthropicLimit('requests', 'requests'),
  anthropicLimit('tokens', 'tokens'),
  anthropicLimit('input_tokens', 'input-tokens'),
  anthropicLimit('output_tokens', 'output-tokens'),
  // OpenAI, Groq, xAI [their rate limit guides]; Azure without reset, sometimes without limit [recorded].
  openAiLimit('requests', 'requests'),
  openAiLimit('tokens', 'tokens'),
  openAiLimit('input_tokens', 'input-tokens'),
  openAiLimit('output_tokens', 'output-tokens'),
  // Fireworks counts both sides apart, without reset.
  openAiLimit('input_tokens', 'tokens-prompt'),
  openAiLimit('output_tokens', 'tokens-generated'),
  // Mistral and Cerebras name the period as well.
  openAiLimit('requests', 'req-minute'),
  openAiLimit('requests', 'requests-minute'),
  openAiLimit('requests', 'requests-day'),
  openAiLimit('tokens', 'tokens-minute'),
  {
    name: 'tokens',
    limit: 'x-ratelimitbysize-limit-minute',
    remaining: 'x-ratelimitbysize-remaining-minute',
    reset: 'ratelimitbysize-reset',
  },
  // Together in seconds, OpenRouter in milliseconds since 1970.
  {
    name: 'requests',
    limit: 'x-ratelimit-limit',
    remaining: 'x-ratelimit-remaining',
    reset: 'x-ratelimit-reset',
  },
  {
    name: 'tokens',
    limit: 'x-tokenlimit-limit',
    remaining: 'x-tokenlimit-remaining',
    reset: 'x-tokenlimit-reset',
  },
]

/**
 * What an answer says of its sender's limits, in a fixed order and each name once. What cannot be true or is said
 * twice, each time otherwise, is left out; nothing is thrown.
 */
export function quotaIn(headers: HeaderPairs, answeredAtMs: number): Quota[] {
  const said = new Said(headers)
  if (said.isEmpty) return []
  const found = new Map<QuotaName, Quota>()
  const add = (quota: Quota | null) => {
    if (quota !== null && !found.has(quota.name)) found.set(quota.name, quota)
  }
  for (const limit of countedLimits) add(countedQuota(said, limit, answeredAtMs))
  add(anthropicPlan(said, '5h', answeredAtMs))
  add(anthropicPlan(said, '7d', answeredAtMs))
  add(codexPlan(said, 'primary', answeredAtMs))
  add(codexPlan(said, 'secondary', answeredAtMs))
  return quotaNames.flatMap((name) => found.get(name) ?? [])
}

/** The headers that may be about limits. */
class Said {
  readonly #values = new Map<string, string | null>()

  constructor(headers: HeaderPairs) {
    for (const [name, value] of headers) {
      if (!name.includes('limit') && !name.startsWith('x-codex-')) continue
      const before = this.#values.get(name)
      const text = value.trim()
      this.#values.set(name, before === undefined || before === text ? text : null)
    }
  }

  get isEmpty(): boolean {
    return this.#values.size === 0
  }

  text(name: string): string | null {
    return this.#values.get(name) ?? null
  }
}

function countedQuota(said: Said, names: CountedLimit, answeredAtMs: number): Quota | null {
  const limit = countIn(said.text(names.limit))
  const remaining = countIn(said.text(names.remaining))
  if (limit === null && remaining === null) return null
  const usedRatio = limit === null || remaining === null ? null : usedOf(limit, remaining)
  const resetsAtMs = resetAtMs(said.text(names.reset), answeredAtMs)
  return { name: names.name, limit, remaining, usedRatio, resetsAtMs }
}

/** Of a limit of nothing, all is used. */
function usedOf(limit: number, remaining: number): number {
  return limit === 0 ? 1 : Math.max(0, 1 - remaining / limit)
}

/**
 * A window of a Claude plan: utilization from 0 to 1 and the reset in seconds since 1970, undocumented and as clients
 * have recorded them. A plan with paid overage goes above 1.
 */
function anthropicPlan(said: Said, name: '5h' | '7d', answeredAtMs: number): Quota | null {
  const of = (part: string) => said.text(`anthropic-ratelimit-unified-${name}-${part}`)
  const used = countIn(of('utilization'), 10) ?? (of('status') === 'rejected' ? 1 : null)
  return used === null ? null : planQuota(name, used, resetAtMs(of('reset'), answeredAtMs))
}

/**
 * A window of a ChatGPT plan [openai/codex, codex-api, rate_limits.rs]. Which of the two is which is for its length to
 * say; one of no length is none.
 */
function codexPlan(said: Said, slot: 'primary' | 'secondary', answeredAtMs: number): Quota | null {
  const of = (part: string) => said.text(`x-codex-${slot}-${part}`)
  const usedPercent = countIn(of('used-percent'), 1_000)
  const minutes = of('window-minutes')
  const name = minutes === null ? (slot === 'primary' ? '5h' : '7d') : windowName(countIn(minutes))
  if (usedPercent === null || name === null) return null
  const resetsAtMs =
    resetAtMs(of('reset-after-seconds'), answeredAtMs) ?? resetAtMs(of('reset-at'), answeredAtMs)
  return planQuota(name, usedPercent / 100, resetsAtMs)
}

/** Lengths come as 299 minutes as well as 300. */
function windowName(minutes: number | null): '5h' | '7d' | null {
  const isAbout = (length: number) => minutes !== null && Math.abs(minutes - length) <= length * 0.05
  if (isAbout(300)) return '5h'
  return isAbout(10_080) ? '7d' : null
}

function planQuota(name: '5h' | '7d', used: number, resetsAtMs: number | null): Quota {
  return { name, limit: null, remaining: null, usedRatio: Math.min(1, used), resetsAtMs }
}
