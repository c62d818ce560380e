import { expect, test } from 'vitest'
import { openAiResponses } from '../../../src/protocols/openai-responses/index.ts'

test('a whole response in order: start, content, usage, end', () => {
  const body = {
    id: 'resp_1',
    model: 'gpt-5',
    status: 'completed',
    error: null,
    output: [
      { type: 'reasoning', summary: [{ type: 'summary_text', text: 'hm' }] },
      { type: 'web_search_call', status: 'completed' },
      {
        type: 'message',
        content: [{ type: 'output_text', text: 'Hello', annotations: [{ type: 'url_citation' }] }],
      },
      { type: 'function_call', call_id: 'call_1', name: 'f', arguments: '{}' },
    ],
    usage: { input_tokens: 4, output_tokens: 2, total_tokens: 6, cost: 0.5 },
  }
  expect(openAiResponses.decodeAnswer(body)).toEqual([
    { type: 'start', id: 'resp_1', model: 'gpt-5' },
    { type: 'reasoning', text: 'hm' },
    { type: 'server_tool', kind: 'web_search', text: '' },
    { type: 'text', text: 'Hello' },
    { type: 'content', kind: 'annotation' },
    { type: 'tool_call', index: 0, id: 'call_1', name: 'f', arguments: '{}' },
    { type: 'usage', usage: { promptTokens: 4, completionTokens: 2, totalTokens: 6, costUsd: 0.5 } },
    { type: 'end', reason: 'tool', raw: 'completed' },
  ])
})

test('a response that works in the background only pauses', () => {
  expect(openAiResponses.decodeAnswer({ id: 'r', status: 'queued', output: [], usage: null })).toEqual([
    { type: 'start', id: 'r' },
    { type: 'end', reason: 'pause', raw: 'queued' },
  ])
})

test('a failed response is an error', () => {
  const body = {
    id: 'r',
    status: 'failed',
    output: [],
    error: { code: 'rate_limit_exceeded', message: 'slow' },
  }
  expect(openAiResponses.decodeAnswer(body).at(-1)).toMatchObject({
    type: 'error',
    message: 'slow',
    status: 429,
  })
})

test.each([[null], ['x'], [[]], [{}], [{ object: 'response.input_tokens', input_tokens: 16 }]])(
  '%j is no answer',
  (body) => {
    expect(openAiResponses.decodeAnswer(body)).toEqual([])
  },
)
