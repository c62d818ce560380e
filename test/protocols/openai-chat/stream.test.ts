import { describe, expect, test } from 'vitest'
import type { ReasoningState } from '../../../src/core/call.ts'
import type { Event } from '../../../src/core/event.ts'
import type { Json } from '../../../src/core/json.ts'
import { openAiChat } from '../../../src/protocols/openai-chat/index.ts'
import { sealState } from '../../../src/protocols/translation/reasoning-state.ts'
import { utf8 } from '../../support/chunking.ts'

function stream(...chunks: (Json | '[DONE]')[]): { events: Event[]; terminal: boolean } {
  const decoder = openAiChat.streamDecoder('sse')
  const text = chunks
    .map((chunk) => `data: ${chunk === '[DONE]' ? chunk : JSON.stringify(chunk)}\n\n`)
    .join('')
  const events = decoder.push(utf8(text))
  return { events, terminal: decoder.terminal }
}
const delta = (delta: Json, finish: string | null = null, index = 0): Json => ({
  choices: [{ index, delta, finish_reason: finish }],
})

test('a plain answer: start, text, usage, end', () => {
  const { events, terminal } = stream(
    {
      id: 'c1',
      model: 'gpt-4o',
      choices: [{ index: 0, delta: { role: 'assistant', content: '' }, finish_reason: null }],
      usage: null,
    },
    delta({ content: 'Hel' }),
    delta({ content: 'lo' }),
    delta({}, 'stop'),
    { choices: [], usage: { prompt_tokens: 9, completion_tokens: 2, total_tokens: 11 } },
    '[DONE]',
  )
  expect(events).toEqual([
    { type: 'start', id: 'c1', model: 'gpt-4o' },
    { type: 'text', text: 'Hel' },
    { type: 'text', text: 'lo' },
    { type: 'end', reason: 'stop', raw: 'stop' },
    { type: 'usage', usage: { promptTokens: 9, completionTokens: 2, totalTokens: 11 } },
  ])
  expect(terminal).toBe(true)
})

test('parallel tool calls are counted from 0, their names given once', () => {
  const call = (index: number, rest: object): Json => delta({ tool_calls: [{ index, ...rest } as Json] })
  const { events } = stream(
    call(0, { id: 'a', type: 'function', function: { name: 'f', arguments: '' } }),
    call(0, { function: { name: 'f', arguments: '{"x":' } }),
    call(1, { id: 'b', function: { name: 'g', arguments: '{}' } }),
    call(0, { id: '', function: { name: '', arguments: '1}' } }),
    delta({}, 'stop'),
  )
  expect(events).toEqual([
    { type: 'tool_call', index: 0, id: 'a', name: 'f', arguments: '' },
    { type: 'tool_call', index: 0, arguments: '{"x":' },
    { type: 'tool_call', index: 1, id: 'b', name: 'g', arguments: '{}' },
    { type: 'tool_call', index: 0, arguments: '1}' },
    { type: 'end', reason: 'tool', raw: 'stop' },
  ])
})

test('calls that all come with index 0, or with none, are still several', () => {
  const calls = (...list: object[]): Json => delta({ tool_calls: list as Json[] })
  const one = { id: 'a', function: { name: 'f', arguments: '{}' } }
  const two = { id: 'b', function: { name: 'f', arguments: '{}' } }
  const expected = [
    { type: 'tool_call', index: 0, id: 'a', name: 'f', arguments: '{}' },
    { type: 'tool_call', index: 1, id: 'b', name: 'f', arguments: '{}' },
  ]
  expect(stream(calls({ index: 0, ...one }), calls({ index: 0, ...two })).events).toEqual(expected)
  expect(stream(calls(one, two)).events).toEqual(expected)
})

test('the old function_call is a tool call', () => {
  const { events } = stream(
    delta({ function_call: { name: 'f', arguments: '' } }),
    delta({ function_call: { arguments: '{}' } }),
    delta({}, 'function_call'),
  )
  expect(events).toEqual([
    { type: 'tool_call', index: 0, name: 'f', arguments: '' },
    { type: 'tool_call', index: 0, arguments: '{}' },
    { type: 'end', reason: 'tool', raw: 'function_call' },
  ])
})

