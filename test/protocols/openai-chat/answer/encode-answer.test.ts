import { describe, expect, test } from 'vitest'
import type { Answer, AnswerPart } from '../../../../src/core/answer.ts'
import type { ChoiceEnd } from '../../../../src/core/event.ts'
import type { ReportedUsage } from '../../../../src/core/usage.ts'
import { openAiChat } from '../../../../src/protocols/openai-chat/index.ts'
import { sealState } from '../../../../src/protocols/translation/reasoning-state.ts'
import { aboutFor } from '../an-answer.ts'

const stop: ChoiceEnd = { reason: 'stop', raw: 'end_turn' }

function answerOf(parts: AnswerPart[], { end = stop, usage = null as ReportedUsage | null } = {}): Answer {
  return { id: 'msg_1', model: 'claude-sonnet-4-5', choices: [{ parts, end, logprobs: [] }], usage }
}

function messageOf(parts: AnswerPart[]): unknown {
  const { body } = openAiChat.encodeAnswer(answerOf(parts), aboutFor())
  return (body.choices as { message: unknown }[])[0]?.message
}

test('a whole answer has every field that the official types require', () => {
  const usage = {
    ...{ promptTokens: 20, completionTokens: 9, totalTokens: 29 },
    ...{ cachedTokens: 16, cacheWriteTokens: 2, reasoningTokens: 4, serviceTier: 'default' },
  }
  const { body, lost } = openAiChat.encodeAnswer(answerOf([{ type: 'text', text: 'Hello' }], { usage }), {
    ...aboutFor(),
  })
  expect(lost).toEqual([])
  expect(body).toEqual({
    id: 'chatcmpl-01jd0example',
    object: 'chat.completion',
    created: 1_767_614_400,
    model: 'claude-sonnet-4-5',
    choices: [
      {
        index: 0,
        message: { role: 'assistant', content: 'Hello', refusal: null, annotations: [] },
        logprobs: null,
        finish_reason: 'stop',
      },
    ],
    usage: {
      prompt_tokens: 20,
      completion_tokens: 9,
      total_tokens: 29,
      prompt_tokens_details: { cached_tokens: 16, cache_write_tokens: 2 },
      completion_tokens_details: { reasoning_tokens: 4 },
    },
    service_tier: 'default',
  })
})

test('tool calls beside no text leave the content null, and a missing id is made up', () => {
  expect(
    messageOf([
      { type: 'tool_call', id: 'toolu_1', name: 'f', arguments: '{"a":1}' },
      { type: 'tool_call', id: '', name: 'sql', arguments: 'SELECT 1', custom: true },
    ]),
  ).toEqual({
    role: 'assistant',
    content: null,
    refusal: null,
    annotations: [],
    tool_calls: [
      { id: 'toolu_1', type: 'function', function: { name: 'f', arguments: '{"a":1}' } },
      { id: 'call_01jd0example_1', type: 'custom', custom: { name: 'sql', input: 'SELECT 1' } },
    ],
  })
})

test('thoughts are one text, with the stretch that each state proves', () => {
  const signature = (data: string) =>
    ({ protocol: 'anthropic-messages', model: 'claude-sonnet-4-5', kind: 'signature', data }) as const
  const detail = (data: string, id: string, index: number) => ({
    ...{ type: 'reasoning.encrypted', data: sealState(signature(data)), id, format: 'llmproxy', index },
  })
  expect(
    messageOf([
      { type: 'reasoning', text: 'One.', state: signature('s1') },
      { type: 'reasoning', text: 'Bare.' },
      { type: 'reasoning', text: 'Two.', state: signature('s2') },
      { type: 'text', text: 'Yes' },
    ]),
  ).toMatchObject({
    content: 'Yes',
    reasoning_content: 'One.\n\nBare.\n\nTwo.',
    reasoning_details: [detail('s1', 'thought_0_4', 0), detail('s2', 'thought_13_17', 1)],
  })
})

test('a refusal stands in its own field', () => {
  expect(messageOf([{ type: 'refusal', text: 'No.' }])).toMatchObject({ content: null, refusal: 'No.' })
})

