import { describe } from 'vitest'
import { asked, checkInvoices, tokens } from './invoice.ts'

describe('Gemini charges', () => {
  checkInvoices([
    // 1000×0.30 + 4000×1 + 200×2.50 = 300 + 4000 + 500 = 4800 µ$
    [
      'audio at its own rate',
      asked(
        'gemini',
        'gemini-2.5-flash',
        tokens(5000, 200, { promptAudioTokens: 4000, reasoningTokens: 150 }),
      ),
      4_800_000,
    ],
    // 1000×1.25 = 1250 µ$
    [
      'audio as text where there is one rate for both',
      asked('gemini', 'gemini-2.5-pro', tokens(1000, 0, { promptAudioTokens: 1000 })),
      1_250_000,
    ],
    // 250000×2.50 + 1000×15 = 625000 + 15000 = 640000 µ$
    ['over 200,000 tokens', asked('gemini', 'gemini-2.5-pro', tokens(250_000, 1000)), 640_000_000],
    // 50000×2.50 + 200000×0.25 + 1000×15 = 125000 + 50000 + 15000 = 190000 µ$
    [
      'over 200,000 tokens with cache reads',
      asked('gemini', 'gemini-2.5-pro', tokens(250_000, 1000, { cachedTokens: 200_000 })),
      190_000_000,
    ],
    // 10000×2.70 + 1000×16.20 = 27000 + 16200 = 43200 µ$
    [
      'priority',
      asked('gemini', 'gemini-3.5-flash', tokens(10_000, 1000, { serviceTier: 'priority' })),
      43_200_000,
    ],
    // 10000×0.75 + 1000×4.50 = 7500 + 4500 = 12000 µ$
    [
      'flex, as its API writes it',
      asked('gemini', 'gemini-3.5-flash', tokens(10_000, 1000, { serviceTier: 'SERVICE_TIER_FLEX' })),
      12_000_000,
    ],
    [
      'priority: unknown where sources disagree',
      asked('gemini', 'gemini-2.5-pro', tokens(10_000, 1000, { serviceTier: 'priority' })),
      null,
    ],
    // 10000×0.625 + 1000×5 = 6250 + 5000 = 11250 µ$
    [
      'a batch at half',
      asked('gemini', 'gemini-2.5-pro', tokens(10_000, 1000, { serviceTier: 'batch' })),
      11_250_000,
    ],
    [
      'a batch: unknown with cache reads',
      asked('gemini', 'gemini-2.5-pro', tokens(10_000, 1000, { cachedTokens: 6000, serviceTier: 'batch' })),
      null,
    ],
    // 1000×0.75 + 1000×3.75 = 4500 µ$
    [
      'a promotion',
      asked('gemini', 'gemini-3.6-flash', tokens(1000, 1000), '2026-12-31T23:59:59Z'),
      4_500_000,
    ],
    // 1000×1.50 + 1000×7.50 = 9000 µ$
    ['its end', asked('gemini', 'gemini-3.6-flash', tokens(1000, 1000), '2027-01-01T00:00:00Z'), 9_000_000],
    ['nothing for a model that draws', asked('gemini', 'gemini-2.5-flash-image', tokens(10, 10)), null],
  ])
})

describe('DeepSeek charges', () => {
  const chat = (at: string) => asked('deepseek', 'deepseek-chat', tokens(1000, 1000), at)
  const cached = tokens(1000, 1000, { cachedTokens: 900 })
  const flash = (at: string) => asked('deepseek', 'deepseek-v4-flash', cached, at)
  checkInvoices([
    // 1000×0.135 + 1000×0.55 = 685 µ$
    ['at night, to the last millisecond', chat('2026-10-01T00:29:59.999Z'), 685_000],
    // 1000×0.27 + 1000×1.10 = 1370 µ$
    ['more by day', chat('2026-10-01T00:30:00Z'), 1_370_000],
    ['by day to the last millisecond', chat('2026-10-01T16:29:59.999Z'), 1_370_000],
    ['at night again', chat('2026-10-01T16:30:00Z'), 685_000],
    // 100×0.22 + 900×0.007 + 1000×0.66 = 22 + 6.3 + 660 = 688.3 µ$
    ['between two peaks of a day', flash('2026-10-01T05:00:00Z'), 688_300],
    // 100×0.44 + 900×0.014 + 1000×1.32 = 44 + 12.6 + 1320 = 1376.6 µ$
    ['in the first peak', flash('2026-10-01T01:00:00Z'), 1_376_600],
    ['in the second peak', flash('2026-10-01T09:59:59Z'), 1_376_600],
    ['after it', flash('2026-10-01T10:00:00Z'), 688_300],
    // 100×0.14 + 900×0.0028 + 1000×0.28 = 14 + 2.52 + 280 = 296.52 µ$
    ['before there were peaks', flash('2026-08-16T12:00:00Z'), 296_520],
    // 1×0.003625 = 0.003625 µ$ = 3.625 n$
    [
      'a token read from a cache, rounded to whole nano-dollars',
      asked('deepseek', 'deepseek-v4-pro', tokens(1, 0, { cachedTokens: 1 }), '2026-08-16T12:00:00Z'),
      4,
    ],
    // 2×0.003625 = 7.25 n$: rounded once, not 4 + 4
    [
      'two of them, rounded once',
      asked('deepseek', 'deepseek-v4-pro', tokens(2, 0, { cachedTokens: 2 }), '2026-08-16T12:00:00Z'),
      7,
    ],
  ])
})

