import { describe, expect, it } from 'vitest'
import { compareAnswers, comparedAnswer } from '../../../src/capture/diff/answers.ts'
import type { CompareLevel } from '../../../src/capture/diff/difference.ts'
import type { JsonObject } from '../../../src/core/json.ts'
import { type ProtocolName, protocolNames } from '../../../src/core/protocol-name.ts'
import { aCapture, type CaptureDraft, edited, lastOf, viewsOf } from '../../support/a-capture.ts'

function answerOf(capture: CaptureDraft) {
  const [view] = viewsOf(capture)
  if (!view?.ptc) throw new Error('the exchange has no answer')
  return comparedAnswer(view.ptc, view.protocol, view.stream)
}
const differences = (before: CaptureDraft, after: CaptureDraft, level: CompareLevel) =>
  compareAnswers(answerOf(before), answerOf(after), level)
const paths = (before: CaptureDraft, after: CaptureDraft, level: CompareLevel) =>
  differences(before, after, level).map(({ path }) => path)

const chat = (message: JsonObject, more: JsonObject = {}) =>
  aCapture({
    stream: false,
    answer: {
      ...{ id: 'chatcmpl-1', object: 'chat.completion', created: 1, model: 'gpt-4o' },
      choices: [{ index: 0, message: { role: 'assistant', ...message }, finish_reason: 'stop' }],
      usage: { prompt_tokens: 1, completion_tokens: 2, total_tokens: 3 },
      ...more,
    },
  })
const call = (args: string, name = 'Bash', id = 'call_1') =>
  chat({ content: null, tool_calls: [{ id, type: 'function', function: { name, arguments: args } }] })

describe.each(protocolNames)('answers of %s', (protocol: ProtocolName) => {
  const streamed = aCapture({ protocol, stream: true })
  const whole = aCapture({ protocol, stream: false })

  it('are the same as themselves at every level', () => {
    for (const level of ['bytes', 'events', 'semantic', 'structure'] as const) {
      expect(paths(streamed, streamed, level)).toEqual([])
      expect(paths(whole, whole, level)).toEqual([])
    }
  })

  it('are the same streamed and whole as a message, and not event by event', () => {
    expect(paths(streamed, whole, 'semantic')).toEqual([])
    expect(paths(streamed, whole, 'structure')).toEqual([])
    expect(paths(streamed, whole, 'events')).toContain('stream')
  })

  it('are not the same where a word of the text is another', () => {
    const other = edited(streamed, (x) => x.answer.replaceText('there', 'you'))
    expect(paths(streamed, other, 'semantic')).toEqual(['choices[0].text'])
    expect(paths(streamed, other, 'events').length).toBeGreaterThan(0)
    expect(paths(streamed, other, 'bytes')).toHaveLength(1)
    expect(paths(streamed, other, 'structure')).toEqual([])
  })

  it('are not the same where the end is missing', () => {
    const cut = edited(streamed, (x) => x.answer.keepBytes(Math.floor(x.answer.body.length / 2)))
    expect(differences(streamed, cut, 'semantic')).toContainEqual({
      ...{ path: 'is_complete', kind: 'ending', before: true, after: false },
    })
  })
})

