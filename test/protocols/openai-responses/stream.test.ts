import { expect, test } from 'vitest'
import type { Event } from '../../../src/core/event.ts'
import type { JsonObject } from '../../../src/core/json.ts'
import type { StreamDecoder } from '../../../src/core/protocol.ts'
import { openAiResponses } from '../../../src/protocols/openai-responses/index.ts'
import { utf8 } from '../../support/chunking.ts'

function stream(...sent: JsonObject[]): { events: Event[]; decoder: StreamDecoder } {
  const decoder = openAiResponses.streamDecoder('sse')
  const text = sent.map((event) => `event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`).join('')
  return { events: decoder.push(utf8(text)), decoder }
}
const created = {
  type: 'response.created',
  sequence_number: 0,
  response: { id: 'resp_1', model: 'gpt-5', status: 'in_progress' },
}
const completed = (rest: JsonObject = {}): JsonObject => ({
  type: 'response.completed',
  sequence_number: 41,
  response: { id: 'resp_1', status: 'completed', output: [], ...rest },
})
const message = {
  type: 'message',
  id: 'msg_1',
  role: 'assistant',
  content: [{ type: 'output_text', text: 'Hello' }],
}

test('an ordinary answer counts its text once', () => {
  const { events, decoder } = stream(
    created,
    { type: 'response.in_progress', sequence_number: 1, response: { status: 'in_progress' } },
    { type: 'response.output_item.added', output_index: 0, item: { ...message, content: [] } },
    {
      type: 'response.content_part.added',
      output_index: 0,
      content_index: 0,
      part: { type: 'output_text', text: '' },
    },
    { type: 'response.output_text.delta', output_index: 0, content_index: 0, delta: 'Hel' },
    { type: 'response.output_text.delta', output_index: 0, content_index: 0, delta: 'lo' },
    { type: 'response.output_text.done', output_index: 0, content_index: 0, text: 'Hello' },
    {
      type: 'response.content_part.done',
      output_index: 0,
      content_index: 0,
      part: { type: 'output_text', text: 'Hello' },
    },
    { type: 'response.output_item.done', output_index: 0, item: message },
    completed({
      output: [message],
      service_tier: 'default',
      usage: {
        input_tokens: 20,
        input_tokens_details: { cached_tokens: 8, cache_write_tokens: 2 },
        output_tokens: 3,
        output_tokens_details: { reasoning_tokens: 1 },
        total_tokens: 23,
      },
    }),
  )
  expect(events).toEqual([
    { type: 'start', id: 'resp_1', model: 'gpt-5' },
    { type: 'structure', name: 'in_progress' },
    { type: 'structure', name: 'message.added' },
    { type: 'structure', name: 'content_part.added' },
    { type: 'text', text: 'Hel' },
    { type: 'text', text: 'lo' },
    { type: 'structure', name: 'output_text.done' },
    { type: 'structure', name: 'content_part.done' },
    { type: 'structure', name: 'message.done' },
    {
      type: 'usage',
      usage: {
        promptTokens: 20,
        completionTokens: 3,
        totalTokens: 23,
        cachedTokens: 8,
        cacheWriteTokens: 2,
        reasoningTokens: 1,
        serviceTier: 'default',
      },
    },
    { type: 'end', reason: 'stop', raw: 'completed' },
  ])
  expect([decoder.terminal, decoder.lastSequence, decoder.eventsSeen]).toEqual([true, 41, 10])
})

const call = { type: 'function_call', id: 'fc_1', call_id: 'call_1', name: 'f', arguments: '{"x":1}' }
const added = { type: 'response.output_item.added', output_index: 2, item: { ...call, arguments: '' } }
const argumentsDelta = { type: 'response.function_call_arguments.delta', output_index: 2, delta: '{"x":1}' }
const argumentsDone = { type: 'response.function_call_arguments.done', output_index: 2, arguments: '{"x":1}' }
const itemDone = { type: 'response.output_item.done', output_index: 2, item: call }

test.each([
  ['deltas', [added, argumentsDelta, argumentsDone, itemDone, completed({ output: [call] })]],
  ['only the done event', [added, argumentsDone, itemDone, completed()]],
  ['only the finished item', [added, itemDone, completed()]],
  ['only an item that was never announced', [itemDone, completed()]],
  ['only the final response', [completed({ output: [call] })]],
])("a tool call's arguments count once when they come in %s", (_how, sent) => {
  const { events } = stream(...sent)
  const calls = events.flatMap((event) => (event.type === 'tool_call' ? [event] : []))
  expect(calls.map((event) => event.arguments).join('')).toBe('{"x":1}')
  expect(calls[0]).toMatchObject({ index: 0, id: 'call_1', name: 'f' })
  expect(events.at(-1)).toEqual({ type: 'end', reason: 'tool', raw: 'completed' })
})

