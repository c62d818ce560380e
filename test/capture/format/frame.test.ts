import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { decodeRecord } from '../../../src/capture/format/decode-record.ts'
import { encodeFrame, label, maxPayloadBytes } from '../../../src/capture/format/frame.ts'
import type { CaptureRecord } from '../../../src/capture/format/records.ts'
import { decodeSequence, frame, labelHex, Tagged } from './mini-cbor.ts'
import { anyRecord, buffered } from './records.ts'

/** A map as the tests' decoder gives it, with its maps made objects. */
function asObject(value: unknown): unknown {
  if (!Array.isArray(value)) return value
  const isMap = value.length > 0 && value.every((pair) => Array.isArray(pair) && typeof pair[0] === 'string')
  return isMap ? Object.fromEntries(value.map(([key, field]) => [key, field])) : value
}

describe('encodeFrame', () => {
  test('writes the bytes that the format is made of', () => {
    const frameHex = Buffer.from(encodeFrame({ k: 'clk', t: 500, wall_ns: 1764590400500000000n })).toString(
      'hex',
    )
    // 83 · 44 "sync" · 1a crc · 5a length · {"k":"clk","t":500,"wall_ns":1764590400500000000}
    const payload = 'a3616b63636c6b61741901f46777616c6c5f6e731b187d159ebbdde500'
    expect(frameHex.slice(0, 14)).toBe('8344f74c50331a')
    expect(frameHex.slice(22, 32)).toBe('5a0000001d')
    expect(frameHex.slice(32)).toBe(payload)
    // CRC-32 of 0000001d and the payload, by another program (Python's zlib).
    expect(frameHex.slice(14, 22)).toBe('b991dad3')
  })

  test('is read by any CBOR decoder: a label, then arrays of sync, checksum and payload', () => {
    const record: CaptureRecord = { k: 'xo', x: 'x1', t: 7, ep: 'openai-chat' }
    const items = decodeSequence(Buffer.concat([label, encodeFrame(record), encodeFrame(record)]))
    expect(items[0]).toEqual(new Tagged(55800, new Tagged(1668546880, Buffer.from('BOR'))))
    expect(Buffer.from(label).toString('hex')).toBe(labelHex)
    expect(items).toHaveLength(3)
    const [sync, crc, payload] = items[2] as [Buffer, number, Buffer]
    expect([sync.toString('latin1'), typeof crc]).toEqual(['÷LP3', 'number'])
    expect(asObject(decodeSequence(payload)[0])).toEqual(record)
  })

  test('writes what another encoder of the same rules writes, whatever the record', () => {
    fc.assert(
      fc.property(anyRecord, (record) => {
        expect(Buffer.from(encodeFrame(record))).toEqual(frame(record))
      }),
    )
  })

  test('leaves out fields that are undefined and keeps falsy ones', () => {
    const record = { k: 'xo', x: '', t: 0, ep: undefined } as unknown as CaptureRecord
    const [, , payload] = decodeSequence(encodeFrame(record))[0] as [Buffer, number, Buffer]
    expect(decodeSequence(payload)).toEqual([
      [
        ['k', 'xo'],
        ['x', ''],
        ['t', 0],
      ],
    ])
  })

  test('writes a time of any size as an integer, and halves of surrogate pairs as UTF-8', () => {
    for (const t of [2 ** 32 - 1, 2 ** 32, Number.MAX_SAFE_INTEGER]) {
      for (const ep of ['\ud83d', `${'a'.repeat(200)}\ud83d`]) {
        const record: CaptureRecord = { k: 'xo', x: 'x1', t, ep }
        const [, , payload] = decodeSequence(encodeFrame(record))[0] as [Buffer, number, Buffer]
        expect(Buffer.from(payload)).toEqual(frame(record).subarray(16))
        // Refuses what is no UTF-8.
        expect(asObject(decodeSequence(payload)[0])).toEqual({
          ...record,
          ep: ep.replace('\ud83d', '\ufffd'),
        })
      }
    }
  })

  test('keeps a frame as it is while others are written, small ones and such as grow its buffers', () => {
    const first = encodeFrame({ k: 'xo', x: 'x1', t: 1, ep: 'openai-chat' })
    const copy = Buffer.from(first)
    const d = [Buffer.alloc(3 << 20, 7)]
    const large = encodeFrame({ k: 'b', x: 'x1', l: 0, n: 0, t: 2, d })
    encodeFrame({ k: 'xo', x: 'x2', t: 3, ep: 'gemini' })
    expect(Buffer.from(first)).toEqual(copy)
    expect(Buffer.from(large).equals(frame({ k: 'b', x: 'x1', l: 0, n: 0, t: 2, d }))).toBe(true)
  })

  test('refuses a body that no frame can hold, and says what to do', () => {
    const d = [new Uint8Array(maxPayloadBytes)]
    expect(() => encodeFrame({ k: 'b', x: 'x1', l: 0, n: 0, t: 0, d })).toThrow(
      expect.objectContaining({ code: 'record_too_large', message: expect.stringContaining('split') }),
    )
  })
})

test('what is encoded is decoded to the same record', () => {
  fc.assert(
    fc.property(anyRecord, (record) => {
      expect(buffered(decodeRecord(encodeFrame(record).subarray(16)))).toEqual(buffered(record))
    }),
  )
})
