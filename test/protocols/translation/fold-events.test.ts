import { describe, expect, it } from 'vitest'
import type { Event } from '../../../src/core/event.ts'
import { foldEvents } from '../../../src/protocols/translation/fold-events.ts'

const stop: Event = { type: 'end', reason: 'stop', raw: 'end_turn' }
const signature = { protocol: 'anthropic-messages', kind: 'signature', data: 'EqQB' } as const

function parts(...events: Event[]) {
  return foldEvents(events, 'm').choices[0]?.parts
}

describe('what the events of an answer add up to', () => {
  it('is its id, model, usage and end', () => {
    const answer = foldEvents(
      [
        { type: 'start', id: 'msg_1', model: 'claude-x' },
        { type: 'usage', usage: { promptTokens: 3 } },
        { type: 'text', text: 'a' },
        { ...stop, stopSequence: '\n' },
        { type: 'usage', usage: { promptTokens: 3, completionTokens: 1 } },
      ],
      'm',
    )
    expect(answer).toEqual({
      id: 'msg_1',
      model: 'claude-x',
      usage: { promptTokens: 3, completionTokens: 1 },
      choices: [
        {
          parts: [{ type: 'text', text: 'a' }],
          end: { reason: 'stop', raw: 'end_turn', stopSequence: '\n' },
          logprobs: [],
        },
      ],
    })
  })

  it('joins pieces of one kind, and not over a boundary', () => {
    expect(
      parts(
        { type: 'reasoning', text: 'h' },
        { type: 'reasoning', text: 'm' },
        { type: 'text', text: 'a' },
        { type: 'text', text: 'b' },
        { type: 'boundary', of: 'text' },
        { type: 'text', text: 'c' },
      ),
    ).toEqual([
      { type: 'reasoning', text: 'hm' },
      { type: 'text', text: 'ab' },
      { type: 'text', text: 'c' },
    ])
  })

  it('gives each call its pieces, however they are mixed', () => {
    expect(
      parts(
        { type: 'tool_call', index: 0, id: 'a', name: 'f', arguments: '{"x"' },
        { type: 'tool_call', index: 1, id: 'b', name: 'g', arguments: '' },
        { type: 'tool_call', index: 0, arguments: ':1}' },
        stop,
      ),
    ).toEqual([
      { type: 'tool_call', id: 'a', name: 'f', arguments: '{"x":1}' },
      { type: 'tool_call', id: 'b', name: 'g', arguments: '{}' },
    ])
  })

  it('ties a state to what it came behind, and to the model', () => {
    expect(
      parts(
        { type: 'reasoning', text: 'one' },
        { type: 'state', on: 'reasoning', state: signature },
        { type: 'reasoning', text: 'two' },
        { type: 'state', on: 'reasoning', state: { ...signature, data: 'second' } },
        { type: 'state', on: null, state: { ...signature, kind: 'redacted' } },
        { type: 'tool_call', index: 0, id: 'a', name: 'f', arguments: '{}' },
        { type: 'state', on: 'tool_call', state: { ...signature, data: 'call' } },
      ),
    ).toEqual([
      { type: 'reasoning', text: 'one', state: { ...signature, model: 'm' } },
      { type: 'reasoning', text: 'two', state: { ...signature, model: 'm', data: 'second' } },
      { type: 'reasoning', text: '', state: { ...signature, model: 'm', kind: 'redacted' } },
      {
        type: 'tool_call',
        id: 'a',
        name: 'f',
        arguments: '{}',
        state: { ...signature, model: 'm', data: 'call' },
      },
    ])
  })

  it('keeps the alternatives of an answer apart', () => {
    const answer = foldEvents(
      [
        { type: 'text', text: 'b', choice: 1 },
        { type: 'text', text: 'a' },
        { ...stop, others: [{ choice: 1, reason: 'length', raw: 'length' }] },
      ],
      'm',
    )
    expect(answer.choices.map(({ parts: [part], end }) => [part, end.reason])).toEqual([
      [{ type: 'text', text: 'a' }, 'stop'],
      [{ type: 'text', text: 'b' }, 'length'],
    ])
  })

  it('has one empty choice when there was nothing', () => {
    expect(foldEvents([], 'm').choices).toEqual([
      { parts: [], end: { reason: 'stop', raw: '' }, logprobs: [] },
    ])
  })
})
