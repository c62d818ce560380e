import { describe, expect, it } from 'vitest'
import { createPriceBook } from '../../../src/prices/index.ts'
import type { RequestSize } from '../../../src/proxy/body/request-size.ts'
import { outputTokensOf, upperCost } from '../../../src/proxy/spending/upper-cost.ts'
import { aBackend } from '../../support/a-backend.ts'

const atMs = Date.UTC(2026, 0, 5)
const { priceOf } = createPriceBook({ overrides: { 'vllm:own': { input: 2, output: 6 } } })

const size = (changed: Partial<RequestSize> = {}): RequestSize => ({
  ...{ promptTokens: 1_000, audioTokens: 0, maxOutputTokens: 100, choices: 1, speaks: false },
  ...{ serviceTier: null, cachesForAnHour: false, ...changed },
})
const usd = (model: string, of: RequestSize, backend = 'anthropic') => {
  const nanoUsd = upperCost(of, { backend: aBackend(backend), model }, atMs, priceOf)
  return nanoUsd === null ? null : nanoUsd / 1e9
}

describe('what a call can cost at most', () => {
  it('is the prompt and the whole of the answer at the price of the configuration', () => {
    expect(usd('own', size(), 'vllm')).toBeCloseTo((1_000 * 2 + 100 * 6) / 1e6, 9)
    expect(usd('own', size({ choices: 3 }), 'vllm')).toBeCloseTo((1_000 * 2 + 300 * 6) / 1e6, 9)
  })

  it('is that of a prompt written to a cache: for five minutes, or an hour where that may be', () => {
    // claude-sonnet-4-5: $3 in, $3.75 and $6 to write, $15 out.
    expect(usd('claude-sonnet-4-5', size())).toBeCloseTo((1_000 * 3.75 + 100 * 15) / 1e6, 9)
    const hour = size({ cachesForAnHour: true })
    expect(usd('claude-sonnet-4-5', hour)).toBeCloseTo((1_000 * 6 + 100 * 15) / 1e6, 9)
  })

  it('goes by the service tier that is asked for, never below the standard one', () => {
    const standard = usd('gpt-4o', size(), 'openai') as number
    expect(usd('gpt-5', size({ serviceTier: 'flex' }), 'openai')).toBe(usd('gpt-5', size(), 'openai'))
    const priority = usd('gpt-4o', size({ serviceTier: 'priority' }), 'openai')
    expect(priority === null || priority > standard).toBe(true)
    expect(usd('gpt-4o', size({ serviceTier: 'auto' }), 'openai')).toBe(standard)
  })

  it('is not known where there is no price, for the model or for the tier', () => {
    expect(usd('nobody-has-this', size())).toBeNull()
    expect(usd('gpt-4o', size({ serviceTier: 'scale-of-ours' }), 'openai')).toBeNull()
  })

  it('reckons with the model’s own limit where the request sets none, else with a round figure', () => {
    expect([outputTokensOf('gpt-5'), outputTokensOf('gpt-4o'), outputTokensOf('claude-sonnet-4-5')]).toEqual([
      128_000, 16_384, 64_000,
    ])
    for (const unknown of ['own', 'llama-3.3-70b', 'qwen2.5']) expect(outputTokensOf(unknown)).toBe(32_768)
    const assumed = usd('own', size({ maxOutputTokens: null }), 'vllm')
    expect(assumed).toBeCloseTo((1_000 * 2 + 32_768 * 6) / 1e6, 9)
  })

  it('stays a number whatever the request asks for', () => {
    const absurd = usd('own', size({ maxOutputTokens: 1e300, choices: 1e9 }), 'vllm')
    expect(absurd).toBeCloseTo((1_000 * 2 + 1e10 * 6) / 1e6, 6)
  })
})
