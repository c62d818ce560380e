import { describe } from 'vitest'
import type { ReportedUsage } from '../../src/core/usage.ts'
import { asked, checkInvoices, tokens } from './invoice.ts'

const openai = (model: string, usage: ReportedUsage, at?: string) => asked('openai', model, usage, at)

describe('OpenAI charges', () => {
  checkInvoices([
    // 1000×2.50 + 500×10 = 2500 + 5000 = 7500 µ$
    ['input and output', openai('gpt-4o', tokens(1000, 500)), 7_500_000],
    // 2000×2.50 + 8000×1.25 + 1000×10 = 5000 + 10000 + 10000 = 25000 µ$
    ['cache reads at half', openai('gpt-4o', tokens(10_000, 1000, { cachedTokens: 8000 })), 25_000_000],
    // 2000×1.25 + 3000×10 = 2500 + 30000 = 32500 µ$
    [
      'reasoning as a part of the output',
      openai('gpt-5', tokens(2000, 3000, { reasoningTokens: 2500 })),
      32_500_000,
    ],
    // 1×1.25 + 1×10 = 11.25 µ$
    ['a single token under a dated name', openai('gpt-5-2025-08-07', tokens(1, 1)), 11_250],
    // 1000×2 = 2000 µ$
    ['a date written without hyphens', openai('gpt-4.1-20250414', tokens(1000, 0)), 2_000_000],
    // 8000×0.02 = 160 µ$
    [
      'embeddings, which report no completion',
      openai('text-embedding-3-small', { promptTokens: 8000 }),
      160_000,
    ],
    // 200×2.50 + 1000×32 + 100×10 + 500×64 = 500 + 32000 + 1000 + 32000 = 65500 µ$
    [
      'audio in and out at its own rates',
      openai('gpt-audio', tokens(1200, 600, { promptAudioTokens: 1000, completionAudioTokens: 500 })),
      65_500_000,
    ],
    // 1000×2.50 = 2500 µ$; the catalogue has no audio rate for it, and audio is dearer.
    [
      'text of an audio model without an audio rate',
      openai('gpt-4o-audio-preview', tokens(1000, 0)),
      2_500_000,
    ],
    [
      'no price for its audio',
      openai('gpt-4o-audio-preview', tokens(1000, 0, { promptAudioTokens: 10 })),
      null,
    ],
    // 1000×10 + 1000×40 = 50000 µ$
    ['o3 before its price fell', openai('o3', tokens(1000, 1000), '2025-06-09T23:59:59.999Z'), 50_000_000],
    // 1000×2 + 1000×8 = 10000 µ$
    ['o3 from the day it fell', openai('o3', tokens(1000, 1000), '2025-06-10T00:00:00Z'), 10_000_000],
    // 6000×5 + 4000×6.25 + 1000×30 = 30000 + 25000 + 30000 = 85000 µ$
    [
      'cache writes',
      openai('gpt-5.6-sol', tokens(10_000, 1000, { cacheWriteTokens: 4000 }), '2026-08-20T12:00:00Z'),
      85_000_000,
    ],
    // 6000×4 + 4000×5 + 1000×20 = 24000 + 20000 + 20000 = 64000 µ$
    [
      'cache writes at the price of the day after',
      openai('gpt-5.6-sol', tokens(10_000, 1000, { cacheWriteTokens: 4000 }), '2026-08-21T00:00:00Z'),
      64_000_000,
    ],
    // 271999×2.50 + 1000×15 = 679997.5 + 15000 = 694997.5 µ$
    ['the last token of the short context', openai('gpt-5.4', tokens(271_999, 1000)), 694_997_500],
    // 272000×5 + 1000×22.50 = 1360000 + 22500 = 1382500 µ$
    ['one token more: all of it at the long rate', openai('gpt-5.4', tokens(272_000, 1000)), 1_382_500_000],
    // 1000×1.25 + 1000×10 = 11250 µ$
    ["a plan's exchange at its list price", asked('chatgpt', 'gpt-5', tokens(1000, 1000)), 11_250_000],
    // 1000×2.50 + 500×10 = 7500 µ$
    ["Azure's models as OpenAI's", asked('azure', 'gpt-4o', tokens(1000, 500)), 7_500_000],
    ['no price for pictures', openai('gpt-image-1', tokens(1000, 1000)), null],
    ['no price for a model it does not know', openai('gpt-99-turbo', tokens(1000, 1000)), null],
    ['no price without a prompt', openai('gpt-4o', { completionTokens: 5 }), null],
    // 700×2.50 + 300×10 = 1750 + 3000 = 4750 µ$
    [
      'a prompt known from the total',
      openai('gpt-4o', { completionTokens: 300, totalTokens: 1000 }),
      4_750_000,
    ],
  ])
})

describe("OpenAI's service tiers charge", () => {
  const tier = (serviceTier: string) => ({ serviceTier })
  checkInvoices([
    // 6000×0.625 + 4000×0.0625 + 2000×5 = 3750 + 250 + 10000 = 14000 µ$
    [
      'flex: half, cache reads too',
      openai('gpt-5', tokens(10_000, 2000, { cachedTokens: 4000, serviceTier: 'flex' })),
      14_000_000,
    ],
    // 1000000×0.075 + 100000×0.30 = 75000 + 30000 = 105000 µ$
    ['batch: half', openai('gpt-4o-mini', tokens(1_000_000, 100_000, tier('batch'))), 105_000_000],
    // 10000×2.50 + 1000×20 = 45000 µ$
    ['priority: double', openai('gpt-5', tokens(10_000, 1000, tier('priority'))), 45_000_000],
    // 3000×0.25 + 300×1 = 1050 µ$
    ['priority by model: five thirds', openai('gpt-4o-mini', tokens(3000, 300, tier('priority'))), 1_050_000],
    // 600×0.45 + 400×0.045 + 100×3.60 = 270 + 18 + 360 = 648 µ$
    [
      'priority by model: nine fifths',
      openai('gpt-5-mini', tokens(1000, 100, { cachedTokens: 400, serviceTier: 'priority' })),
      648_000,
    ],
    // 1000×0.40 + 100×2.40 = 640 µ$
    ['fast, the new name of priority', openai('gpt-5.6-luna', tokens(1000, 100, tier('fast'))), 640_000],
    // 1000×2.50 + 500×10 = 7500 µ$
    ['default: as without', openai('gpt-4o', tokens(1000, 500, tier('default'))), 7_500_000],
    // 1000×2.50 + 500×10 = 7500 µ$
    [
      'auto, when only what was asked for is known',
      openai('gpt-4o', tokens(1000, 500, tier('auto'))),
      7_500_000,
    ],
    ['nothing for priority on a long context', openai('gpt-5.4', tokens(272_000, 1, tier('priority'))), null],
    ['nothing for priority without a factor', openai('gpt-3.5-turbo', tokens(10, 1, tier('priority'))), null],
    ['nothing for capacity paid in advance', openai('gpt-4o', tokens(10, 1, tier('scale'))), null],
    ['nothing for a tier nobody knows', openai('gpt-4o', tokens(10, 1, tier('ultrafast'))), null],
    ['nothing for a name of every object', openai('gpt-4o', tokens(10, 1, tier('constructor'))), null],
    ['nothing for a tier on Azure', asked('azure', 'gpt-4o', tokens(10, 1, tier('priority'))), null],
  ])
})
