import { describe, expect, it } from 'vitest'
import type { Event } from '../../../../src/core/event.ts'
import { gemini } from '../../../../src/protocols/gemini/index.ts'
import { aboutFor, saidIn, streamed } from './an-answer.ts'
import { call, end, text } from './events.ts'

describe('tool calls', () => {
  const fn = (id: string, name: string, args: object) => ({ functionCall: { id, name, args } })

  it('are said whole, with the finish reason where they are last (rules 6 and 9)', () => {
    const { text: stream } = streamed([
      text('ok'),
      call(0, '', { id: 'toolu_1', name: 'f' }),
      call(0, '{"a"'),
      call(0, ':1}'),
      { type: 'end', reason: 'tool', raw: 'tool_use' },
    ])
    expect(saidIn(stream)).toEqual([[{ text: 'ok' }], [fn('toolu_1', 'f', { a: 1 })], 'STOP'])
    const none = streamed([call(0, '', { id: 'c', name: 'f' }), end])
    expect(saidIn(none.text)).toEqual([[fn('c', 'f', {})], 'STOP'])
  })

  it('that come mixed keep their order, and those of one tool their ids (rule 7)', () => {
    const { text: stream } = streamed([
      call(0, '{"a', { id: 'c0', name: 'f' }),
      call(1, '{"b":2}', { name: 'f' }),
      call(2, '{"c":3}', { id: 'c2', name: 'f' }),
      call(0, '":1}'),
      end,
    ])
    expect(saidIn(stream)).toEqual([
      [fn('c0', 'f', { a: 1 }), fn('call_01jd0example_1', 'f', { b: 2 }), fn('c2', 'f', { c: 3 })],
      'STOP',
    ])
  })

  it('are said as soon as something else follows them, and words do not wait for those that are not whole', () => {
    const encoder = gemini.streamEncoder(aboutFor())
    encoder.push([call(0, '{"a":1}', { id: 'c0', name: 'f' })])
    expect(saidIn(encoder.push([call(1, '{"b"', { id: 'c1', name: 'g' })]))).toEqual([
      [fn('c0', 'f', { a: 1 })],
    ])
    expect(saidIn(encoder.push([text('while')]))).toEqual([[{ text: 'while' }]])
    expect(encoder.push([call(1, ':2}')])).toBe('')
    expect(saidIn(encoder.push([text('then')]))).toEqual([[fn('c1', 'g', { b: 2 }), { text: 'then' }]])
    expect(encoder.push([call(0, 'late')])).toBe('')
  })

  it('that never became JSON are said as they came; one that the limit cut, or nobody named, is none', () => {
    const broken = [call(0, '{"a":', { id: 'c', name: 'f' }), call(1, '{}', { id: 'd' })]
    expect(saidIn(streamed([...broken, end]).text)).toEqual([[fn('c', 'f', { _raw: '{"a":' })], 'STOP'])
    const cut = streamed([...broken, { type: 'end', reason: 'length', raw: 'length' }])
    expect(saidIn(cut.text)).toEqual([[{ text: '' }], 'MAX_TOKENS'])
  })

  it('of free text are the one string of an object', () => {
    const events: Event[] = [call(0, '{"x', { id: 'c', name: 'patch', custom: true }), call(0, '}'), end]
    expect(saidIn(streamed(events).text)).toEqual([[fn('c', 'patch', { input: '{"x}' })], 'STOP'])
  })

  it('with a signature of Gemini’s own carry it (rule 22)', () => {
    const signature: Event = {
      ...{ type: 'state', on: 'tool_call' },
      state: { protocol: 'gemini', kind: 'thought_signature', data: 'c2ln' },
    }
    const events = [
      call(0, '', { id: 'c', name: 'f' }),
      signature,
      call(0, '{}'),
      call(1, '{}', { id: 'd', name: 'f' }),
    ]
    expect(saidIn(streamed([...events, end], aboutFor({}, 'openai-chat')).text)).toEqual([
      [{ ...fn('c', 'f', {}), thoughtSignature: 'c2ln' }],
      [fn('d', 'f', {})],
      'STOP',
    ])
  })

  it('wait for their state also behind a piece that says nothing', () => {
    const state = { protocol: 'gemini', kind: 'thought_signature', data: 'c2ln' } as const
    const events: Event[] = [
      ...[call(0, '{}', { id: 'c', name: 'f' }), call(0, '\n')],
      { type: 'state', on: 'tool_call', state },
    ]
    expect(saidIn(streamed([...events, end], aboutFor({}, 'openai-chat')).text)).toEqual([
      [{ ...fn('c', 'f', {}), thoughtSignature: 'c2ln' }],
      'STOP',
    ])
  })

  it('beyond all measure do not fill the memory', () => {
    const megabyte = 'x'.repeat(1 << 20)
    const encoder = gemini.streamEncoder(aboutFor())
    encoder.push([call(0, '{"a":"', { id: 'c', name: 'f' })])
    for (let sent = 0; sent < 40; sent++) encoder.push([call(0, megabyte)])
    expect(encoder.end().length).toBeLessThan(17 << 20)
  })
})
