import { describe, expect, test } from 'vitest'
import { ProxyError } from '../../../../src/core/errors.ts'
import type { Event } from '../../../../src/core/event.ts'
import { anthropicMessages } from '../../../../src/protocols/anthropic-messages/index.ts'
import { sealState } from '../../../../src/protocols/translation/reasoning-state.ts'
import { anAbout, blocksOf, streamed } from './an-answer.ts'

const text = (said: string): Event => ({ type: 'text', text: said })
const thought = (said: string): Event => ({ type: 'reasoning', text: said })
const call = (index: number, rest: Partial<Extract<Event, { type: 'tool_call' }>>): Event => ({
  type: 'tool_call',
  index,
  arguments: '',
  ...rest,
})
const end = (reason: 'stop' | 'tool' | 'length' | 'filter' | 'pause' = 'stop'): Event => ({
  type: 'end',
  reason,
  raw: reason,
})
const noProof = sealState({ protocol: 'openai-chat', model: 'backend-model', kind: 'signature', data: '' })
const direct = { caller: { type: 'direct' } }

test('an answer with thoughts, text and a call, event by event', () => {
  const { said } = streamed([
    { type: 'start', id: 'chatcmpl-1', model: 'gpt-5.1' },
    thought('hm'),
    text('Hel'),
    text('lo'),
    call(0, { id: 'call_1', name: 'Read' }),
    call(0, { arguments: '{"path":' }),
    call(0, { arguments: '"/a"}' }),
    end('tool'),
    {
      type: 'usage',
      usage: { promptTokens: 30, cachedTokens: 20, completionTokens: 7, totalTokens: 37, reasoningTokens: 2 },
    },
  ])
  expect(said).toEqual([
    {
      type: 'message_start',
      message: {
        id: 'msg_01k7abc',
        type: 'message',
        role: 'assistant',
        model: 'gpt-5.1',
        content: [],
        container: null,
        diagnostics: null,
        stop_reason: null,
        stop_sequence: null,
        stop_details: null,
        usage: { input_tokens: 0, output_tokens: 0 },
      },
    },
    {
      type: 'content_block_start',
      index: 0,
      content_block: { type: 'thinking', thinking: '', signature: '' },
    },
    { type: 'content_block_delta', index: 0, delta: { type: 'thinking_delta', thinking: 'hm' } },
    { type: 'content_block_delta', index: 0, delta: { type: 'signature_delta', signature: noProof } },
    { type: 'content_block_stop', index: 0 },
    { type: 'content_block_start', index: 1, content_block: { type: 'text', text: '', citations: null } },
    { type: 'content_block_delta', index: 1, delta: { type: 'text_delta', text: 'Hel' } },
    { type: 'content_block_delta', index: 1, delta: { type: 'text_delta', text: 'lo' } },
    { type: 'content_block_stop', index: 1 },
    {
      type: 'content_block_start',
      index: 2,
      content_block: { type: 'tool_use', id: 'call_1', name: 'Read', input: {}, ...direct },
    },
    { type: 'content_block_delta', index: 2, delta: { type: 'input_json_delta', partial_json: '{"path":' } },
    { type: 'content_block_delta', index: 2, delta: { type: 'input_json_delta', partial_json: '"/a"}' } },
    { type: 'content_block_stop', index: 2 },
    {
      type: 'message_delta',
      delta: { stop_reason: 'tool_use', stop_sequence: null, stop_details: null, container: null },
      usage: {
        input_tokens: 10,
        cache_read_input_tokens: 20,
        output_tokens: 7,
        output_tokens_details: { thinking_tokens: 2 },
      },
    },
    { type: 'message_stop' },
  ])
})

test('the bytes of an event are its line, its data and a blank line', () => {
  const encoder = anthropicMessages.streamEncoder(anAbout())
  encoder.push([text('a')])
  expect(encoder.push([text('é\n')])).toBe(
    'event: content_block_delta\n' +
      'data: {"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":"é\\n"}}\n\n',
  )
})

