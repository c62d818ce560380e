import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { decodeRecord } from '../../../src/capture/format/decode-record.ts'
import { cbor, Float, frame, Tagged } from './mini-cbor.ts'
import { anyRecord } from './records.ts'

const chunk = { k: 'b', x: 'x1', l: 3, a: 1, n: 0, t: 5, d: [Buffer.from('data')] }
const attempt = { n: 1, backend: 'openai', backend_type: 'openai', protocol: 'openai-chat' }
const closing = {
  k: 'u',
  x: 'x1',
  t: 1,
  purpose: 'chat',
  stream: true,
  outcome: 'complete',
  attempts: [attempt],
}

const read = (record: unknown) => decodeRecord(cbor(record))

describe('a record is damaged', () => {
  const without = (record: object, key: string) =>
    Object.fromEntries(Object.entries(record).filter(([name]) => name !== key))
  test.each<[string, unknown]>([
    ['without a field that it must have', without(chunk, 'n')],
    ['with a text for a number', { ...chunk, n: '0' }],
    ['with a number that is none', { ...chunk, n: new Float(Number.NaN) }],
    ['with a negative time', { ...chunk, t: -1 }],
    ['of a fifth leg', { ...chunk, l: 4 }],
    ['with attempt 0', { ...chunk, a: 0 }],
    ['with a text for a body', { ...chunk, d: ['data'] }],
    ['with a body that is no list', { ...chunk, d: Buffer.from('data') }],
    ['with a reference of 15 bytes', { ...chunk, d: [{ ref: Buffer.alloc(15), len: 9 }] }],
    [
      'with a reference of more than a frame holds',
      { ...chunk, d: [{ ref: Buffer.alloc(16), len: 2 ** 30 }] },
    ],
    ['with an id longer than ids are', { ...chunk, x: 'x'.repeat(2000) }],
    ['with a header of three parts', { k: 'h', x: 'x1', l: 0, t: 0, hd: [['a', 'b', 'c']] }],
    ['with a header of a number', { k: 'h', x: 'x1', l: 0, t: 0, hd: [['a', 1]] }],
    ['with an end of no known reason', { k: 'e', x: 'x1', l: 0, t: 0, why: 'bored', bytes: 0, n: 0 }],
    ['with an attempt that is a list', { ...closing, attempts: [[1]] }],
    ['with an attempt whose number is a text', { ...closing, attempts: [{ ...attempt, n: 'one' }] }],
    ['with a clock before 1970', { k: 'clk', t: 0, wall_ns: -5 }],
    ['of format 2 within one of format 3', { k: 'hdr', v: 2 }],
    ['whose kind is no text', { ...chunk, k: 5 }],
    ['without a kind', without(chunk, 'k')],
  ])('%s', (_, record) => {
    expect(read(record)).toBeNull()
  })

  test.each<[string, Buffer]>([
    ['nothing', Buffer.alloc(0)],
    ['a list', cbor(['k', 'b'])],
    ['bytes behind it', Buffer.concat([cbor(chunk), cbor(1)])],
    ['a cut end', cbor(chunk).subarray(0, -1)],
    ['an indefinite length', Buffer.from('bf616b6178ff', 'hex')],
    ['a length that no memory has', Buffer.from('a1616b5bffffffffffffffff', 'hex')],
    ['a list of four thousand million items', Buffer.from('a1616b9affffffff', 'hex')],
    [
      'lists in lists',
      Buffer.concat([Buffer.from('a1616b', 'hex'), Buffer.alloc(5000, 0x81), Buffer.from([1])]),
    ],
    ['more items than a record may have', cbor({ k: 'b', d: new Array(1 << 20).fill(0) })],
  ])('that is %s', (_, payload) => {
    expect(decodeRecord(payload)).toBeNull()
  })
})

test('a kind that is not known is passed over by its name', () => {
  expect(read({ k: 'ws', x: 'x1', op: 1 })).toEqual({ k: '?', kind: 'ws' })
  expect(read({ k: '__proto__' })).toEqual({ k: '?', kind: '__proto__' })
  expect(read({ k: 'constructor' })).toEqual({ k: '?', kind: 'constructor' })
})

