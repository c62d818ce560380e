import { expect, test } from 'vitest'
import type { Call } from '../../../../src/core/call.ts'
import type { Json } from '../../../../src/core/json.ts'
import { anthropicMessages } from '../../../../src/protocols/anthropic-messages/index.ts'
import { sealState } from '../../../../src/protocols/translation/reasoning-state.ts'

function decode(messages: Json, system: Json = null): Call {
  const body = { model: 'fast', max_tokens: 9, messages, system }
  return anthropicMessages.decodeRequest(body, { model: '', stream: false })
}
const userParts = (content: Json) => decode([{ role: 'user', content }]).messages[0]?.parts
const modelParts = (content: Json) => decode([{ role: 'assistant', content }]).messages[0]?.parts

test("Claude Code's system prompt: whom to bill is no instruction, breakpoints stay", () => {
  const call = decode(
    [{ role: 'user', content: 'Hi' }],
    [
      { type: 'text', text: 'x-anthropic-billing-header: cc_version=2.1.330' },
      { type: 'text', text: 'You are Claude Code.', cache_control: { type: 'ephemeral', ttl: '1h' } },
    ],
  )
  expect(call.messages[0]).toEqual({
    role: 'system',
    parts: [{ type: 'text', text: 'You are Claude Code.', cache: { ttl: '1h' } }],
  })
  expect(call.special).toEqual([{ loss: 'other_parameters', param: 'x-anthropic-billing-header' }])
})

test('a system prompt of one string', () => {
  expect(decode([], 'Be brief.').messages).toEqual([
    { role: 'system', parts: [{ type: 'text', text: 'Be brief.' }] },
  ])
})

test('instructions in the middle stay where they stand', () => {
  const call = decode([
    { role: 'user', content: 'Hi' },
    { role: 'system', content: [{ type: 'text', text: 'Now in French.' }] },
    { role: 'assistant', content: 'Salut' },
  ])
  expect(call.messages.map(({ role }) => role)).toEqual(['user', 'system', 'assistant'])
})

test('a tool added in the middle is named, for elsewhere it is there from the start', () => {
  const call = decode([
    { role: 'user', content: 'Hi' },
    { role: 'system', content: [{ type: 'tool_addition', tool: { type: 'tool_reference', name: 'f' } }] },
  ])
  expect(call.messages.map(({ role }) => role)).toEqual(['user'])
  expect(call.special).toEqual([{ loss: 'other_parameters', param: 'tool_addition' }])
})

test('images from anywhere', () => {
  expect(
    userParts([
      { type: 'image', source: { type: 'base64', media_type: 'image/jpeg', data: 'aGk=' } },
      { type: 'image', source: { type: 'url', url: 'https://example.com/a.png' } },
      {
        type: 'image',
        source: { type: 'file', file_id: 'file_1' },
        cache_control: { type: 'ephemeral' },
      },
    ]),
  ).toEqual([
    { type: 'image', source: { kind: 'base64', mediaType: 'image/jpeg', data: 'aGk=' } },
    { type: 'image', source: { kind: 'url', url: 'https://example.com/a.png', mediaType: null } },
    { type: 'image', source: { kind: 'file', id: 'file_1' }, cache: { ttl: null } },
  ])
})

test('documents of every kind, with their names and what is said about them', () => {
  const pdf = { type: 'base64', media_type: 'application/pdf', data: 'JVBERg==' }
  const image = { type: 'image', source: { type: 'base64', media_type: 'image/png', data: 'aGk=' } }
  expect(
    userParts([
      { type: 'document', source: pdf, title: 'a.pdf', context: 'Signed in May.' },
      { type: 'document', source: { type: 'text', media_type: 'text/plain', data: 'Hello' } },
      { type: 'document', source: { type: 'url', url: 'https://example.com/a.pdf' } },
      {
        type: 'document',
        title: 'T',
        source: { type: 'content', content: [{ type: 'text', text: 'one' }, image] },
      },
    ]),
  ).toEqual([
    { type: 'text', text: 'Signed in May.' },
    {
      type: 'document',
      source: { kind: 'base64', mediaType: 'application/pdf', data: 'JVBERg==' },
      name: 'a.pdf',
    },
    { type: 'document', source: { kind: 'text', text: 'Hello' } },
    { type: 'document', source: { kind: 'url', url: 'https://example.com/a.pdf', mediaType: null } },
    { type: 'document', source: { kind: 'text', text: 'one' }, name: 'T' },
    { type: 'image', source: { kind: 'base64', mediaType: 'image/png', data: 'aGk=' } },
  ])
})

test('the wish for citations is told, wherever the source is from', () => {
  const call = decode([
    {
      role: 'user',
      content: [
        {
          type: 'document',
          source: { type: 'text', media_type: 'text/plain', data: 'x' },
          citations: { enabled: true },
        },
        {
          type: 'search_result',
          source: 'https://example.com/',
          title: 'Example',
          content: [{ type: 'text', text: 'Words' }],
          citations: { enabled: true },
        },
      ],
    },
  ])
  expect(call.special).toEqual([
    { loss: 'citations', param: 'messages[0].content[0].citations' },
    { loss: 'citations', param: 'messages[0].content[1].citations' },
  ])
  expect(call.messages[0]?.parts[1]).toEqual({ type: 'text', text: 'Example\nhttps://example.com/\nWords' })
})

