import { describe, expect, it, test } from 'vitest'
import type { Json, JsonObject } from '../../../../src/core/json.ts'
import { messagesOf } from './a-call.ts'

const calls = (...names: string[]): JsonObject => ({
  role: 'model',
  parts: names.map((name) => ({ functionCall: { name, args: {} } })),
})
const responses = (...names: string[]): JsonObject => ({
  role: 'user',
  parts: names.map((name, at) => ({ functionResponse: { name, response: { result: `${name} ${at}` } } })),
})
const png = { inlineData: { mimeType: 'image/png', data: 'AAAA' } }
const image = { type: 'image', source: { kind: 'base64', mediaType: 'image/png', data: 'AAAA' } }
const text = (said: string) => ({ type: 'text', text: said })

/** Ids of calls and of what results answer, in their order. */
function ids(...contents: JsonObject[]): [called: string[], answered: string[]] {
  const parts = messagesOf(...contents).flatMap((message) => message.parts as { type: string }[])
  return [
    parts.flatMap((part) => ('id' in part && typeof part.id === 'string' ? [part.id] : [])),
    parts.flatMap((part) => ('callId' in part && typeof part.callId === 'string' ? [part.callId] : [])),
  ]
}

describe('ids that the client left out', () => {
  it('are made of the place of their call, and found by name and order', () => {
    expect(ids(calls('f', 'g', 'f'), responses('f', 'f', 'g'))).toEqual([
      ['call_0_0', 'call_0_1', 'call_0_2'],
      ['call_0_0', 'call_0_2', 'call_0_1'],
    ])
  })

  it('are those of the latest turn, not of a call that nobody answered', () => {
    expect(ids(calls('f'), { parts: [{ text: 'stop' }] }, calls('f'), responses('f'))).toEqual([
      ['call_0_0', 'call_2_0'],
      ['call_2_0'],
    ])
  })

  it('are one turn where the model speaks twice in a row', () => {
    expect(ids(calls('f'), calls('g'), responses('f', 'g'))).toEqual([
      ['call_0_0', 'call_1_0'],
      ['call_0_0', 'call_1_0'],
    ])
  })

  it('are not guessed', () => {
    expect(ids(calls('f', 'f'), responses('f', 'g', 'f', 'f'))).toEqual([
      ['call_0_0', 'call_0_1'],
      ['call_0_0', '', 'call_0_1', ''],
    ])
  })

  it('are found for a response without even a name where there is one call', () => {
    const response = { parts: [{ functionResponse: { response: {} } }] }
    expect(ids(calls('f'), response)[1]).toEqual(['call_0_0'])
    expect(ids(calls('f', 'f'), response)[1]).toEqual([''])
  })
})

test('ids that the client has are kept, whoever else has one', () => {
  const given = {
    role: 'model',
    parts: [{ functionCall: { id: 'c1', name: 'f' } }, { functionCall: { name: 'f' } }],
  }
  const answered = {
    parts: [
      { functionResponse: { id: 'x9', name: 'f', response: {} } },
      { functionResponse: { id: 'c1', name: 'other', response: {} } },
    ],
  }
  expect(ids(given, answered)).toEqual([
    ['c1', 'call_0_1'],
    ['call_0_1', 'c1'],
  ])
  // `llmp_` is our own way of writing ids that the client's protocol does not take.
  const written = `llmp_${Buffer.from('call|1').toString('base64url')}`
  const call = { role: 'model', parts: [{ functionCall: { id: written, name: 'f' } }] }
  expect(ids(call, { parts: [{ functionResponse: { id: written, name: 'f', response: {} } }] })).toEqual([
    ['call|1'],
    ['call|1'],
  ])
})

test.each<[Json, string | null, boolean]>([
  [{ result: 'sunny' }, 'sunny', false],
  [{ output: 'sunny' }, 'sunny', false],
  [{ output: { a: 1 } }, '{"a":1}', false],
  [{ output: 'sunny', error: null }, 'sunny', false],
  [{ error: 'no such city' }, 'no such city', true],
  [{ error: { code: 5 } }, '{"code":5}', true],
  [{ output: 'x', error: 'y' }, '{"output":"x","error":"y"}', true],
  [{ status: 'ok', error: 'none' }, '{"status":"ok","error":"none"}', false],
  [{ temperature: 20 }, '{"temperature":20}', false],
  [{}, '{}', false],
  [{ output: '' }, null, false],
  ['sunny', 'sunny', false],
  [[1, 2], '[1,2]', false],
])('a response of %j', (response, said, isError) => {
  const [, message] = messagesOf(calls('f'), { parts: [{ functionResponse: { name: 'f', response } }] })
  expect(message?.parts).toEqual([
    {
      ...{ type: 'tool_result', callId: 'call_0_0', name: 'f', isError },
      content: said === null ? [] : [text(said)],
    },
  ])
})

describe('pictures of results', () => {
  const content = (...parts: JsonObject[]) => messagesOf(calls('f', 'g'), { parts })[1]?.parts
  const response = (name: string): JsonObject => ({ functionResponse: { name, response: { output: name } } })
  const result = (name: string, callId: string, ...media: object[]) => ({
    ...{ type: 'tool_result', callId, name, isError: false },
    content: [text(name), ...media],
  })

  it('stand within, with what no result holds behind it', () => {
    const video = { inlineData: { mimeType: 'video/mp4', data: 'AAAA' } }
    const functionResponse = {
      name: 'f',
      response: { output: 'f' },
      parts: [{ inline_data: png.inlineData }, video],
    }
    expect(content({ function_response: functionResponse }, { text: 'and?' })).toEqual([
      result('f', 'call_0_0', image),
      { type: 'video', source: { kind: 'base64', mediaType: 'video/mp4', data: 'AAAA' } },
      text('and?'),
    ])
  })

  it('or right behind, as Gemini CLI sends them', () => {
    expect(content(response('f'), png, response('g'), png, png)).toEqual([
      result('f', 'call_0_0', image),
      result('g', 'call_0_1', image, image),
    ])
  })

  it('but not where the user has something to say', () => {
    expect(content(response('f'), png, { text: 'What of this?' })).toEqual([
      result('f', 'call_0_0'),
      image,
      text('What of this?'),
    ])
  })
})
