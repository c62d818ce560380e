import { describe, expect, test } from 'vitest'
import { ProxyError } from '../../../../src/core/errors.ts'
import type { Event } from '../../../../src/core/event.ts'
import { openAiChat } from '../../../../src/protocols/openai-chat/index.ts'
import { sealState } from '../../../../src/protocols/translation/reasoning-state.ts'
import { aboutFor, blocksOf, deltasOf, streamOf } from '../an-answer.ts'

const role = { role: 'assistant', content: '', refusal: null }
const end = (reason: 'stop' | 'tool' | 'length' | 'filter' | 'pause' = 'stop'): Event => ({
  type: 'end',
  reason,
  raw: reason,
})
const usage: Event = {
  type: 'usage',
  usage: { promptTokens: 12, completionTokens: 5, totalTokens: 17, cachedTokens: 8, serviceTier: 'flex' },
}

test('a plain answer, block by block', () => {
  const stream = streamOf([
    { type: 'start', id: 'msg_1', model: 'claude-sonnet-4-5-20250929' },
    { type: 'text', text: 'Hel' },
    { type: 'text', text: 'lo' },
    end(),
  ])
  const head = {
    id: 'chatcmpl-01jd0example',
    object: 'chat.completion.chunk',
    created: 1_767_614_400,
    model: 'claude-sonnet-4-5-20250929',
  }
  const chunk = (delta: object, finish_reason: string | null = null) => ({
    ...head,
    choices: [{ index: 0, delta, logprobs: null, finish_reason }],
  })
  expect(blocksOf(stream)).toEqual([
    chunk(role),
    chunk({ content: 'Hel' }),
    chunk({ content: 'lo' }),
    chunk({}, 'stop'),
    '[DONE]',
  ])
})

describe('usage', () => {
  const asked = aboutFor({ usageAsked: true })

  test.each([
    ['before the end', [usage, end()]],
    ['behind it', [end(), usage]],
  ])('has a chunk of its own for those who asked, told %s', (_when, last) => {
    const blocks = blocksOf(streamOf([{ type: 'text', text: 'x' }, ...last], asked))
    expect(blocks.at(-1)).toBe('[DONE]')
    expect(blocks.at(-2)).toMatchObject({
      choices: [],
      service_tier: 'flex',
      usage: {
        prompt_tokens: 12,
        completion_tokens: 5,
        total_tokens: 17,
        prompt_tokens_details: { cached_tokens: 8 },
      },
    })
    for (const block of blocks.slice(0, -2)) expect(block).toMatchObject({ usage: null })
  })

  test('is not told to those who did not ask', () => {
    expect(streamOf([{ type: 'text', text: 'x' }, usage, end()])).not.toContain('usage')
  })

  test('has no chunk where nothing is known', () => {
    const blocks = blocksOf(streamOf([{ type: 'text', text: 'x' }, end()], asked))
    expect(blocks.at(-2)).toMatchObject({ choices: [{ finish_reason: 'stop' }], usage: null })
  })

  test('the price of the provider is named as lost', () => {
    const encoder = openAiChat.streamEncoder(asked)
    encoder.push([{ type: 'usage', usage: { promptTokens: 1, completionTokens: 1, costUsd: 0.5 } }])
    encoder.end()
    expect(encoder.lost).toEqual([{ loss: 'answer_usage_details', param: null }])
  })
})