test.each<[string, Json, Event[]]>([
  ['DeepSeek', { content: null, reasoning_content: 'hm' }, [{ type: 'reasoning', text: 'hm' }]],
  [
    'OpenRouter, which says it twice',
    { content: '', reasoning: 'hm', reasoning_details: [{ type: 'reasoning.text', text: 'hm', index: 0 }] },
    [{ type: 'reasoning', text: 'hm' }],
  ],
  [
    'OpenRouter, encrypted',
    { reasoning: null, reasoning_details: [{ type: 'reasoning.encrypted', data: 'gAAA' }] },
    [{ type: 'content', kind: 'reasoning_signature' }],
  ],
  [
    'details only',
    { reasoning_details: [{ text: 'hm' }, { summary: 'so' }] },
    [
      { type: 'reasoning', text: 'hm' },
      { type: 'reasoning', text: 'so' },
    ],
  ],
  [
    'Mistral',
    {
      content: [
        { type: 'thinking', thinking: [{ type: 'text', text: 'hm' }] },
        { type: 'text', text: 'yes' },
      ],
    },
    [
      { type: 'reasoning', text: 'hm' },
      { type: 'text', text: 'yes' },
    ],
  ],
  [
    'Snowflake, empty all over',
    {
      content: '',
      refusal: '',
      role: 'assistant',
      tool_calls: null,
      function_call: { name: '', arguments: '' },
      audio: { id: '', expires_at: 0 },
    },
    [],
  ],
  [
    'audio',
    { audio: { id: 'audio_1', data: 'AAAA' } },
    [{ type: 'media', mediaType: 'audio/wav', data: 'AAAA' }],
  ],
  [
    'citations',
    {
      annotations: [
        {
          type: 'url_citation',
          url_citation: { url: 'https://e.com/', title: 'E', start_index: 2, end_index: 5 },
        },
      ],
    },
    [
      {
        type: 'citation',
        citation: { url: 'https://e.com/', title: 'E', quote: null, start: 2, end: 5 },
      },
    ],
  ],
  [
    'pictures',
    { images: [{ type: 'image_url', image_url: { url: 'data:image/png;base64,AAAA' } }] },
    [{ type: 'media', mediaType: 'image/png', data: 'AAAA' }],
  ],
  [
    'Google’s thought signatures',
    { extra_content: { google: { thought_signature: 'CiQB' } } },
    [
      {
        type: 'state',
        on: 'text',
        state: { protocol: 'gemini', kind: 'thought_signature', data: 'CiQB' },
      },
    ],
  ],
  ['something new', { hologram: { data: 'x' } }, [{ type: 'unknown', name: 'delta.hologram' }]],
])('content as sent by %s', (_whose, sent, expected) => {
  expect(stream(delta(sent)).events).toEqual(expected)
})

test.each<[string, Json[], boolean]>([
  ['text without a finish reason', [delta({ content: 'x' })], false],
  ['an empty finish reason', [delta({ content: 'x' }, '')], false],
  ['[DONE] after an empty finish reason', [delta({ content: 'x' }, ''), '[DONE]'], true],
  ['one of two choices', [delta({ content: 'x' }, null, 1), delta({}, 'stop', 0)], false],
  [
    'one of three choices',
    [delta({}, null, 1), delta({}, null, 2), delta({}, 'stop', 0), delta({}, 'stop', 1)],
    false,
  ],
  ['both choices', [delta({ content: 'x' }, null, 1), delta({}, 'stop', 0), delta({}, 'length', 1)], true],
  ['only usage', [{ choices: [], usage: { prompt_tokens: 1 } }], false],
  ['an error', [{ error: { message: 'no' } }], true],
])('knows whether it is terminal after %s', (_what, chunks, expected) => {
  expect(stream(...chunks).terminal).toBe(expected)
})

test('a second finish reason ends nothing twice', () => {
  const { events } = stream(delta({}, 'length'), delta({ content: '' }, 'length'), '[DONE]')
  expect(events).toEqual([{ type: 'end', reason: 'length', raw: 'length' }])
})

test('[DONE] without any finish reason ends by what was seen', () => {
  const call = { index: 0, id: 'a', function: { name: 'f', arguments: '{}' } }
  expect(stream(delta({ content: 'x' }), '[DONE]').events.at(-1)).toEqual({
    type: 'end',
    reason: 'stop',
    raw: '',
  })
  expect(stream(delta({ tool_calls: [call] }), '[DONE]').events.at(-1)).toEqual({
    type: 'end',
    reason: 'tool',
    raw: '',
  })
})

test('a refusal is a filter whatever the finish reason says', () => {
  expect(stream(delta({ refusal: 'No.' }), delta({}, 'stop')).events).toEqual([
    { type: 'refusal', text: 'No.' },
    { type: 'end', reason: 'filter', raw: 'stop' },
  ])
})

test('an error on a chunk comes after what the chunk says, and no end with it', () => {
  const error = { message: 'Token limit reached', code: 400 }
  const { events, terminal } = stream({
    choices: [],
    error,
    usage: { prompt_tokens: 4, completion_tokens: 1 },
  })
  expect(events.map((event) => event.type)).toEqual(['usage', 'error'])
  expect(events[1]).toMatchObject({ message: 'Token limit reached', code: '400', status: 400 })
  expect(terminal).toBe(true)
})