test('nothing goes out before there is something to say', () => {
  const encoder = anthropicMessages.streamEncoder(anAbout())
  expect(encoder.push([{ type: 'start', id: 'a' }, { type: 'ping' }, text(''), thought('')])).toBe('')
  expect(
    encoder.push([
      { type: 'structure', name: 'x' },
      { type: 'unknown', name: 'y' },
    ]),
  ).toBe('')
  expect(encoder.push([text('Hi')])).toMatch(/^event: message_start\n/)
})

test('usage that is known when the message begins stands in its beginning', () => {
  const { said } = streamed([
    {
      type: 'usage',
      usage: { promptTokens: 100, cachedTokens: 60, cacheWriteTokens: 30, cacheWrite1hTokens: 10 },
    },
    text('Hi'),
    end(),
  ])
  expect(said[0]).toMatchObject({
    message: {
      usage: {
        input_tokens: 10,
        cache_read_input_tokens: 60,
        cache_creation_input_tokens: 30,
        cache_creation: { ephemeral_5m_input_tokens: 20, ephemeral_1h_input_tokens: 10 },
        output_tokens: 0,
      },
    },
  })
})

test('the newest usage counts, and more read from the cache than asked is never a debt', () => {
  const usage = { promptTokens: 5, cachedTokens: 9, completionTokens: 3 }
  const { said } = streamed([
    text('Hi'),
    { type: 'usage', usage: { promptTokens: 99 } },
    { type: 'usage', usage },
  ])
  expect(said.at(-2)?.usage).toEqual({ input_tokens: 0, cache_read_input_tokens: 9, output_tokens: 3 })
})

test('an answer without a word is a message all the same', () => {
  expect(streamed([end()]).said.map(({ type }) => type)).toEqual([
    'message_start',
    'message_delta',
    'message_stop',
  ])
})

test('without an end it is a plain stop; after the end nothing', () => {
  const { said, encoder } = streamed([text('Hi')])
  expect(said.at(-2)?.delta).toMatchObject({ stop_reason: 'end_turn' })
  expect([
    encoder.push([text('more')]),
    encoder.end(),
    encoder.fail(new ProxyError('internal', 'x')),
  ]).toEqual(['', '', ''])
})