test('a header of a newer format is told by its number, whatever else stands in it', () => {
  expect(read({ k: 'hdr', v: 4, run: 7 })).toEqual({ k: 'newer', v: 4 })
})

test('fields that are not known are left out, and null is as good as nothing', () => {
  expect(read({ ...chunk, a: null, more: null, later: { deep: [1] } })).toEqual({
    k: 'b',
    x: 'x1',
    l: 3,
    n: 0,
    t: 5,
    d: [Buffer.from('data')],
  })
})

test('no record has a prototype from the file', () => {
  const named = Object.fromEntries([...Object.entries(closing), ['__proto__', { outcome: 'bad' }]])
  const inner = Object.fromEntries([...Object.entries(attempt), ['__proto__', { model: 'bad' }]])
  const decoded = read({ ...named, attempts: [inner] }) as unknown as { attempts: [object] }
  expect(Object.getPrototypeOf(decoded)).toBe(Object.prototype)
  expect(Object.getPrototypeOf(decoded.attempts[0])).toBe(Object.prototype)
  expect(decoded).toMatchObject({ outcome: 'complete' })
})

test('what other encoders may write is read: tags, floats, wide heads', () => {
  expect(read({ k: 'xo', x: new Tagged(1234, 'x1'), t: new Float(5), ep: '' })).toEqual({
    k: 'xo',
    x: 'x1',
    t: 5,
    ep: '',
  })
  // {"k":"end","t":1,"records":2,"bytes":3.0} with 64 and 32 bits for the integers and 16 for the float.
  const end = Buffer.from('a4616b63656e6461741b000000000000000167', 'hex')
  const rest = Buffer.concat([
    end,
    Buffer.from('records'),
    Buffer.from('1a0000000265', 'hex'),
    Buffer.from('bytes'),
    Buffer.from('f94200', 'hex'),
  ])
  expect(decodeRecord(rest)).toEqual({ k: 'end', t: 1, records: 2, bytes: 3 })
})

describe('a tag means nothing, whatever CBOR libraries do by it', () => {
  // Dates, bignums, decimals, packed values, generic objects, shared values, cbor-x's records, typed arrays, sets, maps.
  test.each([
    0, 1, 2, 3, 4, 5, 6, 14, 15, 27, 28, 29, 51, 64, 105, 225, 258, 259, 55799, 57337, 57342, 57343, 57344,
  ])('%i', (tag) => {
    const record = { k: 'bl', id: new Tagged(tag, Buffer.alloc(16)), z: 'none', len: 1, d: Buffer.from('a') }
    expect(read(new Tagged(tag, record))).toEqual({ ...record, id: Buffer.alloc(16) })
    expect(read({ ...chunk, x: new Tagged(tag, 'x1'), d: new Tagged(tag, chunk.d) })).toEqual(chunk)
  })

  test('nor costs a large bignum more than its bytes', () => {
    const d = Buffer.alloc(128 << 10, 0xff)
    const before = process.cpuUsage()
    expect(read({ k: 'bl', id: Buffer.alloc(16), z: 'none', len: 1, d: new Tagged(2, d) })).not.toBeNull()
    expect(process.cpuUsage(before).user / 1e6).toBeLessThan(0.5)
  })
})

test('a frame full of empty lists costs no memory', () => {
  const payload = Buffer.alloc(64 << 20, 0x80)
  // {"k": [[], [], …]}, with as many as there are bytes.
  payload.set(Buffer.from('a1616b9a03fffff8', 'hex'))
  const before = process.memoryUsage()
  expect(decodeRecord(payload)).toBeNull()
  const after = process.memoryUsage()
  expect(after.heapUsed - before.heapUsed).toBeLessThan(32 << 20)
})

test('no bytes make it throw: random ones, or those of a record with one of them changed', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
      decodeRecord(bytes)
    }),
    { numRuns: 2000 },
  )
  fc.assert(
    fc.property(anyRecord, fc.nat(), fc.integer({ min: 1, max: 255 }), (record, place, mask) => {
      const payload = frame(record).subarray(16)
      const at = place % payload.length
      payload[at] = (payload[at] ?? 0) ^ mask
      const decoded = decodeRecord(payload)
      expect(decoded === null || typeof decoded.k === 'string').toBe(true)
    }),
    { numRuns: 1000 },
  )
})
