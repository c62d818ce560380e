import { expect, test } from 'vitest'
import type { Answer, AnswerChoice } from '../../../../src/core/answer.ts'
import { anthropicMessages } from '../../../../src/protocols/anthropic-messages/index.ts'
import { sealState } from '../../../../src/protocols/translation/reasoning-state.ts'
import { anAbout } from './an-answer.ts'

const answer = (choice: Partial<AnswerChoice>, rest: Partial<Answer> = {}): Answer => ({
  id: 'chatcmpl-1',
  model: 'gpt-5.1',
  choices: [{ parts: [], end: { reason: 'stop', raw: 'stop' }, logprobs: [], ...choice }],
  usage: null,
  ...rest,
})

test('a whole message, with every field that the SDK knows', () => {
  const state = {
    protocol: 'gemini',
    model: 'gemini-3-pro',
    kind: 'thought_signature',
    data: 'c2ln',
  } as const
  const about = anAbout('gemini')
  const sealed = sealState({ ...state, model: 'backend-model' })
  const { body, lost } = anthropicMessages.encodeAnswer(
    answer(
      {
        parts: [
          { type: 'reasoning', text: 'hm', state },
          {
            type: 'text',
            text: 'Paris',
            citations: [{ url: 'https://e.example/', title: null, quote: null, start: 0, end: 5 }],
          },
          { type: 'tool_call', id: '', name: 'f', arguments: '{"x":1}', state },
          { type: 'tool_call', id: 'call_9', name: 'g', arguments: '{}' },
        ],
        end: { reason: 'tool', raw: 'STOP' },
      },
      { usage: { promptTokens: 30, cachedTokens: 20, completionTokens: 7 } },
    ),
    about,
  )
  expect(body).toEqual({
    id: 'msg_01k7abc',
    type: 'message',
    role: 'assistant',
    model: 'gpt-5.1',
    content: [
      { type: 'thinking', thinking: 'hm', signature: sealed },
      {
        type: 'text',
        text: 'Paris',
        citations: [
          {
            type: 'web_search_result_location',
            cited_text: '',
            encrypted_index: sealState({ ...about.source, kind: 'encrypted', data: '' }),
            title: null,
            url: 'https://e.example/',
          },
        ],
      },
      { type: 'redacted_thinking', data: sealed },
      { type: 'tool_use', id: 'call_01k7abc_0', name: 'f', input: { x: 1 }, caller: { type: 'direct' } },
      { type: 'tool_use', id: 'call_9', name: 'g', input: {}, caller: { type: 'direct' } },
    ],
    container: null,
    diagnostics: null,
    stop_reason: 'tool_use',
    stop_sequence: null,
    stop_details: null,
    usage: { input_tokens: 10, cache_read_input_tokens: 20, output_tokens: 7 },
  })
  expect(lost).toEqual([])
})

test('an answer of nothing is an empty message of the backend’s model', () => {
  const { body } = anthropicMessages.encodeAnswer(answer({}, { model: null }), anAbout())
  expect(body).toMatchObject({
    model: 'backend-model',
    content: [],
    stop_reason: 'end_turn',
    usage: { input_tokens: 0, output_tokens: 0 },
  })
})

test('no text of white space alone, no thoughts without words or proof', () => {
  const parts: AnswerChoice['parts'] = [
    { type: 'text', text: ' \n' },
    { type: 'reasoning', text: '' },
    { type: 'server_tool', kind: 'search', text: '' },
  ]
  const { body, lost } = anthropicMessages.encodeAnswer(answer({ parts }), anAbout())
  expect(body.content).toEqual([])
  expect(lost).toEqual([])
})

test('thoughts that nobody wants to read leave their state', () => {
  const reasoning = { effort: null, budgetTokens: null, adaptive: true, visible: false }
  const state = { protocol: 'openai-responses', model: 'm', kind: 'encrypted', data: 'gAAA' } as const
  const parts: AnswerChoice['parts'] = [
    { type: 'reasoning', text: 'hm', state },
    { type: 'reasoning', text: 'hm' },
  ]
  const { body } = anthropicMessages.encodeAnswer(
    answer({ parts }),
    anAbout('openai-responses', { reasoning }),
  )
  expect(body.content).toEqual([
    { type: 'redacted_thinking', data: sealState({ ...state, model: 'backend-model' }) },
  ])
})

test('what has no place is lost by name, its words stay', () => {
  const parts: AnswerChoice['parts'] = [
    { type: 'refusal', text: 'No.' },
    { type: 'media', mediaType: 'image/png', data: 'aGk=' },
    { type: 'media', mediaType: 'audio/wav', data: 'UklG', transcript: 'Hello' },
    { type: 'server_tool', kind: 'code', text: '42' },
    { type: 'text', text: 'a', citations: [{ url: null, title: 'T', quote: 'q', start: null, end: null }] },
  ]
  const { body, lost } = anthropicMessages.encodeAnswer(answer({ parts }), anAbout())
  expect(body.content).toMatchObject([
    { text: 'No.' },
    { text: 'Hello' },
    { text: '42' },
    { text: 'a', citations: null },
  ])
  expect(lost.map(({ loss }) => loss)).toEqual([
    'answer_refusal',
    'answer_media',
    'answer_server_tool',
    'answer_citation',
  ])
})

test('arguments that are no JSON stay what they are; free text is the one string of an object', () => {
  const parts: AnswerChoice['parts'] = [
    { type: 'tool_call', id: 'a', name: 'f', arguments: '{"x":' },
    { type: 'tool_call', id: 'b', name: 'g', arguments: '*** Begin', custom: true },
  ]
  const { body } = anthropicMessages.encodeAnswer(answer({ parts }), anAbout())
  expect(body.content).toMatchObject([{ input: '{"x":' }, { input: { input: '*** Begin' } }])
})
