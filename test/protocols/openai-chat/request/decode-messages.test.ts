import { describe, expect, test } from 'vitest'
import type { Json, JsonObject } from '../../../../src/core/json.ts'
import { sealState } from '../../../../src/protocols/translation/reasoning-state.ts'
import { decoded } from './a-call.ts'

function messages(...list: JsonObject[]) {
  return decoded({ messages: list }).messages
}
function userParts(...content: Json[]) {
  return messages({ role: 'user', content })[0]?.parts
}
function assistantParts(message: JsonObject) {
  return messages({ role: 'assistant', ...message })[0]?.parts
}

test('roles keep their order; the developer instructs like the system', () => {
  expect(
    messages(
      { role: 'system', content: [{ type: 'text', text: 'Be brief.' }] },
      { role: 'developer', content: 'Be kind.' },
      { role: 'user', content: 'hi' },
      { role: 'assistant', content: 'Hello' },
      { role: 'system', content: 'Now rhyme.' },
      { role: 'user', content: '' },
    ),
  ).toEqual([
    { role: 'system', parts: [{ type: 'text', text: 'Be brief.' }] },
    { role: 'system', parts: [{ type: 'text', text: 'Be kind.' }] },
    { role: 'user', parts: [{ type: 'text', text: 'hi' }] },
    { role: 'assistant', parts: [{ type: 'text', text: 'Hello' }] },
    { role: 'system', parts: [{ type: 'text', text: 'Now rhyme.' }] },
  ])
})

test.each<[string, Json, object]>([
  ['text', { type: 'text', text: 'a' }, { type: 'text', text: 'a' }],
  [
    'text up to which the prompt may be cached',
    { type: 'text', text: 'a', cache_control: { type: 'ephemeral', ttl: '1h' } },
    { type: 'text', text: 'a', cache: { ttl: '1h' } },
  ],
  [
    'a picture in itself',
    { type: 'image_url', image_url: { url: 'data:image/png;base64,iVBO', detail: 'low' } },
    {
      type: 'image',
      source: { kind: 'base64', mediaType: 'image/png', data: 'iVBO' },
      detail: 'low',
    },
  ],
  [
    'a picture elsewhere',
    { type: 'image_url', image_url: { url: 'https://example.com/a.png' } },
    { type: 'image', source: { kind: 'url', url: 'https://example.com/a.png', mediaType: null } },
  ],
  [
    'sound',
    { type: 'input_audio', input_audio: { data: 'UklG', format: 'mp3' } },
    { type: 'audio', source: { kind: 'base64', mediaType: 'audio/mpeg', data: 'UklG' } },
  ],
  [
    'a film, as vLLM and OpenRouter take it',
    { type: 'video_url', video_url: { url: 'https://example.com/a.mp4' } },
    { type: 'video', source: { kind: 'url', url: 'https://example.com/a.mp4', mediaType: null } },
  ],
  [
    'a file in itself',
    { type: 'file', file: { filename: 'a.pdf', file_data: 'data:application/pdf;base64,JVBE' } },
    {
      type: 'document',
      name: 'a.pdf',
      source: { kind: 'base64', mediaType: 'application/pdf', data: 'JVBE' },
    },
  ],
  [
    'a file elsewhere, as OpenRouter takes it',
    { type: 'file', file: { file_data: 'https://example.com/a.pdf' } },
    { type: 'document', source: { kind: 'url', url: 'https://example.com/a.pdf', mediaType: null } },
  ],
  [
    'an uploaded file',
    { type: 'file', file: { file_id: 'file-1' } },
    { type: 'document', source: { kind: 'file', id: 'file-1' } },
  ],
  [
    'what nobody knows',
    { type: 'hologram', x: 1 },
    {
      type: 'special',
      loss: 'other_content',
      param: 'messages[0].content[0]',
      raw: { type: 'hologram', x: 1 },
    },
  ],
])("a user's part: %s", (_what, part, expected) => {
  expect(userParts(part)).toEqual([expected])
})

