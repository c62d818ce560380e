import { FunctionCallingConfigMode, GoogleGenAI } from '@google/genai'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Demo, startDemo } from '../../../src/backends/demo/server.ts'
import { sseJson } from '../../support/sse-text.ts'
import { quickClock } from './quick-clock.ts'

let demo: Demo
let client: GoogleGenAI
beforeAll(async () => {
  demo = await startDemo(quickClock)
  client = new GoogleGenAI({ apiKey: 'k', httpOptions: { baseUrl: demo.url } })
})
afterAll(() => demo.close())

const parametersJsonSchema = { type: 'object', properties: { city: { type: 'string' } }, required: ['city'] }
const tools = [{ functionDeclarations: [{ name: 'get_weather', parametersJsonSchema }] }]
const post = (path: string, body: unknown) =>
  fetch(demo.url + path, { method: 'POST', body: JSON.stringify(body) })
const hello = { contents: [{ role: 'user', parts: [{ text: 'hello there' }] }] }

test('answers with what the user said last and with counted tokens', async () => {
  const answer = await client.models.generateContent({
    model: 'echo',
    contents: 'hello there',
    config: { systemInstruction: 'Be kind.' },
  })
  expect(answer.text).toBe('You said: hello there')
  expect(answer.candidates?.[0]?.finishReason).toBe('STOP')
  expect(answer.usageMetadata).toMatchObject({
    promptTokenCount: 5,
    candidatesTokenCount: 5,
    totalTokenCount: 10,
  })
  expect(answer.modelVersion).toBe('echo')
})

test('streams the words with running usage and the finish in the last chunk', async () => {
  const chunks = []
  for await (const chunk of await client.models.generateContentStream({
    model: 'echo',
    contents: 'hello there',
  }))
    chunks.push(chunk)
  expect(chunks.map((chunk) => chunk.text)).toEqual(['You', ' said:', ' hello', ' there', ''])
  expect(chunks.map((chunk) => chunk.candidates?.[0]?.finishReason)).toEqual([
    undefined,
    undefined,
    undefined,
    undefined,
    'STOP',
  ])
  expect(chunks.map((chunk) => chunk.usageMetadata?.totalTokenCount)).toEqual([3, 5, 6, 7, 7])
})

test('streams one JSON array without alt=sse, the same chunks as with it', async () => {
  const array = await post('/models/echo:streamGenerateContent', hello)
  const sse = await post('/models/echo:streamGenerateContent?alt=sse', hello)
  expect(array.headers.get('content-type')).toContain('application/json')
  expect(sse.headers.get('content-type')).toContain('text/event-stream')
  const text = await sse.text()
  expect(text).not.toContain('[DONE]')
  expect(await array.json()).toEqual(sseJson(text))
})

test('calls a tool that the user names, streamed as whole, and then tells its result', async () => {
  const ask = {
    model: 'echo',
    contents: [{ role: 'user', parts: [{ text: 'use get_weather' }] }],
    config: { tools },
  }
  const whole = await client.models.generateContent(ask)
  expect(whole.functionCalls).toMatchObject([{ name: 'get_weather', args: { city: 'demo city' } }])
  expect(whole.candidates?.[0]?.finishReason).toBe('STOP')
  const streamed = []
  for await (const chunk of await client.models.generateContentStream(ask))
    streamed.push(...(chunk.functionCalls ?? []))
  expect(streamed).toEqual(whole.functionCalls)
  const response = { output: 'sunny' }
  const after = await client.models.generateContent({
    ...ask,
    contents: [
      ...ask.contents,
      whole.candidates![0]!.content!,
      { role: 'user', parts: [{ functionResponse: { name: 'get_weather', response } }] },
    ],
  })
  expect(after.text).toBe('The tool get_weather answered: {"output":"sunny"}')
})

test('must call with mode ANY, and reads schemas in capital letters', async () => {
  const schema = {
    type: 'OBJECT',
    properties: { n: { type: 'INTEGER' }, on: { type: 'BOOLEAN' } },
    required: ['n', 'on'],
  }
  const answer = await post('/models/echo:generateContent', {
    ...hello,
    tools: [{ function_declarations: [{ name: 'set', parameters: schema }] }],
    tool_config: { function_calling_config: { mode: FunctionCallingConfigMode.ANY } },
  })
  expect(await answer.json()).toMatchObject({
    candidates: [{ content: { parts: [{ functionCall: { name: 'set', args: { n: 1, on: true } } }] } }],
  })
})

test('ends with MAX_TOKENS when they are used up', async () => {
  const answer = await client.models.generateContent({
    model: 'echo',
    contents: 'hello',
    config: { maxOutputTokens: 1 },
  })
  expect(answer.candidates?.[0]?.finishReason).toBe('MAX_TOKENS')
})

test('counts tokens, also of a wrapped request', async () => {
  expect((await client.models.countTokens({ model: 'echo', contents: 'one two three' })).totalTokens).toBe(3)
  const wrapped = { generateContentRequest: { model: 'models/echo', ...hello } }
  expect(await (await post('/models/echo:countTokens', wrapped)).json()).toMatchObject({ totalTokens: 2 })
})

test('an unknown model is 404 and a body without contents 400, in its own shape', async () => {
  await expect(client.models.generateContent({ model: 'nope', contents: 'hi' })).rejects.toMatchObject({
    status: 404,
  })
  const unknown = await post('/models/nope:generateContent', hello)
  expect(await unknown.json()).toMatchObject({ error: { code: 404, status: 'NOT_FOUND' } })
  const empty = await post('/models/echo:generateContent', {})
  expect(await empty.json()).toMatchObject({ error: { code: 400, status: 'INVALID_ARGUMENT' } })
})

test('lists its models in this shape', async () => {
  const names = []
  for await (const model of await client.models.list()) names.push(model.name)
  expect(names).toEqual(['models/echo', 'models/other'])
  expect((await client.models.get({ model: 'echo' })).displayName).toBe('Echo')
})
