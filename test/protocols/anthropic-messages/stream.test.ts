import { expect, test } from 'vitest'
import type { Event } from '../../../src/core/event.ts'
import type { Json, JsonObject } from '../../../src/core/json.ts'
import { anthropicMessages } from '../../../src/protocols/anthropic-messages/index.ts'
import { utf8 } from '../../support/chunking.ts'

function stream(...sent: JsonObject[]): { events: Event[]; terminal: boolean } {
  const decoder = anthropicMessages.streamDecoder('sse')
  const text = sent.map((event) => `event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`).join('')
  return { events: decoder.push(utf8(text)), terminal: decoder.terminal }
}
const start = (usage: Json = { input_tokens: 3, output_tokens: 1 }, rest: JsonObject = {}): JsonObject => ({
  type: 'message_start',
  message: { id: 'msg_1', model: 'claude-sonnet-4-5', content: [], stop_reason: null, usage, ...rest },
})
const block = (index: number, content_block: JsonObject): JsonObject => ({
  type: 'content_block_start',
  index,
  content_block,
})
const delta = (index: number, delta: JsonObject): JsonObject => ({
  type: 'content_block_delta',
  index,
  delta,
})
const stop = (index: number): JsonObject => ({ type: 'content_block_stop', index })
const end = (stop_reason: string | null, usage: Json = null): JsonObject => ({
  type: 'message_delta',
  delta: { stop_reason },
  usage,
})

test('an answer with thinking, text and a tool', () => {
  const { events, terminal } = stream(
    start({
      input_tokens: 10,
      cache_read_input_tokens: 100,
      cache_creation_input_tokens: 20,
      output_tokens: 1,
    }),
    { type: 'ping' },
    block(0, { type: 'thinking', thinking: '', signature: '' }),
    delta(0, { type: 'thinking_delta', thinking: 'hm' }),
    delta(0, { type: 'signature_delta', signature: 'EuY' }),
    stop(0),
    block(1, { type: 'text', text: '' }),
    delta(1, { type: 'text_delta', text: 'Hello' }),
    delta(1, { type: 'citations_delta', citation: {} }),
    stop(1),
    block(2, { type: 'tool_use', id: 'toolu_1', name: 'f', input: {} }),
    delta(2, { type: 'input_json_delta', partial_json: '' }),
    delta(2, { type: 'input_json_delta', partial_json: '{"x":1}' }),
    stop(2),
    end('tool_use', { output_tokens: 40 }),
    { type: 'message_stop' },
  )
  const prompt = { promptTokens: 130, cachedTokens: 100, cacheWriteTokens: 20 }
  expect(events).toEqual([
    { type: 'start', id: 'msg_1', model: 'claude-sonnet-4-5' },
    { type: 'usage', usage: prompt },
    { type: 'ping' },
    { type: 'structure', name: 'thinking.start' },
    { type: 'reasoning', text: 'hm' },
    { type: 'content', kind: 'signature' },
    { type: 'structure', name: 'thinking.stop' },
    { type: 'structure', name: 'text.start' },
    { type: 'text', text: 'Hello' },
    { type: 'content', kind: 'citations' },
    { type: 'structure', name: 'text.stop' },
    { type: 'tool_call', index: 0, id: 'toolu_1', name: 'f', arguments: '' },
    { type: 'tool_call', index: 0, arguments: '{"x":1}' },
    { type: 'structure', name: 'tool_use.stop' },
    { type: 'usage', usage: { ...prompt, completionTokens: 40, totalTokens: 170 } },
    { type: 'end', reason: 'tool', raw: 'tool_use' },
  ])
  expect(terminal).toBe(true)
})

