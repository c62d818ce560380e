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

const signature = (data: string) => ({ protocol: 'anthropic-messages', kind: 'signature', data })

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
    delta(1, {
      type: 'citations_delta',
      citation: {
        type: 'web_search_result_location',
        url: 'https://example.com/',
        title: 'Example',
        cited_text: 'Hello there',
        encrypted_index: 'Eo8',
      },
    }),
    delta(1, { type: 'text_delta', text: ' you' }),
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
    { type: 'state', state: signature('EuY'), on: 'reasoning' },
    { type: 'structure', name: 'thinking.stop' },
    { type: 'structure', name: 'text.start' },
    { type: 'text', text: 'Hello' },
    { type: 'text', text: ' you' },
    {
      type: 'citation',
      citation: { url: 'https://example.com/', title: 'Example', quote: 'Hello there', start: 0, end: 9 },
    },
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

test.each<[JsonObject, string]>([
  [{ type: 'server_tool_use', id: 'srvtoolu_1', name: 'web_search', input: {} }, 'web_search'],
  [{ type: 'web_search_tool_result', content: [] }, 'web_search'],
  [{ type: 'mcp_tool_use', name: 'm' }, 'mcp'],
  [{ type: 'mcp_tool_result', content: [{ type: 'text', text: 'said by the model too' }] }, 'mcp'],
])('%j is a tool of the provider, and no tool call', (content, kind) => {
  const { events } = stream(
    block(0, content),
    delta(0, { type: 'input_json_delta', partial_json: '{"q' }),
    stop(0),
    end('end_turn'),
    { type: 'message_stop' },
  )
  expect(events[0]).toEqual({ type: 'server_tool', kind, text: '' })
  expect(events[1]).toEqual({ type: 'content', kind: content.type })
  expect(events.at(-1)).toMatchObject({ reason: 'stop' })
})

test('what a program printed is the text of its tool', () => {
  const printed = { type: 'bash_code_execution_result', stdout: 'Sum: 650\n', stderr: '', return_code: 0 }
  const failed = { type: 'code_execution_tool_result_error', error_code: 'unavailable' }
  expect(
    stream(
      block(0, { type: 'bash_code_execution_tool_result', content: printed }),
      block(1, { type: 'code_execution_tool_result', content: failed }),
    ).events,
  ).toEqual([
    { type: 'server_tool', kind: 'bash_code_execution', text: 'Sum: 650\n' },
    { type: 'server_tool', kind: 'code_execution', text: '' },
  ])
})

test('thoughts that only the provider can read are a state by themselves', () => {
  const { events } = stream(
    block(0, { type: 'redacted_thinking', data: 'EqkE' }),
    stop(0),
    block(1, { type: 'thinking', thinking: '', signature: '' }),
    delta(1, { type: 'signature_delta', signature: 'EuY' }),
    stop(1),
  )
  expect(events.filter(({ type }) => type === 'state')).toEqual([
    { type: 'state', state: { protocol: 'anthropic-messages', kind: 'redacted', data: 'EqkE' }, on: null },
    { type: 'state', state: signature('EuY'), on: null },
  ])
})

test('a compaction is content of its own', () => {
  const sent = [
    block(0, { type: 'compaction', content: null }),
    delta(0, { type: 'compaction_delta', content: 's' }),
  ]
  expect(stream(...sent).events).toEqual([
    { type: 'content', kind: 'compaction' },
    { type: 'content', kind: 'compaction' },
  ])
})

test('texts of neighbouring blocks are apart, and citations know their place in all of it', () => {
  const cited = (index: number, url: string): JsonObject =>
    delta(index, { type: 'citations_delta', citation: { type: 'web_search_result_location', url } })
  const { events } = stream(
    block(0, { type: 'text', text: '' }),
    delta(0, { type: 'text_delta', text: 'One. ' }),
    stop(0),
    block(1, { type: 'text', text: '' }),
    cited(1, 'https://two.example/'),
    delta(1, { type: 'text_delta', text: 'Zwö' }),
    stop(1),
  )
  expect(events.filter(({ type }) => type !== 'structure')).toEqual([
    { type: 'text', text: 'One. ' },
    { type: 'boundary', of: 'text' },
    { type: 'text', text: 'Zwö' },
    {
      type: 'citation',
      citation: { url: 'https://two.example/', title: null, quote: null, start: 5, end: 8 },
    },
  ])
})

test('citations of a block that nobody stops come before the end', () => {
  const { events } = stream(
    start(),
    block(0, { type: 'text', text: 'Hi' }),
    delta(0, { type: 'citations_delta', citation: { url: 'https://a.example/' } }),
    end('stop_sequence'),
    { type: 'message_stop' },
  )
  expect(events.slice(-2).map(({ type }) => type)).toEqual(['citation', 'end'])
})

test('citations beyond all measure are passed on at once, without their place', () => {
  const quote = 'q'.repeat(600_000)
  const cite = delta(0, {
    type: 'citations_delta',
    citation: { url: 'https://a.example/', cited_text: quote },
  })
  const { events } = stream(block(0, { type: 'text', text: 'Hi' }), cite, cite)
  expect(events[1]).toMatchObject({ type: 'citation', citation: { start: null, end: null } })
})

test('the stop sequence that ended the answer is told', () => {
  const ended = { type: 'message_delta', delta: { stop_reason: 'stop_sequence', stop_sequence: 'END' } }
  expect(stream(start(), ended, { type: 'message_stop' }).events.at(-1)).toEqual({
    type: 'end',
    reason: 'stop',
    raw: 'stop_sequence',
    stopSequence: 'END',
  })
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
