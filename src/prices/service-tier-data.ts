import type { CostKind } from '../core/cost.ts'

interface Fraction {
  numerator: number
  denominator: number
}

/** One factor for every model of a provider, or one for each that has one. */
type PricedTier = {
  /** Kinds that the factor leaves alone. */
  exempt?: readonly CostKind[]
  /** Not sold for prompts that take a long-context rate. */
  shortContextOnly?: boolean
} & ({ factor: Fraction; byModel?: never } | { byModel: Readonly<Record<string, Fraction>> })

/** What providers call their standard service, and what a client asks for to leave the choice to them. */
export const standardTiers: ReadonlySet<string> = new Set([
  ...['', 'default', 'auto', 'standard', 'standard_only', 'on_demand', 'unspecified'],
])

const half = { numerator: 1, denominator: 2 }
const double = { numerator: 2, denominator: 1 }
const sevenQuarters = { numerator: 7, denominator: 4 }

// openai.com/api-priority-processing and openai.com/api-fast-mode (its name since 2026-07-30), read 2026-11.
// Table prices over standard ones, in the catalogue's model names: GPT-5.5 12.50/5, GPT-5 mini 0.45/0.25,
// GPT-4.1 3.50/2, GPT-4o 4.25/2.50, GPT-4o mini 0.25/0.15, o4-mini 2/1.10. "Excludes long context."
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
    'gpt-5-mini': { numerator: 9, denominator: 5 },
    'gpt-4.1': sevenQuarters,
    'gpt-4.1-mini': sevenQuarters,
    'gpt-4.1-nano': double,
    'gpt-4o': { numerator: 17, denominator: 10 },
    'gpt-4o-mini': { numerator: 5, denominator: 3 },
    o3: sevenQuarters,
    'o4-mini': { numerator: 20, denominator: 11 },
  },
}

/** By the catalogue's provider and the tier's name in answers. What is not here has no price on that tier. */
export const tierFactors: Readonly<Record<string, Readonly<Record<string, PricedTier>>>> = {
  openai: {
    // developers.openai.com/api/docs/pricing, columns Flex and Batch, read 2026-11: half, cached input too.
    flex: { factor: half },
    batch: { factor: half },
    priority: openaiPriority,
    fast: openaiPriority,
    // `scale` is capacity paid in advance: no price per token.
  },
  anthropic: {
    // platform.claude.com/docs/en/build-with-claude/batch-processing, read 2026-11: half, on top of cache rates.
    batch: { factor: half },
    // `priority` is a commitment paid in advance (platform.claude.com/docs/en/api/service-tiers): no list price.
  },
  google: {
    // ai.google.dev/gemini-api/docs/optimization and /batch-api, read 2026-11: half; what a batch reads from a
    // cache costs as much as outside one.
    batch: { factor: half, exempt: ['cache_read'] },
    flex: { factor: half },
    // ai.google.dev/gemini-api/docs/pricing, column Priority, read 2026-11: 1.8 on every model listed there
    // (3.5 Flash 2.70/1.50, 3.1 Pro 3.60/2).
    priority: { factor: { numerator: 9, denominator: 5 } },
  },
  groq: {
    // console.groq.com/docs/flex-processing, read 2026-11: "Pricing matches the on-demand tier."
    flex: { factor: { numerator: 1, denominator: 1 } },
    // `performance` is by contract.
  },
}
