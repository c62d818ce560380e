import { expect, test } from 'vitest'
import { gemini } from '../../../src/protocols/gemini/index.ts'

const counting = gemini.tokenCounting
const contents = [{ role: 'user', parts: [{ text: 'hi' }] }]

test('the request within a counting request is either itself or inside', () => {
  expect(counting?.requestOf({ contents })).toEqual({ contents })
  for (const key of ['generateContentRequest', 'generate_content_request']) {
    expect(counting?.requestOf({ [key]: { model: 'models/m', contents } })).toEqual({
      model: 'models/m',
      contents,
    })
  }
})

test('a backend is asked with everything that counts, the model named within', () => {
  const encoded = { contents, tools: [{ functionDeclarations: [] }] }
  for (const model of ['gemini-2.5-flash', 'models/gemini-2.5-flash']) {
    expect(counting?.path(model)).toBe('/v1beta/models/gemini-2.5-flash:countTokens')
    expect(counting?.bodyOf(encoded, model)).toEqual({
      generateContentRequest: { model: 'models/gemini-2.5-flash', ...encoded },
    })
  }
})

test('a count is read and said', () => {
  expect(counting?.read({ totalTokens: 31, promptTokensDetails: [] })).toBe(31)
  for (const body of [null, [], {}, { totalTokens: '31' }]) expect(counting?.read(body)).toBeUndefined()
  expect(counting?.encode(31)).toEqual({ totalTokens: 31 })
})