describe('tool calls', () => {
  test('are counted from 0 though text came first, their pieces in any order', () => {
    const deltas = deltasOf(
      streamOf([
        { type: 'text', text: 'Let me see.' },
        { type: 'tool_call', index: 3, id: 'toolu_1', name: 'f', arguments: '' },
        { type: 'tool_call', index: 5, id: 'toolu_2', name: 'g', arguments: '{"b":' },
        { type: 'tool_call', index: 3, arguments: '{"a":1}' },
        { type: 'tool_call', index: 5, arguments: '2}' },
        end('tool'),
      ]),
    )
    expect(deltas).toEqual([
      role,
      { content: 'Let me see.' },
      { tool_calls: [{ index: 0, id: 'toolu_1', type: 'function', function: { name: 'f', arguments: '' } }] },
      {
        tool_calls: [
          { index: 1, id: 'toolu_2', type: 'function', function: { name: 'g', arguments: '{"b":' } },
        ],
      },
      { tool_calls: [{ index: 0, function: { arguments: '{"a":1}' } }] },
      { tool_calls: [{ index: 1, function: { arguments: '2}' } }] },
      { finish_reason: 'tool_calls' },
    ])
  })

  test('wait for their name, and get an id where the provider gave none', () => {
    const deltas = deltasOf(
      streamOf([
        { type: 'tool_call', index: 0, arguments: '{"a":' },
        { type: 'tool_call', index: 0, name: 'f', arguments: '1}' },
        end('tool'),
      ]),
    )
    const call = {
      index: 0,
      id: 'call_01jd0example_0',
      type: 'function',
      function: { name: 'f', arguments: '{"a":1}' },
    }
    expect(deltas).toEqual([role, { tool_calls: [call] }, { finish_reason: 'tool_calls' }])
  })

  test('are told all the same where the name never comes', () => {
    const deltas = deltasOf(streamOf([{ type: 'tool_call', index: 0, id: 'call_1', arguments: '{}' }]))
    const call = { index: 0, id: 'call_1', type: 'function', function: { name: '', arguments: '{}' } }
    expect(deltas).toEqual([role, { tool_calls: [call] }, { finish_reason: 'tool_calls' }])
  })

  test('with free text have their own form', () => {
    const deltas = deltasOf(
      streamOf([
        { type: 'tool_call', index: 0, id: 'call_1', name: 'sql', arguments: '', custom: true },
        { type: 'tool_call', index: 0, arguments: 'SELECT 1' },
        end('tool'),
      ]),
    )
    expect(deltas.slice(1, 3)).toEqual([
      { tool_calls: [{ index: 0, id: 'call_1', type: 'custom', custom: { name: 'sql', input: '' } }] },
      { tool_calls: [{ index: 0, custom: { input: 'SELECT 1' } }] },
    ])
  })

  test("carry Gemini's thought signatures where Google puts them", () => {
    const state = { protocol: 'gemini', kind: 'thought_signature', data: 'CiQB' } as const
    const deltas = deltasOf(
      streamOf([
        { type: 'tool_call', index: 0, id: 'call_1', name: 'f', arguments: '{}' },
        { type: 'state', on: 'tool_call', state },
        { type: 'text', text: 'x' },
        { type: 'state', on: 'text', state },
      ]),
    )
    const thought_signature = sealState({ ...state, model: 'claude-sonnet-4-5' })
    const extra_content = { google: { thought_signature } }
    expect(deltas[2]).toEqual({ tool_calls: [{ index: 0, extra_content }] })
    expect(deltas[4]).toEqual({ extra_content })
  })
})

