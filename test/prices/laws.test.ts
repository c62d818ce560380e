import { calcPrice, waitForUpdate } from '@pydantic/genai-prices'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { ReportedUsage } from '../../src/core/usage.ts'
import { createPriceBook } from '../../src/prices/index.ts'
import { catalogueProviders } from '../../src/prices/providers.ts'
import { asked } from './invoice.ts'

const models: [type: string, model: string][] = [
  ['openai', 'gpt-4o'],
  ['openai', 'o3'],
  ['openai', 'gpt-5.6-sol'],
  ['openai', 'gpt-audio'],
  ['anthropic', 'claude-sonnet-4-5'],
  ['anthropic', 'claude-opus-4-6'],
  ['gemini', 'gemini-2.5-pro'],
  ['gemini', 'gemini-3.6-flash'],
  ['deepseek', 'deepseek-chat'],
  ['deepseek', 'deepseek-v4-flash'],
  ['xai', 'grok-4.5'],
  ['openrouter', 'deepseek/deepseek-r1:free'],
  ['ollama', 'llama3'],
]

const moment = fc.date({
  min: new Date('2025-01-01'),
  max: new Date('2027-06-01'),
  noInvalidDate: true,
})
const amount = fc.nat(400_000)
const anything = fc.oneof(amount, fc.integer(), fc.double(), fc.constant(undefined))
const tier = fc.constantFrom('default', 'flex', 'batch', 'priority', 'scale', '')

function defined(report: Record<string, unknown>): ReportedUsage {
  return Object.fromEntries(Object.entries(report).filter(([, value]) => value !== undefined))
}

describe('whatever is reported', () => {
  test('a cost is whole nano-dollars from 0 up, its parts are not negative and are the prompt and completion', () => {
    const report = fc.record({
      promptTokens: anything,
      completionTokens: anything,
      totalTokens: anything,
      cachedTokens: anything,
      cacheWriteTokens: anything,
      cacheWrite1hTokens: anything,
      promptAudioTokens: anything,
      completionAudioTokens: anything,
      reasoningTokens: anything,
      serviceTier: tier,
    })
    const book = createPriceBook({})
    fc.assert(
      fc.property(fc.constantFrom(...models), report, moment, ([type, model], usage, at) => {
        const cost = book.priceOf(asked(type, model, defined(usage), at.toISOString()))
        if (cost === null) return
        expect(Number.isSafeInteger(cost.nanoUsd)).toBe(true)
        expect(cost.nanoUsd).toBeGreaterThanOrEqual(0)
        for (const part of cost.parts) {
          expect(part.tokens).toBeGreaterThan(0)
          expect(part.usdPerMillion).toBeGreaterThanOrEqual(0)
        }
      }),
    )
  })
})

describe('a consistent report', () => {
  const parts = fc.record({ fresh: amount, read: amount, written: amount, hour: amount, output: amount })
  const usageOf = (of: { fresh: number; read: number; written: number; hour: number; output: number }) => ({
    promptTokens: of.fresh + of.read + of.written + of.hour,
    completionTokens: of.output,
    cachedTokens: of.read,
    cacheWriteTokens: of.written + of.hour,
    cacheWrite1hTokens: of.hour,
  })
  const overrides = {
    'openai:m': { input: 1.1, cache_read: 0.003, cache_write: 1.7, cache_write_1h: 2.3, output: 7.77 },
  }

  test('costs what two reports of it cost together, but for the rounding of each', () => {
    const book = createPriceBook({ overrides })
    const nanoUsd = (usage: ReportedUsage) => book.priceOf(asked('openai', 'm', usage))?.nanoUsd ?? Number.NaN
    fc.assert(
      fc.property(parts, parts, (one, other) => {
        const both = {
          fresh: one.fresh + other.fresh,
          read: one.read + other.read,
          written: one.written + other.written,
          hour: one.hour + other.hour,
          output: one.output + other.output,
        }
        const apart = nanoUsd(usageOf(one)) + nanoUsd(usageOf(other))
        expect(Math.abs(nanoUsd(usageOf(both)) - apart)).toBeLessThanOrEqual(1)
      }),
    )
  })

  test('has parts that add up to its tokens and, but for the rounding, to its cost', () => {
    const book = createPriceBook({ overrides })
    fc.assert(
      fc.property(parts, (of) => {
        const usage = usageOf(of)
        const cost = book.priceOf(asked('openai', 'm', usage))
        const tokens = cost?.parts.reduce((sum, part) => sum + part.tokens, 0)
        const nanoUsd = cost?.parts.reduce((sum, part) => sum + part.tokens * part.usdPerMillion * 1000, 0)
        expect(tokens).toBe(usage.promptTokens + usage.completionTokens)
        expect(Math.abs((nanoUsd ?? 0) - (cost?.nanoUsd ?? Number.NaN))).toBeLessThan(0.6)
      }),
    )
  })
})

test('a price that was asked for before is the one that a new book gives', () => {
  const used = createPriceBook({})
  fc.assert(
    fc.property(fc.constantFrom(...models), moment, ([type, model], at) => {
      const question = asked(type, model, { promptTokens: 1000, completionTokens: 10 }, at.toISOString())
      expect(used.priceOf(question)).toEqual(createPriceBook({}).priceOf(question))
    }),
    { numRuns: 60 },
  )
})

test('every model of the catalogue costs what the library says, where both have a price', async () => {
  const book = createPriceBook({})
  const providers = (await waitForUpdate()) ?? []
  let compared = 0
  for (const [type, providerId] of catalogueProviders) {
    for (const { id } of providers.find((provider) => provider.id === providerId)?.models ?? []) {
      const usage = {
        promptTokens: 250_000,
        completionTokens: 700,
        cachedTokens: 1000,
        cacheWriteTokens: 300,
      }
      const question = asked(type, id, usage)
      const cost = book.priceOf(question)
      if (cost === null) continue
      const theirs = calcPrice(
        { input_tokens: 250_000, output_tokens: 700, cache_read_tokens: 1000, cache_write_tokens: 300 },
        id,
        { providerId, timestamp: new Date(question.atMs) },
      )
      if (theirs === null) continue
      expect([id, cost.nanoUsd / 1e9]).toEqual([id, expect.closeTo(theirs.total_price, 8)])
      compared++
    }
  }
  expect(compared).toBeGreaterThan(900)
})
