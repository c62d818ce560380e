import Anthropic from '@anthropic-ai/sdk'
import { GoogleGenAI } from '@google/genai'
import OpenAI from 'openai'
import { afterAll, beforeAll, expect, test } from 'vitest'
import {
  anthropicAnswer,
  anthropicError,
  anthropicStream,
  chatAnswer,
  chatStream,
  type FakeProvider,
  geminiAnswer,
  geminiError,
  geminiStream,
  openaiError,
  responsesAnswer,
  responsesStream,
  startFakeProvider,
} from '../fake-provider.ts'

// The official SDKs judge the answers that the other tests hand out.

let fake: FakeProvider
beforeAll(async () => {
  fake = await startFakeProvider()
})
afterAll(() => fake.close())

const toolCalls = [{ id: 'call_abc1', name: 'get_weather', arguments: { city: 'Zürich' } }]
const openai = () => new OpenAI({ apiKey: 'k', baseURL: fake.url, maxRetries: 0 })
const anthropic = () => new Anthropic({ apiKey: 'k', baseURL: fake.url, maxRetries: 0 })
const genai = () => new GoogleGenAI({ apiKey: 'k', httpOptions: { baseUrl: fake.url } })
const messages = [{ role: 'user' as const, content: 'hi' }]

test('the openai package reads chat answers, streams and errors', async () => {
  const ask = { model: 'm', messages }
  fake.next(chatAnswer({ text: 'Hi', usage: { prompt: 3, completion: 4 } }))
  const answer = await openai().chat.completions.create(ask)
  expect(answer.choices[0]?.message.content).toBe('Hi')
  expect(answer.usage?.total_tokens).toBe(7)
  fake.next(chatStream(['a', 'b'], { toolCalls, usage: { prompt: 3, completion: 4 } }))
  const final = await openai().chat.completions.stream(ask).finalChatCompletion()
  expect(final.choices[0]?.message).toMatchObject({
    content: 'ab',
    tool_calls: [{ id: 'call_abc1', function: { name: 'get_weather', arguments: '{"city":"Zürich"}' } }],
  })
  fake.next(openaiError(429, { retryAfter: '7' }))
  await expect(openai().chat.completions.create(ask)).rejects.toMatchObject({
    status: 429,
    code: 'rate_limit_exceeded',
  })
})

test('the openai package reads responses and their streams', async () => {
  fake.next(responsesAnswer({ text: 'Hi' }))
  expect((await openai().responses.create({ model: 'm', input: 'hi' })).output_text).toBe('Hi')
  fake.next(responsesStream(['a', 'b'], { toolCalls }))
  const final = await openai().responses.stream({ model: 'm', input: 'hi' }).finalResponse()
  expect(final.output_text).toBe('ab')
  expect(final.output[1]).toMatchObject({ call_id: 'call_abc1', arguments: '{"city":"Zürich"}' })
})

test('the anthropic package reads messages, streams and errors', async () => {
  const ask = { model: 'm', max_tokens: 9, messages }
  fake.next(anthropicAnswer({ text: 'Hi' }))
  expect((await anthropic().messages.create(ask)).content).toEqual([{ type: 'text', text: 'Hi' }])
  fake.next(anthropicStream(['a', 'b'], { toolCalls, usage: { prompt: 3, completion: 4 } }))
  const final = await anthropic().messages.stream(ask).finalMessage()
  expect(final.content).toMatchObject([{ text: 'ab' }, { name: 'get_weather', input: { city: 'Zürich' } }])
  expect(final).toMatchObject({ stop_reason: 'tool_use', usage: { input_tokens: 3, output_tokens: 4 } })
  fake.next(anthropicError(529))
  await expect(anthropic().messages.create(ask)).rejects.toMatchObject({
    status: 529,
    type: 'overloaded_error',
  })
})

test('the genai package reads answers, streams and errors', async () => {
  const ask = { model: 'm', contents: 'hi' }
  fake.next(geminiAnswer({ toolCalls }))
  expect((await genai().models.generateContent(ask)).functionCalls).toMatchObject([
    { args: { city: 'Zürich' } },
  ])
  fake.next(geminiStream(['a', 'b'], { usage: { prompt: 3, completion: 4 } }))
  let text = ''
  let total: number | undefined
  for await (const chunk of await genai().models.generateContentStream(ask)) {
    text += chunk.text ?? ''
    total = chunk.usageMetadata?.totalTokenCount
  }
  expect([text, total]).toEqual(['ab', 7])
  fake.next(geminiError(503))
  await expect(genai().models.generateContent(ask)).rejects.toMatchObject({ status: 503 })
})