test('Groq reports usage under its own name; zeros later do not replace it', () => {
  const { events } = stream(
    { choices: [], x_groq: { id: 'r', usage: { prompt_tokens: 5, completion_tokens: 6 } } },
    { choices: [], usage: { prompt_tokens: 0, completion_tokens: 0, total_tokens: 0 } },
  )
  expect(events).toEqual([
    { type: 'usage', usage: { promptTokens: 5, completionTokens: 6, totalTokens: 11 } },
  ])
})

test('a last block that lacks its blank line counts only if it is whole', () => {
  const whole = openAiChat.streamDecoder('sse')
  whole.push(utf8('data: [DONE]'))
  expect([whole.terminal, whole.end().length, whole.terminal]).toEqual([false, 1, true])
  const cut = openAiChat.streamDecoder('sse')
  cut.push(utf8('data: {"choices":[{"delta":{"con'))
  expect([cut.end(), cut.terminal]).toEqual([[], false])
})

describe('what only a model can read', () => {
  const model = 'claude-opus-4-6'
  const signature: ReasoningState = { protocol: 'anthropic-messages', model, kind: 'signature', data: 's1' }
  const redacted: ReasoningState = { ...signature, kind: 'redacted' }
  const thought: ReasoningState = { ...signature, protocol: 'gemini', kind: 'thought_signature' }

  test('is a state where a proxy of this kind says whose it is', () => {
    const details = [signature, redacted].map((state) => ({
      ...{ type: 'reasoning.encrypted', format: 'llmproxy', data: sealState(state) },
    }))
    expect(stream(delta({ reasoning_content: 'hm', reasoning_details: details })).events).toEqual([
      { type: 'reasoning', text: 'hm' },
      { type: 'state', on: 'reasoning', state: signature },
      { type: 'state', on: null, state: redacted },
    ])
  })

  test('stands behind the tool call that it belongs to', () => {
    const call = { index: 0, id: 'a', function: { name: 'f', arguments: '{}' } }
    const signed = (thought_signature: string) => ({
      tool_calls: [{ ...call, extra_content: { google: { thought_signature } } }],
    })
    const called = { type: 'tool_call', index: 0, id: 'a', name: 'f', arguments: '{}' }
    expect(stream(delta(signed('CiQB'))).events).toEqual([
      called,
      {
        type: 'state',
        on: 'tool_call',
        state: { protocol: 'gemini', kind: 'thought_signature', data: 'CiQB' },
      },
    ])
    expect(stream(delta(signed(sealState(thought)))).events).toEqual([
      called,
      { type: 'state', on: 'tool_call', state: thought },
    ])
  })
})

test('a tool that is called with free text says so with its name', () => {
  const call = (rest: object): Json => delta({ tool_calls: [{ index: 0, ...rest } as Json] })
  const { events } = stream(
    call({ id: 'a', type: 'custom', custom: { name: 'sql', input: '' } }),
    call({ custom: { input: 'SELECT 1' } }),
  )
  expect(events).toEqual([
    { type: 'tool_call', index: 0, id: 'a', name: 'sql', arguments: '', custom: true },
    { type: 'tool_call', index: 0, arguments: 'SELECT 1' },
  ])
})

test('log probabilities are those of the choice they stand in', () => {
  const token = { token: 'Hi', logprob: -0.1, bytes: [72, 105] }
  const logprobs = { content: [{ ...token, top_logprobs: [token] }], refusal: null }
  const { events } = stream({ choices: [{ index: 1, delta: { content: 'Hi' }, logprobs }] })
  expect(events).toEqual([
    { type: 'text', text: 'Hi', choice: 1 },
    { type: 'logprobs', tokens: [{ ...token, top: [token] }], choice: 1 },
  ])
})

test('the end of several choices tells how each of them ended', () => {
  const call = { index: 0, id: 'a', function: { name: 'f', arguments: '{}' } }
  const { events } = stream(
    ...[0, 1, 2].map((index) => delta({ role: 'assistant' }, null, index)),
    delta({ content: 'x' }, 'length', 0),
    delta({ tool_calls: [call] }, 'stop', 1),
    delta({ refusal: 'No.' }, 'stop', 2),
    '[DONE]',
  )
  expect(events.at(-1)).toEqual({
    type: 'end',
    reason: 'length',
    raw: 'length',
    others: [
      { choice: 1, reason: 'tool', raw: 'stop' },
      { choice: 2, reason: 'filter', raw: 'stop' },
    ],
  })
})