test('citations of a URL are annotations of the whole text', () => {
  const citation = { url: 'https://example.com/', title: 'E', quote: null, start: 2, end: 5 }
  const bare = { ...citation, start: null, end: null }
  expect(
    messageOf([
      { type: 'text', text: 'It is ', citations: [citation] },
      { type: 'text', text: 'so.', citations: [bare] },
    ]),
  ).toMatchObject({
    content: 'It is so.',
    annotations: [
      {
        type: 'url_citation',
        url_citation: { url: 'https://example.com/', title: 'E', start_index: 2, end_index: 5 },
      },
      { url_citation: { start_index: 0, end_index: 9 } },
    ],
  })
})

test('pictures have their list, and sound in pieces is one', () => {
  const piece = (text: string) => Buffer.from(text).toString('base64')
  expect(
    messageOf([
      { type: 'media', mediaType: 'image/png', data: 'iVBO' },
      { type: 'media', mediaType: 'audio/wav', data: piece('R'), transcript: 'Good ' },
      { type: 'media', mediaType: 'audio/wav', data: piece('IFF'), transcript: 'day' },
    ]),
  ).toMatchObject({
    images: [{ index: 0, type: 'image_url', image_url: { url: 'data:image/png;base64,iVBO' } }],
    audio: { id: 'audio_01jd0example', data: piece('RIFF'), transcript: 'Good day' },
  })
})

test('alternatives each have their message, log probabilities and reason', () => {
  const token = { token: 'a', logprob: -0.5, bytes: null }
  const { body } = openAiChat.encodeAnswer(
    {
      id: null,
      model: null,
      usage: null,
      choices: [
        { parts: [{ type: 'text', text: 'a' }], end: stop, logprobs: [{ ...token, top: [token] }] },
        { parts: [], end: { reason: 'filter', raw: 'SAFETY' }, logprobs: [] },
      ],
    },
    aboutFor(),
  )
  expect(body.model).toBe('claude-sonnet-4-5')
  expect(body).not.toHaveProperty('usage')
  expect(body.choices).toMatchObject([
    { index: 0, finish_reason: 'stop', logprobs: { content: [{ ...token, top_logprobs: [token] }] } },
    { index: 1, finish_reason: 'content_filter', logprobs: null, message: { content: '' } },
  ])
})

describe('a count that is not known is left out', () => {
  test.each<[ReportedUsage, object | undefined]>([
    [{}, undefined],
    [{ serviceTier: 'flex' }, undefined],
    [{ completionTokens: 4 }, { completion_tokens: 4 }],
    [
      { promptTokens: 3, completionTokens: 4 },
      { prompt_tokens: 3, completion_tokens: 4, total_tokens: 7 },
    ],
    [
      { promptTokens: 0, totalTokens: 9 },
      { prompt_tokens: 0, total_tokens: 9 },
    ],
  ])('%j', (usage, expected) => {
    const { body } = openAiChat.encodeAnswer(answerOf([], { usage }), aboutFor())
    expect(body.usage).toEqual(expected)
  })
})

test('what has no place is named', () => {
  const citation = { url: null, title: null, quote: 'from a document', start: null, end: null }
  const { body, lost } = openAiChat.encodeAnswer(
    answerOf(
      [
        { type: 'server_tool', kind: 'code_execution', text: 'print(1)\n' },
        { type: 'server_tool', kind: 'web_search', text: '' },
        { type: 'text', text: 'x', citations: [citation] },
      ],
      {
        end: { reason: 'pause', raw: 'pause_turn', stopSequence: '###' },
        usage: { promptTokens: 1, completionTokens: 1, cacheWriteTokens: 5, cacheWrite1hTokens: 5 },
      },
    ),
    aboutFor(),
  )
  expect(body.choices).toMatchObject([{ message: { content: 'print(1)\nx' }, finish_reason: 'stop' }])
  expect(lost.map(({ loss }) => loss).sort()).toEqual([
    'answer_citation',
    'answer_pause',
    'answer_server_tool',
    'answer_stop_sequence',
    'answer_usage_details',
  ])
})
