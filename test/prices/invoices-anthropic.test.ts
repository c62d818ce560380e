import { describe } from 'vitest'
import type { ReportedUsage } from '../../src/core/usage.ts'
import { asked, checkInvoices, tokens } from './invoice.ts'

const anthropic = (model: string, usage: ReportedUsage, at?: string) => asked('anthropic', model, usage, at)
const sonnet = 'claude-sonnet-4-5-20250929'

describe('Anthropic charges', () => {
  checkInvoices([
    // 15000×3 + 10000×0.30 + 5000×3.75 + 1000×15 = 45000 + 3000 + 18750 + 15000 = 81750 µ$
    [
      'cache reads and writes of five minutes',
      anthropic(sonnet, tokens(30_000, 1000, { cachedTokens: 10_000, cacheWriteTokens: 5000 })),
      81_750_000,
    ],
    // 15000×3 + 10000×0.30 + 5000×6 + 1000×15 = 45000 + 3000 + 30000 + 15000 = 93000 µ$
    [
      'writes of an hour at twice the input',
      anthropic(
        sonnet,
        tokens(30_000, 1000, { cachedTokens: 10_000, cacheWriteTokens: 5000, cacheWrite1hTokens: 5000 }),
      ),
      93_000_000,
    ],
    // 15000×3 + 10000×0.30 + 3000×3.75 + 2000×6 + 1000×15 = 45000 + 3000 + 11250 + 12000 + 15000 = 86250 µ$
    [
      'both kinds of writes in one request',
      anthropic(
        sonnet,
        tokens(30_000, 1000, { cachedTokens: 10_000, cacheWriteTokens: 5000, cacheWrite1hTokens: 2000 }),
      ),
      86_250_000,
    ],
    // 20000×30 + 10×75 = 600000 + 750 = 600750 µ$
    [
      'a prompt that is all written for an hour',
      anthropic(
        'claude-opus-4-1',
        tokens(20_000, 10, { cacheWriteTokens: 20_000, cacheWrite1hTokens: 20_000 }),
      ),
      600_750_000,
    ],
    // the same, though only the hour's part was reported
    [
      'an hour of which the sum of writes was left out',
      anthropic('claude-opus-4-1', tokens(20_000, 10, { cacheWrite1hTokens: 20_000 })),
      600_750_000,
    ],
    // 200000×3 + 1000×15 = 615000 µ$
    ['200,000 tokens at the short rate', anthropic(sonnet, tokens(200_000, 1000)), 615_000_000],
    // 250000×6 + 1000×22.50 = 1500000 + 22500 = 1522500 µ$
    ['250,000 tokens all at the long rate', anthropic(sonnet, tokens(250_000, 1000)), 1_522_500_000],
    // 50001×6 + 150000×0.60 + 1000×22.50 = 300006 + 90000 + 22500 = 412506 µ$
    [
      'a long prompt by all of it, cached or not',
      anthropic(sonnet, tokens(200_001, 1000, { cachedTokens: 150_000 })),
      412_506_000,
    ],
    // 250000×10 + 1000×37.50 = 2500000 + 37500 = 2537500 µ$
    [
      'long context before the surcharge fell away',
      anthropic('claude-opus-4-6', tokens(250_000, 1000), '2026-03-12T23:59:59Z'),
      2_537_500_000,
    ],
    // 250000×5 + 1000×25 = 1250000 + 25000 = 1275000 µ$
    [
      'long context after',
      anthropic('claude-opus-4-6', tokens(250_000, 1000), '2026-03-13T00:00:00Z'),
      1_275_000_000,
    ],
    // 2000×0.50 + 8000×0.05 + 1000×2.50 = 1000 + 400 + 2500 = 3900 µ$
    [
      'a batch at half, cache reads too',
      anthropic('claude-haiku-4-5', tokens(10_000, 1000, { cachedTokens: 8000, serviceTier: 'batch' })),
      3_900_000,
    ],
    // 1000×1 + 100×5 = 1500 µ$
    [
      'standard as it is',
      anthropic('claude-haiku-4-5', tokens(1000, 100, { serviceTier: 'standard' })),
      1_500_000,
    ],
    [
      'nothing known for capacity paid in advance',
      anthropic('claude-haiku-4-5', tokens(1000, 100, { serviceTier: 'priority' })),
      null,
    ],
    ['nothing known for an unknown model', anthropic('claude-9', tokens(1000, 100)), null],
  ])
})

describe('a report that contradicts itself', () => {
  checkInvoices([
    // reads cut to the prompt: 100×0.30 = 30 µ$
    ['cannot read more than the prompt', anthropic(sonnet, tokens(100, 0, { cachedTokens: 500 })), 30_000],
    // 80×0.30 + 20×3.75 = 24 + 75 = 99 µ$
    [
      'cannot write what the reads left no room for',
      anthropic(sonnet, tokens(100, 0, { cachedTokens: 80, cacheWriteTokens: 90 })),
      99_000,
    ],
    // 100×3 = 300 µ$
    ['has no negative parts', anthropic(sonnet, tokens(100, 0, { cachedTokens: -500 })), 300_000],
    ['has no price for a prompt that is no number', anthropic(sonnet, tokens(Number.NaN, 10)), null],
  ])
})
