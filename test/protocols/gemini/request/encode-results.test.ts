import { describe, expect, it, test } from 'vitest'
import type { Message, ToolResultPart } from '../../../../src/core/call.ts'
import { contentsOf, encoded, hi, lossesOf } from './a-call.ts'

const text = (said: string) => ({ type: 'text' as const, text: said })

function conversation(...results: Omit<ToolResultPart, 'type' | 'callId'>[]): Message[] {
  const ids = results.map((_result, at) => `call_${at}`)
  return [
    hi,
    { role: 'assistant', parts: ids.map((id) => ({ type: 'tool_call', id, name: 'f', arguments: '{}' })) },
    {
      role: 'user',
      parts: results.map((made, at) => ({ type: 'tool_result', callId: `call_${at}`, ...made })),
    },
  ]
}
const responses = (messages: Message[], model?: string) => contentsOf(messages, model)[2]?.parts

test.each<[string, object]>([
  ['sunny', { result: 'sunny' }],
  ['{"temperature": 20}', { temperature: 20 }],
  [' {"a":{"b":[1]}}', { a: { b: [1] } }],
  ['[1,2]', { result: '[1,2]' }],
  ['20', { result: '20' }],
  ['{"a":', { result: '{"a":' }],
  ['', { result: '' }],
  // These keys say what a result is: an object with them is no word of ours.
  ['{"error":"none"}', { result: '{"error":"none"}' }],
  ['{"output":1,"x":2}', { result: '{"output":1,"x":2}' }],
  // A number that JavaScript would round.
  ['{"id":12345678901234567890}', { result: '{"id":12345678901234567890}' }],
])('%s', (said, response) => {
  expect(responses(conversation({ content: [text(said)], isError: false }))).toEqual([
    { functionResponse: { id: 'call_0', name: 'f', response } },
  ])
})

test('an error, and what has more than one text', () => {
  const messages = conversation(
    { content: [text('no such'), text('city')], isError: true },
    { content: [], isError: false, cache: { ttl: null } },
  )
  expect(responses(messages)).toEqual([
    { functionResponse: { id: 'call_0', name: 'f', response: { error: 'no such\ncity' } } },
    { functionResponse: { id: 'call_1', name: 'f', response: { result: '' } } },
  ])
  expect(lossesOf(encoded({ messages }))).toEqual(['cache_control'])
})

describe('what a result shows', () => {
  const image = { type: 'image', source: { kind: 'base64', mediaType: 'image/png', data: 'AAAA' } } as const
  const linked = {
    type: 'image',
    source: { kind: 'url', url: 'https://a.com/b.png', mediaType: null },
  } as const
  const inlineData = { mimeType: 'image/png', data: 'AAAA' }
  const messages = conversation(
    { content: [text('seen'), image, linked], isError: false },
    { content: [text('done')], isError: false },
  )
  const response = (at: number, result: string) => ({ id: `call_${at}`, name: 'f', response: { result } })

  it('stands behind all responses, up to 2.5', () => {
    expect(responses(messages)).toEqual([
      { functionResponse: response(0, 'seen') },
      { functionResponse: response(1, 'done') },
      { inlineData },
    ])
    expect(lossesOf(encoded({ messages }))).toEqual(['image_url'])
  })

  it('stands within its response from 3 on, as far as the API takes it there', () => {
    expect(responses(messages, 'gemini-3-pro-preview')).toEqual([
      { functionResponse: { ...response(0, 'seen'), parts: [{ inlineData }] } },
      { functionResponse: response(1, 'done') },
      { fileData: { fileUri: 'https://a.com/b.png', mimeType: 'image/png' } },
    ])
  })
})

test('an id that it does not take is the same short one each time, for the call and its result', () => {
  const id = 'x'.repeat(300)
  const messages: Message[] = [
    hi,
    { role: 'assistant', parts: [{ type: 'tool_call', id, name: 'f', arguments: '{}' }] },
    { role: 'user', parts: [{ type: 'tool_result', callId: id, content: [], isError: false }] },
  ]
  const [, called, answered] = contentsOf(messages) as { parts: Record<string, { id: string }>[] }[]
  expect(called?.parts[0]?.functionCall?.id).toMatch(/^call_[0-9a-f]{32}$/)
  expect(answered?.parts[0]?.functionResponse?.id).toBe(called?.parts[0]?.functionCall?.id)
})
