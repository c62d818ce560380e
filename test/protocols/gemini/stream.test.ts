import { expect, test } from 'vitest'
import type { Event } from '../../../src/core/event.ts'
import type { JsonObject } from '../../../src/core/json.ts'
import { gemini } from '../../../src/protocols/gemini/index.ts'
import { utf8 } from '../../support/chunking.ts'
import { parts, stream } from './a-stream.ts'

test('thoughts, text, a call and the end', () => {
  const { events, terminal } = stream(
    {
      ...parts([{ text: 'hm', thought: true }]),
      modelVersion: 'gemini-3-pro',
      responseId: 'r1',
      usageMetadata: { promptTokenCount: 46, totalTokenCount: 46 },
    },
    parts([
      { text: 'Hello' },
      { functionCall: { id: 'c1', name: 'f', args: { x: 1 } }, thoughtSignature: 'AY8' },
    ]),
    {
      ...parts([{ text: '' }], { finishReason: 'STOP' }),
      usageMetadata: {
        promptTokenCount: 147,
        candidatesTokenCount: 108,
        totalTokenCount: 783,
        toolUsePromptTokenCount: 360,
        thoughtsTokenCount: 168,
        cachedContentTokenCount: 12,
        serviceTier: 'standard',
        promptTokensDetails: [
          { modality: 'TEXT', tokenCount: 140 },
          { modality: 'AUDIO', tokenCount: 7 },
        ],
      },
    },
  )
  expect(events).toEqual([
    { type: 'start', id: 'r1', model: 'gemini-3-pro' },
    { type: 'reasoning', text: 'hm' },
    { type: 'usage', usage: { promptTokens: 46, completionTokens: 0, totalTokens: 46 } },
    { type: 'text', text: 'Hello' },
    { type: 'tool_call', index: 0, id: 'c1', name: 'f', arguments: '{"x":1}' },
    {
      type: 'state',
      on: 'tool_call',
      state: { protocol: 'gemini', kind: 'thought_signature', data: 'AY8' },
    },
    {
      type: 'usage',
      usage: {
        promptTokens: 507,
        completionTokens: 276,
        totalTokens: 783,
        cachedTokens: 12,
        promptAudioTokens: 7,
        reasoningTokens: 168,
        serviceTier: 'standard',
      },
    },
    { type: 'end', reason: 'tool', raw: 'STOP' },
  ])
  expect(terminal).toBe(true)
})

test('what only thought has its completion from the total', () => {
  const usageMetadata = { promptTokenCount: 10, totalTokenCount: 50, thoughtsTokenCount: 40 }
  const { events } = stream({ ...parts([], { finishReason: 'MAX_TOKENS' }), usageMetadata })
  expect(events).toEqual([
    {
      type: 'usage',
      usage: { promptTokens: 10, completionTokens: 40, totalTokens: 50, reasoningTokens: 40 },
    },
    { type: 'end', reason: 'length', raw: 'MAX_TOKENS' },
  ])
})

test.each([
  ['STOP', 'stop'],
  ['MAX_TOKENS', 'length'],
  ['SAFETY', 'filter'],
  ['MODEL_ARMOR', 'filter'],
  ['UNEXPECTED_TOOL_CALL', 'tool'],
  ['MALFORMED_FUNCTION_CALL', 'error'],
  ['OTHER', 'error'],
])('%s is %s', (raw, reason) => {
  expect(stream(parts([{ text: '' }], { finishReason: raw })).events).toEqual([{ type: 'end', reason, raw }])
})

test('a blocked prompt ends the answer', () => {
  const { events, terminal } = stream({
    promptFeedback: { blockReason: 'PROHIBITED_CONTENT' },
    usageMetadata: {},
  })
  expect(events).toEqual([{ type: 'end', reason: 'filter', raw: 'PROHIBITED_CONTENT' }])
  expect(terminal).toBe(true)
})

test('every candidate has to finish', () => {
  const two = (first: JsonObject, second: JsonObject): JsonObject => ({
    candidates: [
      { index: 0, ...first },
      { index: 1, ...second },
    ],
  })
  expect(stream(two({ finishReason: 'STOP' }, {})).terminal).toBe(false)
  expect(stream(two({ finishReason: 'STOP' }, {}), two({}, { finishReason: 'STOP' })).terminal).toBe(true)
  expect(stream(parts([], { finishReason: 'FINISH_REASON_UNSPECIFIED' })).terminal).toBe(false)
})

test('pictures, and code that ran', () => {
  const { events } = stream(
    parts([
      { inlineData: { mimeType: 'image/png', data: 'AAAA' } },
      { executableCode: { language: 'PYTHON', code: 'print(1)' } },
      { codeExecutionResult: { outcome: 'OUTCOME_OK', output: '1\n' } },
    ]),
  )
  expect(events).toEqual([
    { type: 'media', mediaType: 'image/png', data: 'AAAA' },
    { type: 'server_tool', kind: 'code_execution', text: '\n```python\nprint(1)\n```\n' },
    { type: 'server_tool', kind: 'code_execution', text: '\n```\n1\n\n```\n' },
  ])
})

