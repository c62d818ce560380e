import fc from 'fast-check'
import { expect, test } from 'vitest'
import { maxElementLength } from '../../src/protocols/framing.ts'
import { JsonArrayReader } from '../../src/protocols/json-array.ts'
import { chunkSizes, cutBytes, utf8 } from '../support/chunking.ts'

function readerOf(
  text: string,
  sizes: readonly number[],
): { reader: JsonArrayReader; texts: (string | null)[] } {
  const reader = new JsonArrayReader()
  const elements = cutBytes(utf8(text), sizes).flatMap((piece) => reader.push(Uint8Array.from(piece)))
  return { reader, texts: [...elements, ...reader.end()].map((element) => element.text) }
}

test('gives every element of an array for any JSON and chunking, and knows the closing bracket', () => {
  const element = fc.dictionary(fc.string({ unit: 'grapheme' }), fc.jsonValue(), { maxKeys: 4 })
  const gap = fc.constantFrom('', ' ', '\n', '\r\n  ')
  fc.assert(
    fc.property(fc.array(element, { maxLength: 5 }), gap, chunkSizes, (elements, space, sizes) => {
      const inside = elements.map((value) => JSON.stringify(value)).join(`${space},${space}`)
      const open = readerOf(`${space}[${space}${inside}`, sizes)
      expect(open.texts.map((text) => JSON.parse(text ?? ''))).toEqual(
        elements.map((value) => JSON.parse(JSON.stringify(value))),
      )
      expect(open.reader.closed).toBe(false)
      expect(readerOf(`[${inside}${space}]${space}`, sizes).reader.closed).toBe(true)
    }),
  )
})

test('is not misled by brackets, quotes and backslashes in strings', () => {
  const value = { a: '}]{["\\', b: ['\\"', { c: ']' }] }
  const { texts, reader } = readerOf(`[${JSON.stringify(value)},\n{"b":1}]`, [1])
  expect(texts.map((text) => JSON.parse(text ?? ''))).toEqual([value, { b: 1 }])
  expect(reader.closed).toBe(true)
})

test('takes a bare object as the only element', () => {
  const { texts, reader } = readerOf('{"error":{"code":500}}', [3])
  expect(texts).toEqual(['{"error":{"code":500}}'])
  expect(reader.closed).toBe(true)
})

test('never allows a comment', () => {
  expect(readerOf('[{"a":1},', [100]).reader.betweenBlocks).toBe(false)
  expect(readerOf('', [1]).reader.betweenBlocks).toBe(false)
})

test('says once that something else came', () => {
  expect(readerOf('<html>no</html>', [2]).texts).toEqual([null])
})

test('drops an element beyond the limit and reads on', () => {
  const reader = new JsonArrayReader()
  const megabyte = utf8('x'.repeat(1024 * 1024))
  const elements = [...reader.push(utf8('[{"a":"'))]
  for (let i = 0; i <= maxElementLength / megabyte.length; i++) elements.push(...reader.push(megabyte))
  elements.push(...reader.push(utf8('"},{"b":1}]')))
  expect(elements.map((element) => element.text)).toEqual([null, '{"b":1}'])
})