describe('at the level of messages', () => {
  it('ids, times and the cut into chunks are nothing', () => {
    const before = chat({ content: 'Hi' })
    const after = chat({ content: 'Hi' }, { id: 'chatcmpl-2', created: 2, system_fingerprint: 'fp' })
    expect(paths(before, after, 'semantic')).toEqual([])
    expect(paths(before, after, 'events')).toEqual([])
    expect(paths(before, after, 'bytes')).toEqual(['body byte 16'])
    const streamed = aCapture({ stream: true })
    const rechunked = edited(streamed, ({ answer }) => {
      answer.chunks = [{ ms: 9000, bytes: answer.body }]
    })
    expect(paths(streamed, rechunked, 'bytes')).toEqual([])
  })

  it('arguments of tools are compared as JSON, calls by name, and their ids are nothing', () => {
    expect(paths(call('{"a":1,"b":2}'), call('{ "b": 2, "a": 1 }', 'Bash', 'call_9'), 'semantic')).toEqual([])
    expect(paths(call('{"a":1}'), call('{"a":2}'), 'semantic')).toEqual([
      'choices[0].tool_calls[0].arguments.a',
    ])
    expect(paths(call('{}'), call('{}', 'Read'), 'semantic')).toEqual(['choices[0].tool_calls[0].name'])
  })

  it('status, model, usage and the end each have a kind', () => {
    const after = edited(chat({ content: 'Hi' }), (x) =>
      x.answer.editJson((json: JsonObject) =>
        Object.assign(json, {
          model: 'gpt-5',
          choices: [{ index: 0, message: { role: 'assistant', content: 'Hi' }, finish_reason: 'length' }],
          usage: { prompt_tokens: 1, completion_tokens: 9, total_tokens: 10 },
        }),
      ),
    )
    lastOf(after).answer.status = 201
    expect(
      differences(chat({ content: 'Hi' }), after, 'semantic').map(({ path, kind }) => [path, kind]),
    ).toEqual([
      ['status', 'status'],
      ['model', 'model'],
      ['choices[0].finish', 'ending'],
      ['usage.completion_tokens', 'usage'],
      ['usage.total_tokens', 'usage'],
    ])
  })

  it('an error is compared by its words, type and code', () => {
    const error = (message: string) =>
      aCapture({
        stream: false,
        status: 429,
        answer: { error: { message, type: 'rate_limit', code: 'slow' } },
      })
    expect(paths(error('wait'), error('wait'), 'semantic')).toEqual([])
    expect(paths(error('wait'), error('go'), 'semantic')).toEqual(['error.message'])
    expect(paths(error('wait'), error('go'), 'structure')).toEqual([])
    expect(paths(error('wait'), chat({ content: 'Hi' }), 'semantic')).toEqual(['status', 'error'])
  })

  it('what no protocol knows is compared member by member', () => {
    const list = (score: number) => aCapture({ stream: false, answer: { object: 'list', data: [{ score }] } })
    expect(paths(list(1), list(2), 'semantic')).toEqual(['data[0].score'])
  })

  it('a header that says what the answer is counts, one of the connection does not', () => {
    const before = chat({ content: 'Hi' })
    const typed = edited(before, (x) => x.answer.header('content-type', 'text/html'))
    const dated = edited(before, (x) => x.answer.header('date', 'now').header('x-request-id', '7'))
    expect(paths(before, typed, 'semantic')).toEqual(['header content-type'])
    expect(paths(before, dated, 'semantic')).toEqual([])
  })
})

describe('at the level of structure', () => {
  it('values of arguments may differ, their names and the tools may not', () => {
    expect(paths(call('{"a":1}'), call('{"a":2}'), 'structure')).toEqual([])
    expect(paths(call('{"a":1}'), call('{"b":1}'), 'structure')).toEqual([
      'choices[0].tool_calls[0].arguments[0]',
    ])
    expect(paths(call('{}'), chat({ content: 'Hi' }), 'structure')).toContain('choices[0].tool_calls[0]')
  })

  it('a text may be half as long again, and no longer', () => {
    const text = (length: number) => chat({ content: 'a'.repeat(length) })
    expect(paths(text(1000), text(1500), 'structure')).toEqual([])
    expect(paths(text(1000), text(1501), 'structure')).toEqual(['choices[0].text.length'])
    expect(paths(text(1), text(41), 'structure')).toEqual([])
  })

  it('an answer in JSON has the same members', () => {
    const json = (content: JsonObject) => chat({ content: JSON.stringify(content) })
    expect(paths(json({ a: 1, b: 2 }), json({ b: 0, a: 0 }), 'structure')).toEqual([])
    expect(paths(json({ a: 1 }), json({ c: 1 }), 'structure')).toEqual(['choices[0].json[0]'])
    expect(paths(json({ a: 1 }), chat({ content: 'I cannot' }), 'structure')).toEqual(['choices[0].json'])
  })
})