test('log probabilities, and how each candidate ended', () => {
  const token = { token: 'a', logProbability: -0.5 }
  const { events } = stream({
    candidates: [
      {
        index: 0,
        content: { parts: [{ text: 'a' }] },
        logprobsResult: { chosenCandidates: [token], topCandidates: [{ candidates: [token] }] },
        finishReason: 'STOP',
      },
      { index: 1, content: { parts: [{ functionCall: { name: 'f' } }] }, finishReason: 'STOP' },
    ],
  })
  const said = { token: 'a', logprob: -0.5, bytes: null }
  expect(events).toEqual([
    { type: 'text', text: 'a' },
    { type: 'logprobs', tokens: [{ ...said, top: [said] }] },
    { type: 'tool_call', index: 0, name: 'f', arguments: '{}', choice: 1 },
    { type: 'end', reason: 'stop', raw: 'STOP', others: [{ choice: 1, reason: 'tool', raw: 'STOP' }] },
  ])
})

test.each(['fileData', 'functionResponse'])('%s is content', (kind) => {
  expect(stream(parts([{ [kind]: { data: 'x' } }])).events).toEqual([{ type: 'content', kind }])
})

test.each([
  ['GOOGLE_SEARCH_WEB', 'web_search'],
  ['URL_CONTEXT', 'web_fetch'],
  ['FILE_SEARCH', 'file_search'],
])('what Google ran as %s is its %s', (toolType, kind) => {
  const { events } = stream(
    parts([
      { toolCall: { toolType, id: 'x', args: { queries: ['q'] } } },
      { toolResponse: { toolType, id: 'x' } },
    ]),
  )
  expect(events).toEqual([
    { type: 'server_tool', kind, text: '' },
    { type: 'structure', name: 'toolResponse' },
  ])
})

const signature = (on: 'text' | 'reasoning' | 'tool_call' | null): Event => ({
  ...{ type: 'state', on },
  state: { protocol: 'gemini', kind: 'thought_signature', data: 'c2ln' },
})
const thoughtSignature = 'c2ln'

test('a signature belongs to its part, or to the words before it where its part has none', () => {
  const { events } = stream(
    parts([{ text: 'hm', thought: true }]),
    parts([{ text: '', thought: true, thoughtSignature }]),
    parts([{ text: 'Hi' }]),
    parts([{ text: '', thoughtSignature }]),
    parts([
      { text: 'yo', thoughtSignature },
      { inlineData: { mimeType: 'image/png', data: 'AAAA' }, thoughtSignature },
    ]),
    parts([{ text: '', thoughtSignature }]),
  )
  expect(events.filter(({ type }) => type === 'state')).toEqual([
    signature('reasoning'),
    signature('text'),
    signature('text'),
    signature(null),
    signature(null),
  ])
})

test('a signature of the other kind of words stands alone', () => {
  const { events } = stream(
    parts([
      { text: 'hm', thought: true },
      { text: '', thoughtSignature },
    ]),
  )
  expect(events).toEqual([{ type: 'reasoning', text: 'hm' }, signature(null)])
})

test('a new kind of part is unknown, an empty one nothing', () => {
  expect(stream(parts([{ hologram: { x: 1 } }])).events).toEqual([{ type: 'unknown', name: 'part.hologram' }])
  expect(stream(parts([{ text: '' }, { text: '', thought: true }])).events).toEqual([])
})

test('arguments in pieces are one JSON text at the end of their call', () => {
  const piece = (jsonPath: string, value: JsonObject, willContinue = true): JsonObject =>
    parts([{ functionCall: { partialArgs: [{ jsonPath, ...value }], willContinue } }])
  const { events } = stream(
    parts([{ functionCall: { name: 'f', willContinue: true } }]),
    piece('$.list[0].name', { stringValue: 'ap', willContinue: true }),
    piece('$.list[0].name', { stringValue: 'ple', willContinue: true }),
    piece('$.list[0].name', { stringValue: '' }),
    piece('$.list[0].price', { numberValue: 0.5 }),
    piece("$['a b']", { boolValue: true }),
    piece('$.none', { nullValue: null }),
    parts([{ functionCall: {} }]),
    parts([{ functionCall: { name: 'g', willContinue: true } }]),
    piece('$.x', { stringValue: 'y' }),
    parts([{ functionCall: { name: 'h', willContinue: true } }]),
    parts([{ text: '' }], { finishReason: 'STOP' }),
  )
  expect(events).toEqual([
    { type: 'tool_call', index: 0, name: 'f', arguments: '' },
    {
      type: 'tool_call',
      index: 0,
      arguments: '{"list":[{"name":"apple","price":0.5}],"a b":true,"none":null}',
    },
    { type: 'tool_call', index: 1, name: 'g', arguments: '' },
    { type: 'tool_call', index: 1, arguments: '{"x":"y"}' },
    { type: 'tool_call', index: 2, name: 'h', arguments: '' },
    { type: 'tool_call', index: 2, arguments: '{}' },
    { type: 'end', reason: 'tool', raw: 'STOP' },
  ])
})

test('as an array it is terminal only with the closing bracket', () => {
  const decoder = gemini.streamDecoder('json-array')
  decoder.push(utf8(`[${JSON.stringify(parts([{ text: 'x' }], { finishReason: 'STOP' }))}`))
  expect(decoder.terminal).toBe(false)
  decoder.push(utf8('\n]'))
  expect([decoder.terminal, decoder.eventsSeen, decoder.betweenBlocks]).toEqual([true, 1, false])
})

test('an error in an array is terminal without the bracket', () => {
  const decoder = gemini.streamDecoder('json-array')
  const events = decoder.push(utf8('[{"error":{"code":503,"message":"busy","status":"UNAVAILABLE"}}'))
  expect(events).toMatchObject([{ type: 'error', message: 'busy', code: 'UNAVAILABLE', status: 503 }])
  expect(decoder.terminal).toBe(true)
})