test.each([
  ['local_shell_call', { action: { command: ['ls'] } }, 'local_shell', '{"command":["ls"]}'],
  ['apply_patch_call', { operation: { type: 'create_file' } }, 'apply_patch', '{"type":"create_file"}'],
  ['shell_call', { action: { commands: ['ls'] }, environment: null }, 'shell', '{"commands":["ls"]}'],
  ['function_call', { namespace: 'agents', name: 'spawn', arguments: '{}' }, 'agents__spawn', '{}'],
])('%s is for the caller to carry out', (type, rest, name, text) => {
  const item = { type, call_id: 'call_1', ...rest }
  const { events } = stream({ type: 'response.output_item.done', output_index: 0, item }, completed())
  expect(events[0]).toEqual({ type: 'tool_call', index: 0, id: 'call_1', name, arguments: text })
})

test('custom_tool_call is for the caller too, and says free text', () => {
  const item = { type: 'custom_tool_call', call_id: 'call_1', name: 'sql', input: 'SELECT 1' }
  const { events } = stream({ type: 'response.output_item.done', output_index: 0, item }, completed())
  expect(events[0]).toEqual({
    ...{ type: 'tool_call', index: 0, id: 'call_1', name: 'sql', arguments: 'SELECT 1' },
    custom: true,
  })
})

test('what the provider ran and made', () => {
  const done = (output_index: number, item: JsonObject) => ({
    ...{ type: 'response.output_item.done', output_index },
    item,
  })
  const { events } = stream(
    done(0, { type: 'web_search_call', status: 'completed' }),
    done(1, { type: 'code_interpreter_call', code: 'print(1)', outputs: [{ type: 'logs', logs: '1' }] }),
    done(2, { type: 'image_generation_call', result: 'AAAA', output_format: 'webp' }),
    completed(),
  )
  expect(events).toEqual([
    { type: 'server_tool', kind: 'web_search', text: '' },
    { type: 'server_tool', kind: 'code_execution', text: '' },
    { type: 'server_tool', kind: 'code_execution', text: '\n```\nprint(1)\n```\n\n```\n1\n```\n' },
    { type: 'server_tool', kind: 'image_generation', text: '' },
    { type: 'media', mediaType: 'image/webp', data: 'AAAA' },
    { type: 'end', reason: 'stop', raw: 'completed' },
  ])
})

test('citations and log probabilities come once, with the answer’s own count of characters', () => {
  const place = (content_index: number) => ({ output_index: 0, content_index })
  const annotation = { type: 'url_citation', url: 'https://a.com/', title: 'a', start_index: 0, end_index: 2 }
  const logprob = { token: 'hi', logprob: -0.5, bytes: [104, 105], top_logprobs: [] }
  const part = { type: 'output_text', text: 'yo', annotations: [annotation], logprobs: [logprob] }
  const { events } = stream(
    { type: 'response.output_text.delta', ...place(0), delta: 'hi' },
    { type: 'response.output_text.delta', ...place(1), delta: 'yo', logprobs: [logprob] },
    { type: 'response.output_text.annotation.added', ...place(1), annotation },
    {
      ...{ type: 'response.output_item.done', output_index: 0 },
      item: { type: 'message', content: [{ type: 'output_text', text: 'hi' }, part] },
    },
    completed(),
  )
  expect(events.filter(({ type }) => type !== 'structure')).toEqual([
    { type: 'text', text: 'hi' },
    { type: 'boundary', of: 'text' },
    { type: 'text', text: 'yo' },
    {
      type: 'logprobs',
      tokens: [{ token: 'hi', logprob: -0.5, bytes: [104, 105], top: [] }],
    },
    { type: 'citation', citation: { url: 'https://a.com/', title: 'a', quote: null, start: 2, end: 4 } },
    { type: 'end', reason: 'stop', raw: 'completed' },
  ])
})

test.each<[JsonObject]>([
  [{ type: 'mcp_list_tools' }],
  [{ type: 'compaction' }],
  [{ type: 'shell_call', action: {}, environment: { type: 'container_reference' } }],
  [{ type: 'custom_tool_call', call_id: 'xs_call_1', name: 'x_keyword_search' }],
])('%j is content that the provider makes', (item) => {
  const { events } = stream({ type: 'response.output_item.added', output_index: 0, item }, completed())
  expect(events[0]).toEqual({ type: 'content', kind: item.type })
  expect(events.at(-1)).toMatchObject({ type: 'end', reason: 'stop' })
})

