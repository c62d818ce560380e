import { describe, expect, it, test } from 'vitest'
import type { AnswerPart } from '../../../../src/core/answer.ts'
import type { ChoiceEnd } from '../../../../src/core/event.ts'
import type { JsonObject } from '../../../../src/core/json.ts'
import type { ReportedUsage } from '../../../../src/core/usage.ts'
import { gemini } from '../../../../src/protocols/gemini/index.ts'
import { answer, choice, encode, partsOf, text } from './a-whole-answer.ts'
import { aboutFor } from './an-answer.ts'

test('all that a response has', () => {
  const usage = {
    promptTokens: 12,
    completionTokens: 9,
    totalTokens: 21,
    reasoningTokens: 4,
    cachedTokens: 8,
  }
  const parts: AnswerPart[] = [
    text('Hello'),
    { type: 'tool_call', id: 'toolu_1', name: 'f', arguments: '{"a":1}' },
    { type: 'tool_call', id: '', name: 'g', arguments: '' },
  ]
  const end: ChoiceEnd = { reason: 'tool', raw: 'tool_use' }
  expect(gemini.encodeAnswer(answer([choice(parts, { end })], usage), aboutFor())).toEqual({
    lost: [],
    body: {
      candidates: [
        {
          content: {
            role: 'model',
            parts: [
              { text: 'Hello' },
              { functionCall: { id: 'toolu_1', name: 'f', args: { a: 1 } } },
              { functionCall: { id: 'call_01jd0example_1', name: 'g', args: {} } },
            ],
          },
          finishReason: 'STOP',
          index: 0,
        },
      ],
      usageMetadata: {
        ...{ promptTokenCount: 12, cachedContentTokenCount: 8, candidatesTokenCount: 5 },
        ...{ thoughtsTokenCount: 4, totalTokenCount: 21 },
      },
      modelVersion: 'claude-sonnet-4-5',
      responseId: '01jd0example',
    },
  })
})

test.each<[ReportedUsage, JsonObject, string[]]>([
  [{ promptTokens: 3 }, { promptTokenCount: 3 }, []],
  [{ totalTokens: 9, cachedTokens: 0 }, { totalTokenCount: 9, cachedContentTokenCount: 0 }, []],
  [
    {
      promptTokens: 10,
      completionTokens: 8,
      reasoningTokens: 3,
      promptAudioTokens: 4,
      completionAudioTokens: 5,
    },
    {
      ...{ promptTokenCount: 10, candidatesTokenCount: 5, thoughtsTokenCount: 3, totalTokenCount: 18 },
      promptTokensDetails: [
        { modality: 'TEXT', tokenCount: 6 },
        { modality: 'AUDIO', tokenCount: 4 },
      ],
      candidatesTokensDetails: [
        { modality: 'TEXT', tokenCount: 0 },
        { modality: 'AUDIO', tokenCount: 5 },
      ],
    },
    [],
  ],
  [
    { promptTokens: 1, completionTokens: 2, cacheWriteTokens: 1, serviceTier: 'default' },
    { promptTokenCount: 1, candidatesTokenCount: 2, totalTokenCount: 3, serviceTier: 'standard' },
    ['answer_usage_details'],
  ],
  [
    { promptTokens: 1, costUsd: 0.1, serviceTier: 'scale' },
    { promptTokenCount: 1 },
    ['answer_usage_details'],
  ],
])('the usage %j', (usage, usageMetadata, losses) => {
  const { body, lost } = gemini.encodeAnswer(answer([choice([text('a')])], usage), aboutFor())
  expect(body.usageMetadata).toEqual(usageMetadata)
  expect(lost.map(({ loss }) => loss)).toEqual(losses)
})

test.each<[ChoiceEnd['reason'], string, string[]]>([
  ['stop', 'STOP', []],
  ['tool', 'STOP', []],
  ['length', 'MAX_TOKENS', []],
  ['filter', 'SAFETY', []],
  ['error', 'OTHER', []],
  ['pause', 'STOP', ['answer_pause']],
])('the end %s is %s', (reason, finishReason, losses) => {
  const made = encode([choice([text('a')], { end: { reason, raw: 'x' } })])
  expect(made.candidates[0]?.finishReason).toBe(finishReason)
  expect(made.losses).toEqual(losses)
})

test('the stop sequence that ended it has no place', () => {
  const end: ChoiceEnd = { reason: 'stop', raw: 'stop_sequence', stopSequence: 'END' }
  expect(encode([choice([text('a')], { end })]).losses).toEqual(['answer_stop_sequence'])
})

test('several choices are candidates, their calls counted together', () => {
  const call: AnswerPart = { type: 'tool_call', id: '', name: 'f', arguments: '{}' }
  const { candidates } = encode([choice([call]), choice([call])])
  expect(candidates.map(({ index, content }) => [index, content])).toEqual([
    [0, { role: 'model', parts: [{ functionCall: { id: 'call_01jd0example_0', name: 'f', args: {} } }] }],
    [1, { role: 'model', parts: [{ functionCall: { id: 'call_01jd0example_1', name: 'f', args: {} } }] }],
  ])
})

test('an answer of nothing has an empty text, which clients look for', () => {
  expect(partsOf([]).parts).toEqual([{ text: '' }])
})

describe('calls that are not whole', () => {
  const broken: AnswerPart = { type: 'tool_call', id: 'c', name: 'f', arguments: '{"a":' }
  const ended = (reason: ChoiceEnd['reason']) => partsOf([broken], aboutFor(), { reason, raw: '' }).parts

  it('are said as they came, for the tool to refuse', () => {
    expect(ended('tool')).toEqual([{ functionCall: { id: 'c', name: 'f', args: { _raw: '{"a":' } } }])
  })

  it('but not where the limit cut the answer', () => {
    expect(ended('length')).toEqual([{ text: '' }])
  })
})

test('a refusal, what a tool of the provider said, pictures, and sound with its words', () => {
  const { parts, losses } = partsOf([
    { type: 'refusal', text: 'No.' },
    { type: 'server_tool', kind: 'code_execution', text: '42' },
    { type: 'server_tool', kind: 'web_search', text: '' },
    { type: 'media', mediaType: 'image/png', data: 'AAAA' },
    { type: 'media', mediaType: 'audio/wav', data: 'BBBB', transcript: 'Hello' },
  ])
  expect(parts).toEqual([
    { text: 'No.' },
    { text: '42' },
    { inlineData: { mimeType: 'image/png', data: 'AAAA' } },
    { inlineData: { mimeType: 'audio/wav', data: 'BBBB' } },
    { text: 'Hello' },
  ])
  expect(losses).toEqual(['answer_refusal', 'answer_server_tool'])
})

test('log probabilities', () => {
  const token = { token: 'a', logprob: -0.5, bytes: [97] }
  const logprobs = [{ ...token, top: [token, { token: 'b', logprob: -2, bytes: null }] }]
  expect(encode([choice([text('a')], { logprobs })]).candidates[0]?.logprobsResult).toEqual({
    chosenCandidates: [{ token: 'a', logProbability: -0.5 }],
    topCandidates: [
      {
        candidates: [
          { token: 'a', logProbability: -0.5 },
          { token: 'b', logProbability: -2 },
        ],
      },
    ],
  })
})
