import { expect, test } from 'vitest'
import { gemini } from '../../../src/protocols/gemini/index.ts'

const chunk = {
  candidates: [
    {
      content: { parts: [{ text: 'Hello' }] },
      finishReason: 'STOP',
      groundingMetadata: { webSearchQueries: ['x'] },
    },
  ],
}
const expected = [
  { type: 'text', text: 'Hello' },
  { type: 'server_tool', kind: 'web_search', text: '' },
  { type: 'end', reason: 'stop', raw: 'STOP' },
]

test('a whole answer, also as the array that a stream without alt=sse is', () => {
  expect(gemini.decodeAnswer(chunk)).toEqual(expected)
  expect(gemini.decodeAnswer([chunk])).toEqual(expected)
})

test('an answer without a finish reason is at its end all the same', () => {
  expect(
    gemini.decodeAnswer({ candidates: [{ content: { parts: [{ functionCall: { name: 'f' } }] } }] }),
  ).toEqual([
    { type: 'tool_call', index: 0, name: 'f', arguments: '{}' },
    { type: 'end', reason: 'tool', raw: '' },
  ])
})

test.each([[null], ['x'], [[]], [{}], [{ totalTokens: 5 }]])('%j is no answer', (body) => {
  expect(gemini.decodeAnswer(body)).toEqual([])
})