test('what nobody else can hold is special, and says where it stands', () => {
  const upload = { type: 'container_upload', file_id: 'file_1' }
  expect(userParts([upload, { type: 'hologram', data: 'x' }])).toEqual([
    { type: 'special', loss: 'file_id', param: 'messages[0].content[0]', raw: upload },
    {
      type: 'special',
      loss: 'other_content',
      param: 'messages[0].content[1]',
      raw: { type: 'hologram', data: 'x' },
    },
  ])
})

test('results of tools: words, blocks, images, failures and nothing', () => {
  const image = { type: 'image', source: { type: 'base64', media_type: 'image/png', data: 'aGk=' } }
  expect(
    userParts([
      { type: 'tool_result', tool_use_id: 'toolu_1', content: 'done', is_error: false },
      {
        type: 'tool_result',
        tool_use_id: 'toolu_2',
        content: [{ type: 'text', text: 'see' }, image],
        cache_control: { type: 'ephemeral' },
      },
      { type: 'tool_result', tool_use_id: 'llmp_Y2FsbDox', content: 'no such file', is_error: true },
      { type: 'tool_result', tool_use_id: 'toolu_4' },
    ]),
  ).toEqual([
    { type: 'tool_result', callId: 'toolu_1', content: [{ type: 'text', text: 'done' }], isError: false },
    {
      type: 'tool_result',
      callId: 'toolu_2',
      content: [
        { type: 'text', text: 'see' },
        { type: 'image', source: { kind: 'base64', mediaType: 'image/png', data: 'aGk=' } },
      ],
      isError: false,
      cache: { ttl: null },
    },
    {
      type: 'tool_result',
      callId: 'call:1',
      content: [{ type: 'text', text: 'no such file' }],
      isError: true,
    },
    { type: 'tool_result', callId: 'toolu_4', content: [], isError: false },
  ])
})

test("the model's turn: text with its citations, thoughts with their proof, calls", () => {
  expect(
    modelParts([
      { type: 'thinking', thinking: 'hm', signature: 'EuYB' },
      { type: 'redacted_thinking', data: 'EqkE' },
      {
        type: 'text',
        text: 'Paris',
        citations: [
          {
            type: 'web_search_result_location',
            url: 'https://example.com/',
            title: 'Example',
            cited_text: 'It is Paris.',
            encrypted_index: 'Eo8',
          },
        ],
      },
      { type: 'tool_use', id: 'toolu_1', name: 'f', input: { x: 1 } },
      { type: 'tool_use', id: 'toolu_2', name: 'g', input: {} },
    ]),
  ).toEqual([
    {
      type: 'reasoning',
      text: 'hm',
      state: { protocol: 'anthropic-messages', model: null, kind: 'signature', data: 'EuYB' },
    },
    {
      type: 'reasoning',
      text: '',
      state: { protocol: 'anthropic-messages', model: null, kind: 'redacted', data: 'EqkE' },
    },
    {
      type: 'text',
      text: 'Paris',
      citations: [
        { url: 'https://example.com/', title: 'Example', quote: 'It is Paris.', start: null, end: null },
      ],
    },
    { type: 'tool_call', id: 'toolu_1', name: 'f', arguments: '{"x":1}' },
    { type: 'tool_call', id: 'toolu_2', name: 'g', arguments: '{}' },
  ])
})

test('what the provider ran is history, and a summary is words', () => {
  const use = { type: 'server_tool_use', id: 'srvtoolu_1', name: 'web_search', input: { query: 'x' } }
  expect(modelParts([{ type: 'compaction', content: 'Summary: hello.' }, use])).toEqual([
    { type: 'text', text: 'Summary: hello.' },
    { type: 'special', loss: 'server_tool_history', param: 'server_tool_use', raw: use },
  ])
})

test("Gemini's signatures go back onto the part that they stood before", () => {
  const state = {
    protocol: 'gemini',
    model: 'gemini-3-pro',
    kind: 'thought_signature',
    data: 'c2ln',
  } as const
  const parts = modelParts([
    { type: 'redacted_thinking', data: sealState(state) },
    { type: 'tool_use', id: 'toolu_1', name: 'f', input: {} },
    { type: 'tool_use', id: 'toolu_2', name: 'f', input: {} },
  ])
  expect(parts).toEqual([
    { type: 'tool_call', id: 'toolu_1', name: 'f', arguments: '{}', state },
    { type: 'tool_call', id: 'toolu_2', name: 'f', arguments: '{}' },
  ])
})

test("OpenAI's encrypted reasoning keeps its place before the call", () => {
  const state = {
    protocol: 'openai-responses',
    model: 'gpt-5.1',
    kind: 'encrypted',
    data: 'gAAAA',
  } as const
  const parts = modelParts([
    { type: 'redacted_thinking', data: sealState(state) },
    { type: 'tool_use', id: 'toolu_1', name: 'f', input: {} },
  ])
  expect(parts?.[0]).toEqual({ type: 'reasoning', text: '', state })
})

test('the seal on thoughts that had no proof holds no state', () => {
  const empty = { protocol: 'openai-chat', model: 'deepseek-reasoner', kind: 'signature', data: '' } as const
  expect(modelParts([{ type: 'thinking', thinking: 'hm', signature: sealState(empty) }])).toEqual([
    { type: 'reasoning', text: 'hm' },
  ])
})

test('turns of which nothing is left are none', () => {
  const call = decode([
    { role: 'user', content: '' },
    { role: 'assistant', content: [{ type: 'thinking', thinking: '', signature: '' }] },
    { role: 'user', content: 'Hi' },
  ])
  expect(call.messages).toHaveLength(1)
})
