import fc from 'fast-check'
import { expect, test } from 'vitest'
import { maxElementLength } from '../../src/protocols/framing.ts'
import { SseReader } from '../../src/protocols/sse.ts'
import { chunkSizes, cutBytes, utf8 } from '../support/chunking.ts'

function read(text: string, sizes: readonly number[] = [text.length * 4 + 1]): unknown[] {
  const reader = new SseReader()
  const elements = cutBytes(utf8(text), sizes).flatMap((piece) => reader.push(Uint8Array.from(piece)))
  return [...elements, ...reader.end()]
}

test.each([
  ['a plain block', 'data: one\n\n', [{ name: '', text: 'one' }]],
  ['no space after the colon', 'data:one\n\n', [{ name: '', text: 'one' }]],
  ['only the first space belongs to the field', 'data:  one\n\n', [{ name: '', text: ' one' }]],
  ['an event name', 'event: ping\ndata: {}\n\n', [{ name: 'ping', text: '{}' }]],
  ['the name after the data', 'data: {}\nevent: ping\n\n', [{ name: 'ping', text: '{}' }]],
  ['several data lines', 'data: a\ndata: b\n\n', [{ name: '', text: 'a\nb' }]],
  ['a data line without a colon', 'data\ndata: b\n\n', [{ name: '', text: '\nb' }]],
  [
    'CRLF',
    'event: e\r\ndata: one\r\n\r\ndata: two\r\n\r\n',
    [
      { name: 'e', text: 'one' },
      { name: '', text: 'two' },
    ],
  ],
  [
    'bare CR',
    'data: one\r\rdata: two\r\r',
    [
      { name: '', text: 'one' },
      { name: '', text: 'two' },
    ],
  ],
  ['a byte order mark', '\ufeffdata: one\n\n', [{ name: '', text: 'one' }]],
  [
    'comments and other fields',
    ': hi\n\n: there\nid: 7\nretry: 3\ndata: one\n\n',
    [{ name: '', text: 'one' }],
  ],
  [
    'more blank lines than needed',
    '\n\n\ndata: one\n\n\n\ndata: two\n\n\n',
    [
      { name: '', text: 'one' },
      { name: '', text: 'two' },
    ],
  ],
  ['fields that only begin alike', 'database: x\nevents: y\ndata: one\n\n', [{ name: '', text: 'one' }]],
  [
    'no blank line at the end',
    'data: one\n\ndata: two',
    [
      { name: '', text: 'one' },
      { name: '', text: 'two' },
    ],
  ],
  ['an event without data', 'event: lonely\n\ndata: one\n\n', [{ name: '', text: 'one' }]],
])('reads %s, whole and one byte at a time', (_what, text, expected) => {
  expect(read(text)).toEqual(expected)
  expect(read(text, [1])).toEqual(expected)
})

const lineText = fc
  .string({ unit: 'grapheme', maxLength: 30 })
  .map((text) => text.replace(/[\r\n\ufeff]/g, ' '))
const block = fc.record({
  name: fc.option(fc.constantFrom('delta', 'message_stop'), { nil: '' }),
  lines: fc.array(lineText, { minLength: 1, maxLength: 3 }),
  comment: fc.boolean(),
})
const lineEnd = fc.constantFrom('\n', '\r\n', '\r')

test('gives the same blocks for any content, line ends and chunking', () => {
  fc.assert(
    fc.property(fc.array(block, { maxLength: 6 }), lineEnd, chunkSizes, (blocks, end, sizes) => {
      const text = blocks
        .map(({ name, lines, comment }) => {
          const all = lines.map((line) => `data: ${line}`)
          if (name !== '') all.unshift(`event: ${name}`)
          if (comment) all.unshift(': note', '')
          return all.map((line) => line + end).join('') + end
        })
        .join('')
      const expected = blocks
        .map(({ name, lines }) => ({ name, text: lines.join('\n') }))
        .filter((element) => element.text !== '')
      expect(read(text, sizes)).toEqual(expected)
    }),
  )
})

test.each([
  ['nothing yet', '', true],
  ['a whole block', 'data: one\n\n', true],
  ['half a block', 'data: o', false],
  ['a block without its blank line', 'data: one\n', false],
  ['a CRLF block whose last LF is to come', 'data: one\r\n\r', false],
  ['a whole CRLF block', 'data: one\r\n\r\n', true],
  ['a whole block with bare CRs', 'data: one\r\r', true],
  ['a comment that is not finished', 'data: one\n\n: ke', false],
])('knows whether a comment may follow %s', (_what, text, expected) => {
  for (const sizes of [[1], [1000]]) {
    const reader = new SseReader()
    for (const piece of cutBytes(utf8(text), sizes)) reader.push(piece)
    expect(reader.betweenBlocks).toBe(expected)
  }
})

test('is not between blocks inside a character that was split', () => {
  const reader = new SseReader()
  reader.push(utf8('data: one\n\n'))
  reader.push(Uint8Array.of(0xef))
  expect(reader.betweenBlocks).toBe(false)
})

test('is not between blocks after an end within one, and is after an end between two', () => {
  for (const [text, expected] of [
    ['data: one\n\ndata: tw', false],
    ['data: one\n\n', true],
  ] as const) {
    const reader = new SseReader()
    reader.push(utf8(text))
    reader.end()
    expect(reader.betweenBlocks).toBe(expected)
    expect(reader.end()).toEqual([])
  }
})

test('drops a block beyond the limit, says so once, and reads on', () => {
  const reader = new SseReader()
  const megabyte = utf8('x'.repeat(1024 * 1024))
  const elements = [...reader.push(utf8('data: '))]
  for (let i = 0; i <= maxElementLength / megabyte.length; i++) elements.push(...reader.push(megabyte))
  elements.push(...reader.push(utf8('\n')), ...reader.push(utf8('\ndata: next\n\n')))
  expect(elements).toEqual([
    { name: '', text: null },
    { name: '', text: 'next' },
  ])
})

test('reads a large block that comes one byte at a time', () => {
  const text = 'ä'.repeat(150_000)
  expect(read(`data: ${text}\n\n`, [1])).toEqual([{ name: '', text }])
})