describe('a message of the model', () => {
  test('has thoughts, words, refusal, pictures and calls, in this order', () => {
    expect(
      assistantParts({
        content: 'Let me look.',
        reasoning_content: 'hm',
        refusal: 'Not that.',
        images: [{ type: 'image_url', image_url: { url: 'data:image/png;base64,iVBO' } }],
        tool_calls: [
          { id: 'call_1', type: 'function', function: { name: 'f', arguments: '' } },
          { id: 'call_2', type: 'custom', custom: { name: 'sql', input: 'SELECT 1' } },
        ],
      }),
    ).toEqual([
      { type: 'reasoning', text: 'hm' },
      { type: 'text', text: 'Let me look.' },
      { type: 'refusal', text: 'Not that.' },
      { type: 'media', mediaType: 'image/png', data: 'iVBO' },
      { type: 'tool_call', id: 'call_1', name: 'f', arguments: '{}' },
      { type: 'tool_call', id: 'call_2', name: 'sql', arguments: 'SELECT 1', custom: true },
    ])
  })

  test("may hold refusals and Mistral's thoughts among its texts", () => {
    expect(
      assistantParts({
        content: [
          {
            type: 'thinking',
            thinking: [
              { type: 'text', text: 'h' },
              { type: 'text', text: 'm' },
            ],
          },
          { type: 'text', text: 'Yes.' },
          { type: 'refusal', refusal: 'No.' },
        ],
      }),
    ).toEqual([
      { type: 'reasoning', text: 'hm' },
      { type: 'text', text: 'Yes.' },
      { type: 'refusal', text: 'No.' },
    ])
  })

  test('brings back the id and the signature that the provider gave its call', () => {
    const state = {
      protocol: 'gemini',
      model: 'gemini-3-pro',
      kind: 'thought_signature',
      data: 'CiQB',
    } as const
    const sealed = { google: { thought_signature: sealState(state) } }
    expect(
      assistantParts({
        content: 'x',
        extra_content: sealed,
        tool_calls: [
          {
            id: `llmp_${Buffer.from('functions.f:0 ü').toString('base64url')}`,
            function: { name: 'f', arguments: '{}' },
            extra_content: sealed,
          },
        ],
      }),
    ).toEqual([
      { type: 'text', text: 'x', state },
      { type: 'tool_call', id: 'functions.f:0 ü', name: 'f', arguments: '{}', state },
    ])
  })

  test("takes a signature without our seal for Google's own", () => {
    const extra_content = { google: { thought_signature: 'CiQB' } }
    expect(assistantParts({ content: null, extra_content })).toEqual([
      {
        type: 'text',
        text: '',
        state: { protocol: 'gemini', model: null, kind: 'thought_signature', data: 'CiQB' },
      },
    ])
  })

  test('whose sound is kept by the provider cannot be told elsewhere', () => {
    expect(assistantParts({ content: null, audio: { id: 'audio_1' } })).toEqual([
      { type: 'special', loss: 'file_id', param: 'messages[0].audio', raw: { id: 'audio_1' } },
    ])
  })
})

test("a tool's message is a result, whose pictures are kept", () => {
  const picture = { type: 'image_url', image_url: { url: 'https://example.com/a.png' } }
  expect(
    messages({
      role: 'tool',
      tool_call_id: 'call_1',
      content: [{ type: 'text', text: '21 °C' }, picture],
      cache_control: { type: 'ephemeral' },
    }),
  ).toEqual([
    {
      role: 'user',
      parts: [
        {
          type: 'tool_result',
          callId: 'call_1',
          content: [
            { type: 'text', text: '21 °C' },
            { type: 'image', source: { kind: 'url', url: 'https://example.com/a.png', mediaType: null } },
          ],
          isError: false,
          cache: { ttl: null },
        },
      ],
    },
  ])
})

test('the call and the result of the time before ids find each other by name', () => {
  const [call, result] = messages(
    { role: 'assistant', content: null, function_call: { name: 'f', arguments: '{"a":1}' } },
    { role: 'function', name: 'f', content: '1' },
  )
  expect(call?.parts).toEqual([{ type: 'tool_call', id: 'function_f', name: 'f', arguments: '{"a":1}' }])
  expect(result?.parts).toMatchObject([{ type: 'tool_result', callId: 'function_f', name: 'f' }])
})

test('what has no place in the call is named: speakers, pictures that instruct, sound as a result', () => {
  const picture = { type: 'image_url', image_url: { url: 'https://example.com/a.png' } }
  const sound = { type: 'input_audio', input_audio: { data: 'UklG', format: 'wav' } }
  const { special } = decoded({
    messages: [
      { role: 'system', content: [picture] },
      { role: 'user', name: 'ann', content: 'hi' },
      { role: 'tool', name: 'f', tool_call_id: 'a', content: [sound] },
    ],
  })
  expect(special).toEqual([
    { loss: 'system_message_form', param: 'messages[0].content' },
    { loss: 'other_parameters', param: 'messages[1].name' },
    { loss: 'other_content', param: 'messages[2].content' },
  ])
})