describe('thoughts', () => {
  const signed = (data: string, on: 'reasoning' | null = 'reasoning'): Event => {
    const kind = on === null ? 'redacted' : 'signature'
    return { type: 'state', on, state: { protocol: 'anthropic-messages', kind, data } }
  }

  test('are one text, and each state tells its stretch of it', () => {
    const deltas = deltasOf(
      streamOf([
        { type: 'reasoning', text: 'One' },
        { type: 'reasoning', text: '.' },
        signed('sig-1'),
        signed('red-1', null),
        { type: 'reasoning', text: 'Two.' },
        signed('sig-2'),
      ]),
    )
    const detail = (kind: 'signature' | 'redacted', data: string, id: string, index: number) => ({
      reasoning_details: [
        {
          type: 'reasoning.encrypted',
          data: sealState({ protocol: 'anthropic-messages', model: 'claude-sonnet-4-5', kind, data }),
          id,
          format: 'llmproxy',
          index,
        },
      ],
    })
    expect(deltas).toEqual([
      role,
      { reasoning_content: 'One' },
      { reasoning_content: '.' },
      detail('signature', 'sig-1', 'thought_0_4', 0),
      detail('redacted', 'red-1', 'thought_4_4', 1),
      { reasoning_content: '\n\nTwo.' },
      detail('signature', 'sig-2', 'thought_6_10', 2),
      { finish_reason: 'stop' },
    ])
  })

  test('of two blocks are parted by a blank line, which never stands at an end', () => {
    const boundary: Event = { type: 'boundary', of: 'reasoning' }
    const deltas = deltasOf(
      streamOf([
        boundary,
        { type: 'reasoning', text: 'a' },
        boundary,
        { type: 'reasoning', text: 'b' },
        boundary,
        { type: 'text', text: 'c' },
      ]),
    )
    expect(deltas.slice(1, -1)).toEqual([
      { reasoning_content: 'a' },
      { reasoning_content: '\n\nb' },
      { content: 'c' },
    ])
  })

  test('are kept from those who do not want to read them, but not their state', () => {
    const reasoning = { effort: 'high', budgetTokens: null, adaptive: false, visible: false } as const
    const deltas = deltasOf(
      streamOf([{ type: 'reasoning', text: 'hm' }, signed('sig-1')], aboutFor({ reasoning })),
    )
    expect(deltas).toHaveLength(3)
    expect(deltas[1]).toMatchObject({ reasoning_details: [{ id: 'thought_0_0' }] })
  })
})

test.each<[string, Event, object]>([
  ['a refusal', { type: 'refusal', text: 'No.' }, { refusal: 'No.' }],
  [
    'a picture',
    { type: 'media', mediaType: 'image/png', data: 'iVBO' },
    { images: [{ type: 'image_url', image_url: { url: 'data:image/png;base64,iVBO' } }] },
  ],
  [
    'sound',
    { type: 'media', mediaType: 'audio/wav', data: 'UklG', transcript: 'hi' },
    { audio: { id: 'audio_01jd0example', data: 'UklG', transcript: 'hi' } },
  ],
  [
    'a citation',
    {
      type: 'citation',
      citation: { url: 'https://example.com/', title: null, quote: 'so', start: null, end: null },
    },
    {
      annotations: [
        {
          type: 'url_citation',
          url_citation: {
            url: 'https://example.com/',
            title: 'https://example.com/',
            content: 'so',
            start_index: 0,
            end_index: 0,
          },
        },
      ],
    },
  ],
])('%s has its place in a delta', (_what, event, expected) => {
  expect(deltasOf(streamOf([event]))[1]).toEqual(expected)
})

test('log probabilities stand beside the delta', () => {
  const top = [{ token: 'Hi', logprob: -0.1, bytes: [72, 105] }]
  const stream = streamOf([
    { type: 'text', text: 'Hi' },
    { type: 'logprobs', tokens: [{ token: 'Hi', logprob: -0.1, bytes: [72, 105], top }] },
  ])
  expect(blocksOf(stream)[2]).toMatchObject({
    choices: [
      {
        delta: {},
        logprobs: {
          content: [{ token: 'Hi', logprob: -0.1, bytes: [72, 105], top_logprobs: top }],
          refusal: null,
        },
      },
    ],
  })
})

