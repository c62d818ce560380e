import { type GenerateContentResponse, GoogleGenAI } from '@google/genai'
import { afterEach, expect, test, vi } from 'vitest'
import { ProxyError } from '../../../../src/core/errors.ts'
import type { Event } from '../../../../src/core/event.ts'
import type { JsonObject } from '../../../../src/core/json.ts'
import { gemini } from '../../../../src/protocols/gemini/index.ts'
import { foldEvents } from '../../../../src/protocols/translation/fold-events.ts'
import { decoded, messagesOf } from '../request/a-call.ts'
import { aboutFor, chunksOf, streamed } from './an-answer.ts'

const signed = { protocol: 'anthropic-messages', kind: 'signature', data: 'Er8B' } as const
const events: Event[] = [
  { type: 'start', id: 'msg_1', model: 'claude-sonnet-4-5' },
  { type: 'reasoning', text: 'h' },
  { type: 'reasoning', text: 'm' },
  { type: 'state', on: 'reasoning', state: signed },
  { type: 'text', text: 'Hel' },
  { type: 'text', text: 'lo' },
  { type: 'tool_call', index: 0, id: 'toolu_1', name: 'f', arguments: '' },
  { type: 'tool_call', index: 0, arguments: '{"a":1}' },
  { type: 'tool_call', index: 1, id: 'toolu_2', name: 'f', arguments: '{"a":2}' },
  { type: 'usage', usage: { promptTokens: 12, completionTokens: 5, totalTokens: 17 } },
  { type: 'end', reason: 'tool', raw: 'tool_use' },
]
const calls = [
  { id: 'toolu_1', name: 'f', args: { a: 1 } },
  { id: 'toolu_2', name: 'f', args: { a: 2 } },
]

/** The SDK in front of this answer, and the bodies that it sends. */
function sdk(body: string, type = 'text/event-stream'): { ai: GoogleGenAI; sent: JsonObject[] } {
  const sent: JsonObject[] = []
  vi.stubGlobal('fetch', (_url: unknown, init?: { body?: unknown }) => {
    sent.push(JSON.parse(String(init?.body)))
    return Promise.resolve(new Response(body, { headers: { 'content-type': type } }))
  })
  return { ai: new GoogleGenAI({ apiKey: 'k' }), sent }
}
afterEach(() => void vi.unstubAllGlobals())

const request = { model: 'm', contents: 'hi' }

test('a stream is read chunk by chunk', async () => {
  const { ai } = sdk(streamed(events).text)
  const chunks: GenerateContentResponse[] = []
  for await (const chunk of await ai.models.generateContentStream(request)) chunks.push(chunk)
  const parts = chunks.flatMap((chunk) => chunk.candidates?.[0]?.content?.parts ?? [])
  const joined = (thought: boolean) =>
    parts.map((part) => ((part.thought ?? false) === thought ? (part.text ?? '') : '')).join('')
  expect(joined(false)).toBe('Hello')
  expect(joined(true)).toBe('hm')
  expect(chunks.flatMap((chunk) => chunk.functionCalls ?? [])).toEqual(calls)
  const last = chunks.at(-1)
  expect(last?.candidates?.[0]?.finishReason).toBe('STOP')
  expect(last?.usageMetadata).toEqual({ promptTokenCount: 12, candidatesTokenCount: 5, totalTokenCount: 17 })
  expect(chunks.every(({ responseId, modelVersion }) => responseId === '01jd0example' && modelVersion)).toBe(
    true,
  )
})

test('a whole answer is read', async () => {
  const { body } = gemini.encodeAnswer(foldEvents(events, 'backend-model'), aboutFor())
  const { ai } = sdk(JSON.stringify(body), 'application/json')
  const answer = await ai.models.generateContent(request)
  expect([answer.text, answer.functionCalls, answer.modelVersion]).toEqual([
    'Hello',
    calls,
    'claude-sonnet-4-5',
  ])
})

test('a stream that failed is an error', async () => {
  const encoder = gemini.streamEncoder(aboutFor())
  const written = encoder.push(events.slice(0, 6)) + encoder.fail(new ProxyError('internal', 'it broke'))
  const { ai } = sdk(written)
  const stream = await ai.models.generateContentStream(request)
  await expect(async () => {
    for await (const _chunk of stream);
  }).rejects.toThrow('it broke')
})

test("what the SDK's chats send back is the answer as it was", async () => {
  const { ai, sent } = sdk(streamed(events).text)
  const chat = ai.chats.create({ model: 'm' })
  for await (const _chunk of await chat.sendMessageStream({ message: 'hi' }));
  const results = ['toolu_1', 'toolu_2'].map((id) => ({
    functionResponse: { id, name: 'f', response: { output: 'ok' } },
  }))
  for await (const _chunk of await chat.sendMessageStream({ message: results }));
  const [, answer, answered] = decoded(sent[1] ?? {}).messages
  expect(answer?.parts).toEqual([
    { type: 'reasoning', text: 'hm', state: { ...signed, model: 'backend-model' } },
    { type: 'text', text: 'Hello' },
    { type: 'tool_call', id: 'toolu_1', name: 'f', arguments: '{"a":1}' },
    { type: 'tool_call', id: 'toolu_2', name: 'f', arguments: '{"a":2}' },
  ])
  expect(answered?.parts).toMatchObject([{ callId: 'toolu_1' }, { callId: 'toolu_2' }])
})

/** By what Gemini CLI keeps of an answer: no thoughts, and of no chunk anything that has an empty text in it. */
test('what Gemini CLI keeps brings calls back, with the state that needs no words', () => {
  const encrypted = { protocol: 'openai-responses', kind: 'encrypted', data: 'gAAA' } as const
  const about = aboutFor({}, 'openai-responses')
  const said = streamed([{ type: 'state', on: null, state: encrypted }, ...events.slice(4)], about).text
  const kept = chunksOf(said).flatMap(({ candidates }) => {
    const [{ content }] = candidates as [{ content: { parts: JsonObject[] } }]
    return content.parts.some(({ text }) => text === '')
      ? []
      : content.parts.filter(({ thought }) => !thought)
  })
  const [message] = messagesOf({ role: 'model', parts: kept })
  expect(message?.parts).toMatchObject([
    { type: 'reasoning', text: '', state: { ...encrypted, model: 'backend-model' } },
    { type: 'text', text: 'Hello' },
    { type: 'tool_call', id: 'toolu_1' },
    { type: 'tool_call', id: 'toolu_2' },
  ])
})