test.each<[string, Event['type']]>([
  ['response.web_search_call.searching', 'structure'],
  ['response.code_interpreter_call.interpreting', 'structure'],
  ['response.mcp_list_tools.failed', 'structure'],
  ['response.reasoning_summary_part.added', 'structure'],
  ['response.code_interpreter_call_code.delta', 'content'],
  ['response.image_generation_call.partial_image', 'content'],
  ['response.output_text.annotation.added', 'content'],
  ['response.audio.transcript.delta', 'content'],
  ['keepalive', 'ping'],
  ['response.something', 'unknown'],
  ['codex.rate_limits', 'unknown'],
])('%s is %s', (type, expected) => {
  expect(stream({ type, output_index: 0 }).events.map((event) => event.type)).toEqual([expected])
})

test('reasoning, its encrypted form and refusals', () => {
  const { events } = stream(
    { type: 'response.reasoning_summary_text.delta', output_index: 0, summary_index: 0, delta: 'hm' },
    { type: 'response.reasoning_summary_text.done', output_index: 0, summary_index: 1, text: 'so' },
    {
      type: 'response.output_item.done',
      output_index: 0,
      item: { type: 'reasoning', summary: [{ type: 'summary_text', text: 'hm' }], encrypted_content: 'gAAA' },
    },
    { type: 'response.refusal.delta', output_index: 1, content_index: 0, delta: 'No.' },
    completed(),
  )
  expect(events).toEqual([
    { type: 'reasoning', text: 'hm' },
    { type: 'boundary', of: 'reasoning' },
    { type: 'reasoning', text: 'so' },
    {
      type: 'state',
      on: 'reasoning',
      state: { protocol: 'openai-responses', kind: 'encrypted', data: 'gAAA' },
    },
    { type: 'refusal', text: 'No.' },
    { type: 'end', reason: 'filter', raw: 'completed' },
  ])
})

test.each<[JsonObject, object]>([
  [
    { status: 'incomplete', incomplete_details: { reason: 'max_output_tokens' } },
    { reason: 'length', raw: 'max_output_tokens' },
  ],
  [
    { status: 'incomplete', incomplete_details: { reason: 'content_filter' } },
    { reason: 'filter', raw: 'content_filter' },
  ],
  [{ status: 'incomplete' }, { reason: 'error', raw: 'incomplete' }],
  [{}, { reason: 'error', raw: 'incomplete' }],
])('response.incomplete with %j', (response, expected) => {
  const { events, decoder } = stream({ type: 'response.incomplete', response })
  expect(events).toEqual([{ type: 'end', ...expected }])
  expect(decoder.terminal).toBe(true)
})

test('an error is said once, though OpenAI says it twice', () => {
  const error = {
    type: 'insufficient_quota',
    code: 'insufficient_quota',
    message: 'You exceeded your quota.',
    param: null,
  }
  const { events, decoder } = stream(
    created,
    { type: 'error', sequence_number: 2, error },
    {
      type: 'response.failed',
      response: { status: 'failed', error: { code: error.code, message: error.message } },
    },
  )
  expect(events.slice(1)).toEqual([
    {
      type: 'error',
      message: 'You exceeded your quota.',
      errorType: 'insufficient_quota',
      code: 'insufficient_quota',
      status: 429,
      retryAfterMs: null,
    },
  ])
  expect(decoder.terminal).toBe(true)
})

test('what comes after the end of a response ends nothing twice, but its usage counts', () => {
  const { events } = stream(
    { type: 'error', error: { code: 'server_error', message: 'sorry' } },
    { type: 'response.failed', response: { status: 'failed', usage: { input_tokens: 4, output_tokens: 0 } } },
    completed(),
  )
  expect(events.map((event) => event.type)).toEqual(['error', 'usage'])
})

test('response.failed alone is an error too', () => {
  const response = { status: 'failed', error: { code: 'server_error', message: 'sorry' } }
  expect(stream({ type: 'response.failed', response }).events).toMatchObject([
    { type: 'error', message: 'sorry', status: 500 },
  ])
})

test('[DONE] is no end of this protocol', () => {
  const decoder = openAiResponses.streamDecoder('sse')
  expect(decoder.push(utf8('data: [DONE]\n\n'))).toEqual([])
  expect(decoder.terminal).toBe(false)
})

test('a response that begins after the end of another is read anew', () => {
  const { events, decoder } = stream(
    itemDone,
    completed(),
    { ...created, response: { id: 'resp_2' } },
    itemDone,
  )
  expect(events.flatMap((event) => (event.type === 'tool_call' ? [event.index] : []))).toEqual([0, 1])
  expect(decoder.terminal).toBe(false)
})
