import type { CostKind } from '../core/cost.ts'

interface Fraction {
  numerator: number
  denominator: number
}

/** One factor for every model of a provider, or one for each that has one. */
type PricedTier = {
  /** Kinds for which no factor could be confirmed; a request with such tokens has no price. */
  unpriced?: readonly CostKind[]
  /** Not sold for prompts that take a long-context rate. */
  shortContextOnly?: boolean
} & ({ factor: Fraction; byModel?: never } | { byModel: Readonly<Record<string, Fraction>> })

/** What providers call their standard service, and what a client asks for to leave the choice to them. */
export const standardTiers: ReadonlySet<string> = new Set([
  ...['', 'default', 'auto', 'standard', 'standard_only', 'on_demand', 'unspecified'],
])

// Every factor below was seen on 2026-11-26 in a stored copy of what is named beside it. What could not be
// confirmed is left out on purpose. "LiteLLM" is its model_prices_and_context_window.json.

const half = { numerator: 1, denominator: 2 }
const double = { numerator: 2, denominator: 1 }
const nineFifths = { numerator: 9, denominator: 5 }

// openai.com/api-priority-processing and openai.com/api-fast-mode, its name since 2026-07-30: "excludes long
// context". Its prices over the catalogue's, in the catalogue's model names: GPT-5.6 Terra 4/2, Luna 0.40/0.20,
// GPT-5.5 12.50/5, GPT-5.4 5/2.50, GPT-5 mini 0.45/0.25, GPT-4.1 3.50/2. GPT-5.6 Sol there is 10, twice the 5 of
// before its price fell on 2026-08-21. GPT-4o (4.25/2.50) and GPT-4o mini (0.25/0.15) by LiteLLM.
const openaiPriority: PricedTier = {
  shortContextOnly: true,
  byModel: {
    'gpt-5.6-sol': double,
    'gpt-5.6-terra': double,
    'gpt-5.6-luna': double,
    'gpt-5.5': { numerator: 5, denominator: 2 },
    'gpt-5.4': double,
    'gpt-5.4-mini': double,
    'gpt-5.2': double,
    'gpt-5.1': double,
    'gpt-5': double,
    'gpt-5-mini': nineFifths,
    'gpt-4.1': { numerator: 7, denominator: 4 },
    'gpt-4o': { numerator: 17, denominator: 10 },
    'gpt-4o-mini': { numerator: 5, denominator: 3 },
  },
}

/** By the catalogue's provider and the tier's name in answers. What is not here has no price on that tier. */
export const tierFactors: Readonly<Record<string, Readonly<Record<string, PricedTier>>>> = {
  openai: {
    // developers.openai.com/api/docs/guides/flex-processing: "priced at Batch API rates, with additional discounts
    // from prompt caching"; half, cache reads too: LiteLLM (gpt-5, gpt-5.6-luna).
    flex: { factor: half },
    batch: { factor: half },
    priority: openaiPriority,
    fast: openaiPriority,
    // `scale` is capacity paid in advance: no price per token.
  },
  anthropic: {
    // dev.to/neverpaytwice/claude-batch-api-half-price-if-you-can-wait-ecg, of Anthropic's batch page: half on
    // input, output, cache writes and cache reads.
    batch: { factor: half },
    // `priority` is a commitment paid in advance (platform.claude.com/docs/en/api/service-tiers): no list price.
  },
  google: {
    // ai.google.dev/gemini-api/docs/optimization: half; nothing there on what a batch reads from a cache.
    batch: { factor: half, unpriced: ['cache_read'] },
    // The same page; cache reads too: LiteLLM (gemini-3.1-flash-lite).
    flex: { factor: half },
    // The same page has "75% to 100% more"; LiteLLM 1.8 for these, cache reads too, and other things for others.
    priority: {
      byModel: {
        'gemini-3-flash-preview': nineFifths,
        'gemini-3-pro-preview': nineFifths,
        'gemini-3.1-flash-lite': nineFifths,
        'gemini-3.1-pro-preview': nineFifths,
        'gemini-3.5-flash': nineFifths,
      },
    },
  },
  groq: {
    // console.groq.com/docs/flex-processing: "Pricing matches the on-demand tier."
    flex: { factor: { numerator: 1, denominator: 1 } },
    // `performance` is by contract.
  },
}
