import { describe, expect, it } from 'vitest'
import type { Event } from '../../src/core/event.ts'
import { protocolNamed } from '../../src/protocols/index.ts'
import { read, source, stream } from './saying.ts'

/** The rules of reference/protocols.md §4 that concern answers; each is a bug that others had. */
const start: Event = { type: 'start', id: 'a', model: 'm' }
const text = (said: string): Event => ({ type: 'text', text: said })
const call = (index: number, name: string, args: string): Event => ({
  type: 'tool_call',
  index,
  id: `call_${index}`,
  name,
  arguments: args,
})
const end: Event = { type: 'end', reason: 'stop', raw: 'stop' }
const toolEnd: Event = { type: 'end', reason: 'tool', raw: 'tool_calls' }
// biome-ignore lint/suspicious/noExplicitAny: wire objects of four protocols.
type Wire = any

function blocks(events: readonly Event[]): string[] {
  return stream('anthropic-messages', events).map((event: Wire) => {
    const what = event.content_block?.type ?? event.delta?.type ?? ''
    return event.index === undefined ? String(event.type) : `${event.type} ${event.index} ${what}`.trim()
  })
}

describe('an answer streamed to a client', () => {
  it('rule 1: has at most one block open, with indices from 0 without gaps', () => {
    expect(blocks([start, text('a'), call(0, 'f', '{}'), toolEnd])).toEqual([
      'message_start',
      'content_block_start 0 text',
      'content_block_delta 0 text_delta',
      'content_block_stop 0',
      'content_block_start 1 tool_use',
      'content_block_delta 1 input_json_delta',
      'content_block_stop 1',
      'message_delta',
      'message_stop',
    ])
  })

  it('rule 2: has the words of the very event that changes the block', () => {
    const events = read('gemini', [
      {
        candidates: [
          {
            content: { parts: [{ text: 'a' }, { functionCall: { name: 'f', args: { x: 1 } } }] },
            finishReason: 'STOP',
          },
        ],
      },
    ])
    const deltas = stream('anthropic-messages', events).flatMap(
      (event: Wire) => event.delta?.text ?? event.delta?.partial_json ?? [],
    )
    expect(deltas).toEqual(['a', '{"x":1}'])
  })

  it('rule 3: has one message_start, and a first block of the kind of its first words', () => {
    const said = blocks([start, { type: 'reasoning', text: 'hm' }, start, text('a'), end])
    expect(said.filter((event) => event === 'message_start')).toHaveLength(1)
    expect(said[1]).toBe('content_block_start 0 thinking')
    expect(said[2]).toBe('content_block_delta 0 thinking_delta')
  })

  it('rule 4: has no empty text block', () => {
    const events = read('openai-chat', [
      { choices: [{ index: 0, delta: { role: 'assistant', content: '' } }] },
      {
        choices: [
          {
            index: 0,
            delta: { tool_calls: [{ index: 0, id: 'c', function: { name: 'f', arguments: '{}' } }] },
          },
        ],
      },
      { choices: [{ index: 0, delta: { content: '' }, finish_reason: 'tool_calls' }] },
      'data: [DONE]\n\n',
    ])
    expect(blocks(events).filter((event) => event.endsWith(' text'))).toEqual([])
  })

  it.each(['anthropic-messages', 'openai-chat'] as const)(
    'rule 5: ends with a tool call for %s whenever there was one',
    (client) => {
      const events = read('openai-chat', [
        { choices: [{ index: 0, delta: { content: 'Let me look.' } }] },
        {
          choices: [
            {
              index: 0,
              delta: { tool_calls: [{ index: 0, id: 'c', function: { name: 'f', arguments: '{}' } }] },
            },
          ],
        },
        { choices: [{ index: 0, delta: {}, finish_reason: 'stop' }] },
        'data: [DONE]\n\n',
      ])
      const last = stream(client, events).map(
        (event: Wire) => event.delta?.stop_reason ?? event.choices?.[0]?.finish_reason,
      )
      expect(last.filter(Boolean)).toEqual([client === 'openai-chat' ? 'tool_calls' : 'tool_use'])
    },
  )

  it('rule 6: remembers Gemini’s call when the chunk with the end has none', () => {
    const events = read('gemini', [
      { candidates: [{ content: { parts: [{ functionCall: { name: 'f', args: {} } }] } }] },
      { candidates: [{ content: { parts: [{ text: '' }] }, finishReason: 'STOP' }] },
    ])
    const reasons = stream('openai-chat', events).flatMap(
      (chunk: Wire) => chunk.choices[0]?.finish_reason ?? [],
    )
    expect(reasons).toEqual(['tool_calls'])
  })

  it('rule 7: gives parallel calls of one tool an index and an id each', () => {
    const part = (city: string) => ({ functionCall: { name: 'f', args: { city } } })
    const events = read('gemini', [
      { candidates: [{ content: { parts: [part('a'), part('b')] }, finishReason: 'STOP' }] },
    ])
    const calls = stream('openai-chat', events).flatMap(
      (chunk: Wire) => chunk.choices[0]?.delta.tool_calls ?? [],
    )
    const begun = calls.filter(({ id }: Wire) => id)
    expect(begun.map(({ index }: Wire) => index)).toEqual([0, 1])
    expect(new Set(begun.map(({ id }: Wire) => id)).size).toBe(2)
  })

  it('rule 8: counts chat’s tool index by tools, not by blocks', () => {
    const block = (index: number, content_block: object) => ({
      type: 'content_block_start',
      index,
      content_block,
    })
    const events = read('anthropic-messages', [
      { type: 'message_start', message: { id: 'm', content: [], usage: {} } },
      block(0, { type: 'text', text: '' }),
      { type: 'content_block_delta', index: 0, delta: { type: 'text_delta', text: 'a' } },
      { type: 'content_block_stop', index: 0 },
      block(1, { type: 'tool_use', id: 't', name: 'f', input: {} }),
      { type: 'content_block_stop', index: 1 },
      { type: 'message_delta', delta: { stop_reason: 'tool_use' }, usage: { output_tokens: 1 } },
      { type: 'message_stop' },
    ])
    const calls = stream('openai-chat', events).flatMap(
      (chunk: Wire) => chunk.choices[0]?.delta.tool_calls ?? [],
    )
    expect(calls[0]).toMatchObject({ index: 0, id: 't' })
  })

  it('rule 9: gives the arguments of a tool without parameters as {} or not at all', () => {
    const events = [start, { ...call(0, 'f', ''), arguments: '' } as Event, toolEnd]
    const pieces = stream('openai-responses', events).flatMap((event: Wire) => event.arguments ?? [])
    expect(pieces).toEqual(['{}'])
    const json = stream('anthropic-messages', events).flatMap(
      (event: Wire) => event.delta?.partial_json ?? [],
    )
    expect(JSON.parse(json.join('') || '{}')).toEqual({})
    const [gemini] = stream('gemini', events).flatMap((chunk: Wire) => chunk.candidates[0].content.parts)
    expect(gemini.functionCall.args).toEqual({})
  })

  it('rule 10: sends Anthropic’s clients the arguments as deltas, for they ignore the input of the start', () => {
    const said = stream('anthropic-messages', [start, call(0, 'f', '{"x":1}'), toolEnd])
    const begun = said.find((event: Wire) => event.content_block?.type === 'tool_use') as Wire
    expect(begun.content_block.input).toEqual({})
    expect(said.flatMap((event: Wire) => event.delta?.partial_json ?? []).join('')).toBe('{"x":1}')
  })

  it('rule 11: reads arguments that come only with the finished item', () => {
    const item = { type: 'function_call', call_id: 'c', name: 'f', arguments: '{"x":1}' }
    const events = read('openai-responses', [
      { type: 'response.created', response: { id: 'r' } },
      { type: 'response.output_item.added', output_index: 0, item: { ...item, arguments: '' } },
      { type: 'response.output_item.done', output_index: 0, item },
      { type: 'response.completed', response: { id: 'r', status: 'completed', output: [item] } },
    ])
    const json = stream('anthropic-messages', events).flatMap(
      (event: Wire) => event.delta?.partial_json ?? [],
    )
    expect(json.join('')).toBe('{"x":1}')
  })

  it('rule 12: closes every part and item of a response, also when chat never says why it ended', () => {
    const events = read('openai-chat', [
      { choices: [{ index: 0, delta: { content: 'a' } }] },
      'data: [DONE]\n\n',
    ])
    const types = stream('openai-responses', events).map((event: Wire) => event.type)
    expect(types.slice(-4)).toEqual([
      'response.output_text.done',
      'response.content_part.done',
      'response.output_item.done',
      'response.completed',
    ])
  })

  it('rule 17: does not add up the usage of message_start and message_delta', () => {
    const usage = { input_tokens: 10, cache_read_input_tokens: 100, output_tokens: 1 }
    const events = read('anthropic-messages', [
      { type: 'message_start', message: { id: 'm', content: [], usage } },
      { type: 'message_delta', delta: { stop_reason: 'end_turn' }, usage: { ...usage, output_tokens: 7 } },
      { type: 'message_stop' },
    ])
    const response = stream('openai-responses', events).at(-1) as Wire
    expect(response.response.usage).toMatchObject({
      input_tokens: 110,
      output_tokens: 7,
      input_tokens_details: { cached_tokens: 100 },
    })
  })

  it('rule 18: subtracts the cache for Anthropic’s clients, never below zero', () => {
    const usage = { promptTokens: 110, cachedTokens: 100, completionTokens: 7 }
    const last = stream('anthropic-messages', [start, text('a'), end, { type: 'usage', usage }]).find(
      (event: Wire) => event.type === 'message_delta',
    ) as Wire
    expect(last.usage).toMatchObject({ input_tokens: 10, cache_read_input_tokens: 100, output_tokens: 7 })
    const odd = stream('anthropic-messages', [
      start,
      text('a'),
      end,
      { type: 'usage', usage: { ...usage, promptTokens: 50 } },
    ])
    expect((odd.find((event: Wire) => event.type === 'message_delta') as Wire).usage.input_tokens).toBe(0)
  })

  it('rule 19: takes the usage from whatever chunk it rides on, and no zeros over it', () => {
    const events = read('openai-chat', [
      { choices: [{ index: 0, delta: { content: 'a' } }], usage: { prompt_tokens: 0, completion_tokens: 0 } },
      {
        choices: [{ index: 0, delta: {}, finish_reason: 'stop' }],
        usage: { prompt_tokens: 5, completion_tokens: 2 },
      },
      { choices: [], usage: { prompt_tokens: 0, completion_tokens: 0 } },
      'data: [DONE]\n\n',
    ])
    const last = stream('gemini', events).at(-1) as Wire
    expect(last.usageMetadata).toMatchObject({ promptTokenCount: 5, candidatesTokenCount: 2 })
  })

  it('rule 26: puts characters together that the network split', () => {
    const bytes = Buffer.from(
      'data: {"choices":[{"index":0,"delta":{"content":"grüße 🎉"}}]}\n\ndata: [DONE]\n\n',
    )
    for (let at = 1; at < bytes.length; at++) {
      const decoder = protocolNamed('openai-chat').streamDecoder('sse')
      const events = [...decoder.push(bytes.subarray(0, at)), ...decoder.push(bytes.subarray(at))]
      const said = stream('anthropic-messages', events).flatMap((event: Wire) => event.delta?.text ?? [])
      expect(said.join('')).toBe('grüße 🎉')
    }
  })

  it('rule 30: ends chat with one finish reason, index and id on every chunk, and only the usage behind it', () => {
    const chunks = stream('openai-chat', [start, text('a'), end]) as Wire[]
    expect(
      chunks.every(({ id, choices }) => id === 'chatcmpl-0123456789abcdefghij' && choices[0].index === 0),
    ).toBe(true)
    expect(chunks.map(({ choices }) => choices[0].finish_reason)).toEqual([null, null, 'stop'])
  })

  it('rule 22: carries Gemini’s thought signature to the call that it belongs to', () => {
    const part = { functionCall: { name: 'f', args: {} }, thoughtSignature: 'CiQB' }
    const events = read('gemini', [{ candidates: [{ content: { parts: [part] }, finishReason: 'STOP' }] }])
    const calls = stream('openai-chat', events, source).flatMap(
      (chunk: Wire) => chunk.choices[0]?.delta.tool_calls ?? [],
    )
    const carried = calls.flatMap((made: Wire) => made.extra_content?.google.thought_signature ?? [])
    expect(carried).toHaveLength(1)
    expect(Buffer.from(carried[0], 'base64').toString()).toContain('"CiQB"')
  })
})
