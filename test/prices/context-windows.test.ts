import { describe, expect, test } from 'vitest'
import { createPriceBook, updateCatalogue } from '../../src/prices/index.ts'
import { tempFolder } from '../support/temp-folder.ts'
import { asked, tokens } from './invoice.ts'

describe('the context window of a model', () => {
  const { contextWindowOf } = createPriceBook({})

  // As the providers' own pages of models say.
  test.each([
    ['gpt-4o', 'openai', 128_000],
    ['gpt-4o-2024-08-06', 'openai', 128_000],
    ['claude-opus-4-5-20251101', 'anthropic', 200_000],
    ['gemini-2.5-flash', 'gemini', 1_048_576],
  ])('%s at %s is %i tokens', (model, type, window) => {
    expect(contextWindowOf(model, type)).toBe(window)
  })

  test('at a provider that offers the models of another is the same', () => {
    expect(contextWindowOf('gpt-4o', 'azure')).toBe(128_000)
  })

  test.each([
    ['a model that nobody knows', 'my-model', 'openai'],
    ['one that runs on the own machine', 'gpt-4o', 'ollama'],
    ['an attempt of which the provider is not known', 'gpt-4o', null],
    ['a name longer than any', `gpt-4o${'-x'.repeat(500)}`, 'openai'],
  ])('of %s is not known', (_, model, type) => {
    expect(contextWindowOf(model, type)).toBeNull()
  })

  test('is that of the fetched catalogue, where one was fetched', async () => {
    const model = (id: string, context_window: unknown) => ({
      ...{ id, match: { equals: id }, prices: { input_mtok: 2, output_mtok: 4 } },
      context_window,
    })
    const json = JSON.stringify([
      { id: 'openai', name: 'OpenAI', models: [model('gpt-x', 5_000), model('gpt-y', 'large')] },
    ])
    const folder = tempFolder()
    await updateCatalogue({ folder, nowMs: 0, fetchText: () => Promise.resolve(json) })
    const book = createPriceBook({ folder })
    expect(book.contextWindowOf('gpt-x', 'openai')).toBe(5_000)
    expect(book.contextWindowOf('gpt-y', 'openai')).toBeNull()
    expect(book.priceOf(asked('openai', 'gpt-y', tokens(1000, 0)))?.nanoUsd).toBe(2_000_000)
  })
})
