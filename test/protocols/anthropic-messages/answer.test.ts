import { expect, test } from 'vitest'
import { anthropicMessages } from '../../../src/protocols/anthropic-messages/index.ts'

test('a whole message in order: start, content, usage, end', () => {
  const body = {
    id: 'msg_1',
    type: 'message',
    model: 'claude-opus-4-5',
    content: [
      { type: 'thinking', thinking: 'hm', signature: 'EuY' },
      {
        type: 'text',
        text: 'Hello',
        citations: [{ type: 'page_location', cited_text: 'Hi.', document_title: 'Greetings' }],
      },
      { type: 'text', text: 'you' },
      { type: 'server_tool_use', name: 'web_search', input: { q: 'x' } },
      { type: 'tool_use', id: 'toolu_1', name: 'f', input: {} },
      { type: 'tool_use', id: 'toolu_2', name: 'g', input: { x: [1] } },
    ],
    stop_reason: 'tool_use',
    usage: { input_tokens: 5, cache_read_input_tokens: 2, output_tokens: 4 },
  }
  expect(anthropicMessages.decodeAnswer(body)).toEqual([
    { type: 'start', id: 'msg_1', model: 'claude-opus-4-5' },
    { type: 'reasoning', text: 'hm' },
    {
      type: 'state',
      state: { protocol: 'anthropic-messages', kind: 'signature', data: 'EuY' },
      on: 'reasoning',
    },
    { type: 'text', text: 'Hello' },
    {
      type: 'citation',
      citation: { url: null, title: 'Greetings', quote: 'Hi.', start: 0, end: 5 },
    },
    { type: 'boundary', of: 'text' },
    { type: 'text', text: 'you' },
    { type: 'server_tool', kind: 'web_search', text: '' },
    { type: 'tool_call', index: 0, id: 'toolu_1', name: 'f', arguments: '' },
    { type: 'tool_call', index: 0, arguments: '{}' },
    { type: 'tool_call', index: 1, id: 'toolu_2', name: 'g', arguments: '' },
    { type: 'tool_call', index: 1, arguments: '{"x":[1]}' },
    { type: 'usage', usage: { promptTokens: 7, completionTokens: 4, totalTokens: 11, cachedTokens: 2 } },
    { type: 'end', reason: 'tool', raw: 'tool_use' },
  ])
})

test('an error body under a status of success is an error', () => {
  const body = { type: 'error', error: { type: 'api_error', message: 'sorry' } }
  expect(anthropicMessages.decodeAnswer(body)).toMatchObject([
    { type: 'error', message: 'sorry', status: 500 },
  ])
})

test.each([[null], ['x'], [[]], [{}], [{ input_tokens: 19 }]])('%j is no answer', (body) => {
  expect(anthropicMessages.decodeAnswer(body)).toEqual([])
})
