import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { createPriceBook } from '../../src/prices/index.ts'
import { asked, checkInvoices, october, tokens } from './invoice.ts'

const at = Date.parse(october)

describe('a cost', () => {
  test("is the provider's own sum where it tells one, without parts", () => {
    const usage = tokens(1000, 1000, { costUsd: 0.0000139 })
    expect(createPriceBook({}).priceOf(asked('openrouter', 'openai/gpt-5', usage))).toEqual({
      nanoUsd: 13_900,
      parts: [],
      source: 'provider',
      priceVersion: null,
    })
  })

  // 0.0000000005 $ = half a n$
  checkInvoices([
    ['of 0 that the provider tells is 0', asked('ollama', 'x', { costUsd: 0 }), 0],
    ['of half a nano-dollar is rounded up', asked('ollama', 'x', { costUsd: 5e-10 }), 1],
    ['of less is rounded down', asked('ollama', 'x', { costUsd: 4.9e-10 }), 0],
    ['below 0 is not believed', asked('ollama', 'x', { costUsd: -1 }), null],
    ['that is no number is not believed', asked('ollama', 'x', { costUsd: Number.NaN }), null],
  ])

  test('of the catalogue names its parts and the catalogue', () => {
    const usage = tokens(10_000, 2000, { cachedTokens: 4000, serviceTier: 'flex' })
    expect(createPriceBook({}).priceOf(asked('openai', 'gpt-5', usage))).toEqual({
      nanoUsd: 14_000_000,
      parts: [
        { kind: 'input', tokens: 6000, usdPerMillion: 0.625 },
        { kind: 'cache_read', tokens: 4000, usdPerMillion: 0.0625 },
        { kind: 'output', tokens: 2000, usdPerMillion: 5 },
      ],
      source: 'catalog',
      priceVersion: 'genai-prices@0.1.8',
    })
  })
})

describe('prices of the config', () => {
  const price = { input: 1, output: 4 }
  const question = (model: string, usage = tokens(1000, 100)) => ({
    ...asked('openai', model, usage),
    backend: 'work',
  })
  const nanoUsd = (overrides: Record<string, typeof price>, model: string, usage = tokens(1000, 100)) =>
    createPriceBook({ overrides }).priceOf(question(model, usage))?.nanoUsd

  test('go before the catalogue', () => {
    // 1000×1 + 100×4 = 1400 µ$
    expect(nanoUsd({ 'work:gpt-4o': price }, 'gpt-4o')).toBe(1_400_000)
  })

  test('count for every backend of a type, and less than for the backend itself', () => {
    const overrides = { 'openai:gpt-4o': price, 'work:gpt-5': { input: 2, output: 4 }, 'openai:gpt-5': price }
    expect(nanoUsd(overrides, 'gpt-4o')).toBe(1_400_000)
    // 1000×2 + 100×4 = 2400 µ$
    expect(nanoUsd(overrides, 'gpt-5')).toBe(2_400_000)
  })

  test('match a model with colons in its name', () => {
    expect(nanoUsd({ 'work:llama3:8b': price }, 'llama3:8b')).toBe(1_400_000)
  })

  test('charge reads and writes as input where they say nothing of them', () => {
    const usage = tokens(1000, 100, { cachedTokens: 300, cacheWriteTokens: 500, cacheWrite1hTokens: 200 })
    // 200×1 + 300×1 + 300×1 + 200×1 + 100×4 = 1400 µ$
    expect(nanoUsd({ 'work:m': price }, 'm', usage)).toBe(1_400_000)
    // 200×1 + 300×0.10 + 300×2 + 200×2 + 400 = 200 + 30 + 600 + 400 + 400 = 1630 µ$
    const cached = { ...price, cache_read: 0.1, cache_write: 2 }
    expect(nanoUsd({ 'work:m': cached }, 'm', usage)).toBe(1_630_000)
    // the same, the hour's 200×5 in place of 200×2: 1630 + 600 = 2230 µ$
    expect(nanoUsd({ 'work:m': { ...cached, cache_write_1h: 5 } as typeof price }, 'm', usage)).toBe(
      2_230_000,
    )
  })

  test('are taken as they stand on every service tier', () => {
    expect(nanoUsd({ 'work:m': price }, 'm', tokens(1000, 100, { serviceTier: 'scale' }))).toBe(1_400_000)
  })

  test('may be 0, and then the cost is known', () => {
    expect(nanoUsd({ 'work:m': { input: 0, output: 0 } }, 'm')).toBe(0)
  })

  test('change with a reload, also back to the catalogue', () => {
    const book = createPriceBook({})
    expect(book.priceOf(question('gpt-4o'))?.source).toBe('catalog')
    book.setOverrides({ 'work:gpt-4o': price })
    expect(book.priceOf(question('gpt-4o'))?.source).toBe('config')
    book.setOverrides({})
    expect(book.priceOf(question('gpt-4o'))?.source).toBe('catalog')
  })
})

describe('listed rates', () => {
  const book = createPriceBook({ overrides: { 'work:own': { input: 1, output: 4 } } })

  test('tell source, name, date, tiers and catalogue', () => {
    const rates = book.ratesOf('x', 'openai', 'gpt-5.6-luna', at)
    expect(rates).toMatchObject({
      source: 'catalog',
      provider: 'openai',
      model: 'gpt-5.6-luna',
      effectiveFrom: '2026-07-30',
      window: null,
      priceVersion: 'genai-prices@0.1.8',
    })
    expect(rates?.rates).toContainEqual({
      kind: 'cache_write',
      usdPerMillion: 0.25,
      tiers: [{ overPromptTokens: 271_999, usdPerMillion: 0.5 }],
    })
  })

  test('tell the part of the day they are for', () => {
    const window = { fromSecond: 3600, toSecond: 14_400 }
    expect(
      book.ratesOf('x', 'deepseek', 'deepseek-v4-pro', Date.parse('2026-10-01T02:00:00Z'))?.window,
    ).toEqual(window)
  })

  test('are those of the config where it has some', () => {
    expect(book.ratesOf('work', 'ollama', 'own', at)).toMatchObject({ source: 'config', priceVersion: null })
  })

  test('are null for what has no price', () => {
    expect(book.ratesOf('x', 'ollama', 'llama3', at)).toBeNull()
    expect(book.ratesOf('x', 'openai', 'gpt-4o', Number.NaN)).toBeNull()
    expect(book.ratesOf('x', 'openai', 'g'.repeat(5000), at)).toBeNull()
  })

  test('are found by a part of the name, the config first', () => {
    book.setOverrides({ 'work:my-O3': { input: 1, output: 4 } })
    const found = book.modelsNamed('o3')
    expect(found[0]).toEqual({ backend: 'work', model: 'my-O3' })
    expect(found).toContainEqual({ backend: 'openai', model: 'o3' })
    expect(found.filter(({ backend }) => backend === 'chatgpt')).toEqual([])
  })
})

test("the bundled catalogue's version is the installed library's", () => {
  const library = createRequire(import.meta.url).resolve('@pydantic/genai-prices')
  const { version } = JSON.parse(readFileSync(join(dirname(library), '..', 'package.json'), 'utf8'))
  expect(createPriceBook({}).priceVersion).toBe(`genai-prices@${version}`)
})