test('an error ends it, and nothing follows', () => {
  const encoder = anthropicMessages.streamEncoder(anAbout())
  encoder.push([text('Hi')])
  const failed = encoder.fail(new ProxyError('backend_truncated', 'It broke off.'))
  expect(failed).toMatch(
    /^event: error\ndata: \{"type":"error","error":\{"type":"api_error","message":"It broke off\."/,
  )
  expect([encoder.end(), encoder.push([text('more')])]).toEqual(['', ''])
})

test.each<[Event[], object]>([
  [[end('stop')], { stop_reason: 'end_turn', stop_sequence: null }],
  [
    [{ type: 'end', reason: 'stop', raw: 'stop', stopSequence: 'END' }],
    { stop_reason: 'stop_sequence', stop_sequence: 'END' },
  ],
  [[end('length')], { stop_reason: 'max_tokens' }],
  [[end('pause')], { stop_reason: 'pause_turn' }],
  [
    [end('filter')],
    { stop_reason: 'refusal', stop_details: { type: 'refusal', category: null, explanation: null } },
  ],
  [[end('tool')], { stop_reason: 'end_turn' }],
  [[call(0, { name: 'f', arguments: '{}' }), end('length')], { stop_reason: 'max_tokens' }],
])('%j', (events, delta) => {
  expect(streamed(events).said.at(-2)?.delta).toMatchObject(delta)
})

describe('the bug rules', () => {
  test('1 and 2: a block is closed before the next begins, and what changes it is written', () => {
    const { said } = streamed([text('a'), call(0, { id: 't', name: 'f', arguments: '{"x":1}' }), text('b')])
    expect(said.map(({ type, index }) => `${type} ${index ?? ''}`.trim())).toEqual([
      'message_start',
      'content_block_start 0',
      'content_block_delta 0',
      'content_block_stop 0',
      'content_block_start 1',
      'content_block_delta 1',
      'content_block_stop 1',
      'content_block_start 2',
      'content_block_delta 2',
      'content_block_stop 2',
      'message_delta',
      'message_stop',
    ])
    expect(blocksOf(said)).toMatchObject([{ text: 'a' }, { partial_json: '{"x":1}' }, { text: 'b' }])
  })

  test('3: what comes first decides the kind of the first block', () => {
    expect(blocksOf(streamed([thought('hm'), text('a')]).said)).toMatchObject([
      { type: 'thinking', thinking: 'hm' },
      { type: 'text', text: 'a' },
    ])
  })

  test('4: white space before a word waits for the word, and alone is no block', () => {
    expect(blocksOf(streamed([text('\n'), text('\n'), text('a')]).said)).toMatchObject([{ text: '\n\na' }])
    const only = streamed([text('\n\n'), call(0, { id: 't', name: 'f', arguments: '{}' })])
    expect(blocksOf(only.said)).toMatchObject([{ type: 'tool_use' }])
    expect(only.said.find(({ type }) => type === 'content_block_start')?.index).toBe(0)
  })

  test('5: an answer that calls a tool says so, whatever the provider said', () => {
    const { said } = streamed([text('a'), call(0, { id: 't', name: 'f', arguments: '{}' }), end('stop')])
    expect(said.at(-2)?.delta).toMatchObject({ stop_reason: 'tool_use' })
  })

  test('7: calls of the same tool without ids get one each', () => {
    const { said } = streamed([
      call(0, { name: 'f', arguments: '{"x":1}' }),
      call(1, { name: 'f', arguments: '{"x":2}' }),
    ])
    expect(blocksOf(said)).toMatchObject([
      { id: 'call_01k7abc_0', partial_json: '{"x":1}' },
      { id: 'call_01k7abc_1', partial_json: '{"x":2}' },
    ])
  })

  test('9: the arguments of a tool without parameters are an object', () => {
    const { said } = streamed([call(0, { id: 't', name: 'now' }), end('tool')])
    expect(blocksOf(said)).toMatchObject([{ name: 'now', partial_json: '{}' }])
  })

  test('10: arguments travel as deltas, also where they come with the name', () => {
    const { said } = streamed([call(0, { id: 't', name: 'f', arguments: '{"x":1}' })])
    expect(said[1]).toMatchObject({ content_block: { input: {} } })
    expect(said[2]).toMatchObject({ delta: { type: 'input_json_delta', partial_json: '{"x":1}' } })
  })

  test('17: the usage of the end replaces that of the beginning', () => {
    const usage = (completionTokens: number): Event => ({
      type: 'usage',
      usage: { promptTokens: 10, completionTokens },
    })
    const { said } = streamed([usage(1), text('a'), usage(5)])
    expect(said.at(-2)?.usage).toEqual({ input_tokens: 10, output_tokens: 5 })
  })
})

test('calls that come mixed are written one after the other, each whole', () => {
  const { said } = streamed([
    call(0, { id: 'a', name: 'f', arguments: '{"s":"}' }),
    call(1, { id: 'b', name: 'g', arguments: '{"y"' }),
    call(0, { arguments: '\\""' }),
    text('and'),
    call(1, { arguments: ':2}' }),
    call(0, { arguments: '}' }),
    end('tool'),
  ])
  expect(blocksOf(said)).toMatchObject([
    { id: 'a', partial_json: '{"s":"}\\""}' },
    { id: 'b', partial_json: '{"y":2}' },
    { text: 'and' },
  ])
})

test('a call whose arguments are whole does not wait for the end', () => {
  const encoder = anthropicMessages.streamEncoder(anAbout())
  encoder.push([call(0, { id: 'a', name: 'f', arguments: '{"x":[{"}":1}]}' })])
  const written = encoder.push([call(1, { id: 'b', name: 'g' }), call(1, { arguments: '{' })])
  expect(written).toContain('"content_block_stop","index":0')
  expect(written).toContain('"partial_json":"{"')
})

test('a block that never ends does not keep everything behind it', () => {
  const encoder = anthropicMessages.streamEncoder(anAbout())
  encoder.push([call(0, { id: 'a', name: 'f', arguments: '{"x"' }), text('a')])
  let written = ''
  for (let times = 0; times < 1100; times++) written += encoder.push([text('z'.repeat(1000))])
  expect(written.length).toBeGreaterThan(1_000_000)
})

test('arguments that come after their call is closed are dropped, not written elsewhere', () => {
  const { said } = streamed([
    call(0, { id: 'a', name: 'f', arguments: '{}' }),
    text('b'),
    call(0, { arguments: '{"late":1}' }),
  ])
  expect(blocksOf(said)).toMatchObject([{ partial_json: '{}' }, { text: 'b' }])
})

test('ids that Anthropic would not take lead back', () => {
  const { said } = streamed([call(0, { id: 'call:1/a', name: 'f', arguments: '{}' })])
  const [block] = blocksOf(said)
  expect(block?.id).toMatch(/^[a-zA-Z0-9_-]+$/)
  const back = anthropicMessages.decodeRequest(
    { messages: [{ role: 'assistant', content: [{ ...block, input: {} }] }] },
    { model: 'm', stream: false },
  )
  expect(back.messages[0]?.parts[0]).toMatchObject({ id: 'call:1/a' })
})

describe('reasoning state', () => {
  const gemini = anAbout('gemini')
  const seal = (kind: 'thought_signature' | 'encrypted', protocol: 'gemini' | 'openai-responses') =>
    sealState({ protocol, model: 'backend-model', kind, data: 'c2ln' })
  const state = (on: 'reasoning' | 'text' | 'tool_call' | null): Event => ({
    type: 'state',
    state: { protocol: 'gemini', kind: 'thought_signature', data: 'c2ln' },
    on,
  })

  test('of thoughts is their signature', () => {
    const { said } = streamed([thought('hm'), state('reasoning'), thought('more'), text('a')], gemini)
    expect(blocksOf(said)).toMatchObject([
      { type: 'thinking', thinking: 'hm', signature: seal('thought_signature', 'gemini') },
      { type: 'thinking', thinking: 'more' },
      { type: 'text' },
    ])
  })

  test('of a call stands right before it', () => {
    const { said } = streamed(
      [
        call(0, { name: 'f', arguments: '{"x":1}' }),
        state('tool_call'),
        call(1, { name: 'g', arguments: '{}' }),
        end('stop'),
      ],
      gemini,
    )
    expect(blocksOf(said)).toMatchObject([
      { type: 'redacted_thinking', data: seal('thought_signature', 'gemini') },
      { type: 'tool_use', name: 'f', partial_json: '{"x":1}' },
      { type: 'tool_use', name: 'g' },
    ])
  })

  test('of a call whose arguments come in pieces before it', () => {
    const { said } = streamed(
      [call(0, { name: 'f', arguments: '{"x"' }), call(0, { arguments: ':1}' }), state('tool_call')],
      gemini,
    )
    expect(blocksOf(said)).toMatchObject([
      { type: 'redacted_thinking' },
      { type: 'tool_use', partial_json: '{"x":1}' },
    ])
  })

  test('of a text comes behind it, for it was written already', () => {
    expect(blocksOf(streamed([text('a'), state('text')], gemini).said)).toMatchObject([
      { type: 'text', text: 'a' },
      { type: 'redacted_thinking', data: seal('thought_signature', 'gemini') },
    ])
  })

  test('that stands alone is a block of its own', () => {
    const encrypted: Event = {
      type: 'state',
      state: { protocol: 'openai-responses', kind: 'encrypted', data: 'c2ln' },
      on: null,
    }
    expect(blocksOf(streamed([encrypted, text('a')], anAbout('openai-responses')).said)).toMatchObject([
      { type: 'redacted_thinking', data: seal('encrypted', 'openai-responses') },
      { type: 'text' },
    ])
  })

  test('stays where the thoughts are not to be read', () => {
    const reasoning = { effort: null, budgetTokens: 2000, adaptive: false, visible: false }
    const hidden = [thought('hm'), state('reasoning'), text('a')]
    expect(blocksOf(streamed(hidden, anAbout('gemini', { reasoning })).said)).toMatchObject([
      { type: 'redacted_thinking' },
      { type: 'text' },
    ])
    // Some chat backends want their words back.
    expect(blocksOf(streamed([thought('hm')], anAbout('openai-chat', { reasoning })).said)).toMatchObject([
      { type: 'thinking', thinking: 'hm' },
    ])
  })
})

describe('what else an answer may hold', () => {
  const cite = (url: string | null): Event => ({
    type: 'citation',
    citation: { url, title: 'Example', quote: 'It is.', start: 0, end: 1 },
  })
  const location = { type: 'web_search_result_location', cited_text: 'It is.', title: 'Example' }

  test('citations of a URL stand with their text, also those that come before it', () => {
    const { said, encoder } = streamed([cite('https://a.example/'), text('a'), cite('https://b.example/')])
    expect(blocksOf(said)).toMatchObject([
      {
        text: 'a',
        citations: [
          { ...location, url: 'https://a.example/' },
          { ...location, url: 'https://b.example/' },
        ],
      },
    ])
    expect(encoder.lost).toEqual([])
  })

  test.each([[[text('a'), cite(null)]], [[cite('https://a.example/')]]])('others are lost: %j', (events) => {
    expect(streamed(events).encoder.lost).toEqual([{ loss: 'answer_citation', param: null }])
  })

  test('texts that are apart are two blocks', () => {
    const { said } = streamed([text('a'), { type: 'boundary', of: 'text' }, text('b')])
    expect(blocksOf(said)).toMatchObject([{ text: 'a' }, { text: 'b' }])
  })

  test('what a tool of the provider printed is a text of its own', () => {
    const tool = (printed: string): Event => ({ type: 'server_tool', kind: 'code', text: printed })
    const { said, encoder } = streamed([tool(''), text('a'), tool('42'), text('b')])
    expect(blocksOf(said)).toMatchObject([{ text: 'a' }, { text: '42' }, { text: 'b' }])
    expect(encoder.lost).toEqual([{ loss: 'answer_server_tool', param: null }])
  })

  test('a refusal is text, of sound the words remain, images are lost', () => {
    const { said, encoder } = streamed([
      { type: 'refusal', text: 'No.' },
      { type: 'media', mediaType: 'image/png', data: 'aGk=' },
      { type: 'boundary', of: 'text' },
      { type: 'media', mediaType: 'audio/wav', data: 'UklG', transcript: 'Hello' },
    ])
    expect(blocksOf(said)).toMatchObject([{ text: 'No.' }, { text: 'Hello' }])
    expect(encoder.lost.map(({ loss }) => loss)).toEqual(['answer_refusal', 'answer_media'])
  })

  test('free text to a tool is the one string of an object', () => {
    const { said } = streamed([
      call(0, { id: 't', name: 'patch', custom: true, arguments: '*** "Be' }),
      call(0, { arguments: 'gin"\n}' }),
    ])
    const [block] = blocksOf(said)
    expect(JSON.parse(block?.partial_json as string)).toEqual({ input: '*** "Begin"\n}' })
  })

  test('other choices than the first, and log probabilities, are not written', () => {
    const { said } = streamed([
      { type: 'text', text: 'other', choice: 1 },
      { type: 'logprobs', tokens: [] },
      text('a'),
    ])
    expect(blocksOf(said)).toMatchObject([{ text: 'a' }])
  })

  test('sound in the usage, and a price, have no field', () => {
    const usage = { promptTokens: 1, completionTokens: 1, costUsd: 0.1, serviceTier: 'default' }
    const { said, encoder } = streamed([text('a'), { type: 'usage', usage }])
    expect(said.at(-2)?.usage).toEqual({ input_tokens: 1, output_tokens: 1, service_tier: 'standard' })
    expect(encoder.lost).toEqual([{ loss: 'answer_usage_details', param: null }])
  })
})