test('the usage of message_delta replaces that of message_start, key by key', () => {
  const { events } = stream(
    start({
      input_tokens: 1128,
      cache_read_input_tokens: 4,
      cache_creation: { ephemeral_5m_input_tokens: 5, ephemeral_1h_input_tokens: 7 },
      cache_creation_input_tokens: 12,
      output_tokens: 2,
      service_tier: 'standard',
    }),
    end('end_turn', {
      input_tokens: 2411,
      cache_read_input_tokens: null,
      output_tokens: 145,
      output_tokens_details: { thinking_tokens: 47 },
    }),
  )
  expect(events.at(-1)).toEqual({
    type: 'usage',
    usage: {
      promptTokens: 2427,
      completionTokens: 145,
      totalTokens: 2572,
      cachedTokens: 4,
      cacheWriteTokens: 12,
      cacheWrite1hTokens: 7,
      reasoningTokens: 47,
      serviceTier: 'standard',
    },
  })
})

test.each<[string, JsonObject[], boolean]>([
  ['message_delta', [start(), end('end_turn')], false],
  ['message_stop', [start(), end('end_turn'), { type: 'message_stop' }], true],
  [
    'an error',
    [start(), { type: 'error', error: { type: 'overloaded_error', message: 'Overloaded' } }],
    true,
  ],
  ['a message after a message', [start(), { type: 'message_stop' }, start({}, { id: 'msg_2' })], false],
])('knows whether it is terminal after %s', (_what, sent, expected) => {
  expect(stream(...sent).terminal).toBe(expected)
})

test('an error event names its status', () => {
  expect(
    stream({ type: 'error', error: { type: 'overloaded_error', message: 'Overloaded' } }).events,
  ).toEqual([
    {
      type: 'error',
      message: 'Overloaded',
      errorType: 'overloaded_error',
      code: null,
      status: 529,
      retryAfterMs: null,
    },
  ])
})

test.each([
  ['end_turn', 'stop'],
  ['stop_sequence', 'stop'],
  ['max_tokens', 'length'],
  ['model_context_window_exceeded', 'length'],
  ['refusal', 'filter'],
  ['pause_turn', 'pause'],
])('%s is %s', (raw, reason) => {
  expect(stream(start(), end(raw), { type: 'message_stop' }).events.at(-1)).toEqual({
    type: 'end',
    reason,
    raw,
  })
})

test.each<[JsonObject]>([
  [{ type: 'redacted_thinking', data: 'x' }],
  [{ type: 'server_tool_use', id: 'srvtoolu_1', name: 'web_search', input: {} }],
  [{ type: 'web_search_tool_result', content: [] }],
  [{ type: 'mcp_tool_use', name: 'm' }],
  [{ type: 'compaction', content: null }],
])('%j is content and no tool call', (content) => {
  const { events } = stream(
    block(0, content),
    delta(0, { type: 'input_json_delta', partial_json: '{"q' }),
    stop(0),
    end('end_turn'),
    { type: 'message_stop' },
  )
  expect(events[0]).toEqual({ type: 'content', kind: content.type })
  expect(events[1]).toEqual({ type: 'content', kind: content.type })
  expect(events.at(-1)).toMatchObject({ reason: 'stop' })
})

test('an input given at the start of its block counts if no deltas follow', () => {
  const tool = block(0, { type: 'tool_use', id: 't', name: 'f', input: { x: 1 } })
  expect(stream(tool, stop(0)).events[1]).toEqual({ type: 'tool_call', index: 0, arguments: '{"x":1}' })
  const streamed = stream(tool, delta(0, { type: 'input_json_delta', partial_json: '{"x":2}' }), stop(0))
  const text = streamed.events
    .flatMap((event) => (event.type === 'tool_call' ? [event.arguments] : []))
    .join('')
  expect(text).toBe('{"x":2}')
})

test('events without an event: line are read by their type, new deltas are unknown', () => {
  const decoder = anthropicMessages.streamDecoder('sse')
  expect(decoder.push(utf8('data: {"type":"ping"}\n\n'))).toEqual([{ type: 'ping' }])
  const novel = delta(0, { type: 'hologram_delta', hologram: 'x' })
  expect(stream(novel).events).toEqual([{ type: 'unknown', name: 'hologram_delta' }])
})

test('a repeated message_start begins no new message', () => {
  expect(stream(start(), start()).events.map((event) => event.type)).toEqual(['start', 'usage', 'structure'])
})