describe('others charge', () => {
  const groq = 'llama-3.3-70b-versatile'
  const openrouter = (model: string, usage = tokens(1000, 1000)) => asked('openrouter', model, usage)
  checkInvoices([
    // 1000×0.59 + 1000×0.79 = 1380 µ$
    ['Groq, on demand', asked('groq', groq, tokens(1000, 1000, { serviceTier: 'on_demand' })), 1_380_000],
    ['Groq, flex: the same', asked('groq', groq, tokens(1000, 1000, { serviceTier: 'flex' })), 1_380_000],
    ['Groq, performance: unknown', asked('groq', groq, tokens(10, 10, { serviceTier: 'performance' })), null],
    // 500×0.15 + 500×0.075 + 100×0.60 = 75 + 37.5 + 60 = 172.5 µ$
    ['Groq, cached', asked('groq', 'openai/gpt-oss-120b', tokens(1000, 100, { cachedTokens: 500 })), 172_500],
    // 199999×2 + 100×6 = 399998 + 600 = 400598 µ$
    ['xAI, short', asked('xai', 'grok-4.5', tokens(199_999, 100)), 400_598_000],
    // 200000×4 + 100×12 = 800000 + 1200 = 801200 µ$
    ['xAI, long from 200,000', asked('xai', 'grok-4.5', tokens(200_000, 100)), 801_200_000],
    ['xAI, priority: unknown', asked('xai', 'grok-4.5', tokens(10, 10, { serviceTier: 'priority' })), null],
    // 1000×0.40 + 1000×2 = 2400 µ$
    [
      'Mistral',
      asked('mistral', 'mistral-medium-latest', tokens(1000, 1000), '2026-06-15T23:00:00Z'),
      2_400_000,
    ],
    // 1000×1.50 + 1000×7.50 = 9000 µ$
    [
      'Mistral, when `latest` became another model',
      asked('mistral', 'mistral-medium-latest', tokens(1000, 1000), '2026-06-16T01:00:00Z'),
      9_000_000,
    ],
    // 1000×0.88 + 1000×0.88 = 1760 µ$
    ['Together', asked('together', 'meta-llama/Llama-3.3-70B-Instruct-Turbo', tokens(1000, 1000)), 1_760_000],
    // 1000×0.15 + 1000×0.60 = 750 µ$
    ['Fireworks', asked('fireworks', 'accounts/fireworks/models/gpt-oss-120b', tokens(1000, 1000)), 750_000],
    // the same
    [
      'Fireworks by the name in the catalogue',
      asked('fireworks', 'gpt-oss-120b', tokens(1000, 1000)),
      750_000,
    ],
    // 1000×3 + 1000×15 = 18000 µ$
    ['OpenRouter by vendor/model', openrouter('anthropic/claude-sonnet-4.5'), 18_000_000],
    // its hour costs more than its five minutes, and the catalogue has only those
    [
      'OpenRouter, nothing for an hour of cache',
      openrouter('anthropic/claude-sonnet-4.5', tokens(1000, 1, { cacheWrite1hTokens: 500 })),
      null,
    ],
    ['OpenRouter, nothing at all for a free model', openrouter('deepseek/deepseek-r1:free'), 0],
    ['OpenRouter, unknown for a suffix it does not list', openrouter('openai/gpt-5:nitro'), null],
    ['NVIDIA: unknown', asked('nvidia', 'meta/llama-3.3-70b-instruct', tokens(10, 10)), null],
    ['a local model: unknown', asked('ollama', 'gpt-4o', tokens(10, 10)), null],
    ['the demo: unknown', asked('demo', 'gpt-4o', tokens(10, 10)), null],
  ])
})