describe('choices', () => {
  test('have their roles, tool calls and finish reasons each', () => {
    const stream = streamOf([
      { type: 'text', text: 'a' },
      { type: 'text', text: 'b', choice: 1 },
      { type: 'tool_call', index: 0, id: 'c1', name: 'f', arguments: '{}' },
      { type: 'tool_call', index: 1, id: 'c2', name: 'f', arguments: '{}', choice: 1 },
      {
        type: 'end',
        reason: 'tool',
        raw: 'tool_calls',
        others: [
          { choice: 1, reason: 'length', raw: 'length' },
          { choice: 2, reason: 'filter', raw: 'content_filter' },
        ],
      },
    ])
    const chunks = blocksOf(stream).flatMap((block) => (block === '[DONE]' ? [] : block.choices))
    const call = (id: string) => ({
      tool_calls: [{ index: 0, id, type: 'function', function: { name: 'f', arguments: '{}' } }],
    })
    const said = (index: number, delta: object, finish_reason: string | null = null) => ({
      ...{ index, delta, logprobs: null, finish_reason },
    })
    expect(chunks).toEqual([
      said(0, role),
      said(0, { content: 'a' }),
      said(1, role),
      said(1, { content: 'b' }),
      said(0, call('c1')),
      said(1, call('c2')),
      said(0, {}, 'tool_calls'),
      said(1, {}, 'length'),
      said(2, role),
      said(2, {}, 'content_filter'),
    ])
  })

  test('without number do not fill the memory', () => {
    const encoder = openAiChat.streamEncoder(aboutFor())
    for (let choice = 0; choice < 5000; choice++) encoder.push([{ type: 'text', text: 'x', choice }])
    const finished = blocksOf(encoder.end()).filter((block) => JSON.stringify(block).includes('"stop"'))
    expect(finished).toHaveLength(4096)
  })
})

describe('the end', () => {
  test('of a stream that said nothing is a whole answer', () => {
    expect(deltasOf(streamOf([]))).toEqual([role, { finish_reason: 'stop' }])
  })

  test('without an end event is a tool call where one was made, else a plain stop', () => {
    expect(deltasOf(streamOf([{ type: 'text', text: 'x' }])).at(-1)).toEqual({ finish_reason: 'stop' })
    expect(
      deltasOf(streamOf([{ type: 'tool_call', index: 0, id: 'a', name: 'f', arguments: '{}' }])).at(-1),
    ).toEqual({ finish_reason: 'tool_calls' })
  })

  test.each([
    ['stop', 'stop'],
    ['tool', 'tool_calls'],
    ['length', 'length'],
    ['filter', 'content_filter'],
    ['pause', 'stop'],
  ] as const)('by %s reads %s', (reason, expected) => {
    expect(deltasOf(streamOf([end(reason)])).at(-1)).toEqual({ finish_reason: expected })
  })

  test('comes once, and nothing follows it', () => {
    const encoder = openAiChat.streamEncoder(aboutFor())
    encoder.push([{ type: 'text', text: 'x' }, end()])
    expect(encoder.end()).toContain('[DONE]')
    expect([encoder.end(), encoder.push([{ type: 'text', text: 'y' }])]).toEqual(['', ''])
    expect(encoder.fail(new ProxyError('internal', 'broke'))).toBe('')
  })

  test('by a failure is an error block, and nothing follows it', () => {
    const encoder = openAiChat.streamEncoder(aboutFor())
    encoder.push([{ type: 'text', text: 'x' }])
    const failed = encoder.fail(new ProxyError('internal', 'broke'))
    expect(blocksOf(failed)).toMatchObject([{ error: { message: 'broke', type: 'server_error' } }])
    expect([encoder.end(), encoder.fail(new ProxyError('internal', 'again'))]).toEqual(['', ''])
  })

  test('names what had no place', () => {
    const encoder = openAiChat.streamEncoder(aboutFor())
    encoder.push([
      { type: 'server_tool', kind: 'code_execution', text: 'print(1)' },
      {
        type: 'citation',
        citation: { url: null, title: 'A document', quote: null, start: null, end: null },
      },
      { type: 'end', reason: 'pause', raw: 'pause_turn', stopSequence: '###' },
    ])
    encoder.end()
    expect(encoder.lost.map(({ loss }) => loss)).toEqual([
      'answer_server_tool',
      'answer_citation',
      'answer_pause',
      'answer_stop_sequence',
    ])
  })
})

test('pings, structure and what nobody knows say nothing', () => {
  const encoder = openAiChat.streamEncoder(aboutFor())
  expect(
    encoder.push([
      { type: 'ping' },
      { type: 'structure', name: 'content_block_stop' },
      { type: 'unknown', name: 'novelty' },
      { type: 'content', kind: 'hologram' },
      { type: 'boundary', of: 'text' },
    ]),
  ).toBe('')
})
