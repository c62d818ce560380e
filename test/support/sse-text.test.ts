import { expect, test } from 'vitest'
import { sseBlock, sseBlocks, sseJson } from './sse-text.ts'

test('writes a block with its event name and one data line per line', () => {
  expect(sseBlock({ a: 1 }, 'x')).toBe('event: x\ndata: {"a":1}\n\n')
  expect(sseBlock('a\nb')).toBe('data: a\ndata: b\n\n')
})

test('takes a stream apart, CRLF and comments included', () => {
  expect(sseBlocks(': hi\r\n\r\nevent: x\r\ndata: {"a":1}\r\n\r\ndata:[DONE]\n\n')).toEqual([
    { event: null, data: '', comments: ['hi'] },
    { event: 'x', data: '{"a":1}', comments: [] },
    { event: null, data: '[DONE]', comments: [] },
  ])
})

test('parses the data of a stream without comments and the end marker', () => {
  expect(sseJson(': hi\n\ndata: {"a":1}\n\ndata: [DONE]\n\n')).toEqual([{ a: 1 }])
})
