import fc from 'fast-check'
import { expect, test } from 'vitest'
import { decodeRecordAt } from '../../../src/capture/format/decode-record.ts'
import { BodyFrames } from '../../../src/capture/reader/body-frame.ts'
import { cbor } from '../format/mini-cbor.ts'
import { anyRecord, written } from '../format/records.ts'

const chunk = { k: 'b', x: 'x_1', l: 3, n: 70_000, t: 2 ** 40, d: [Buffer.from('data')], a: 1 }
const bodies = anyRecord.filter(({ k }) => k === 'b')

/** What is read of a payload amid other bytes; `undefined`: it is not for this way of reading. */
function quick(payload: Buffer) {
  const around = Buffer.concat([Buffer.from('before'), payload, Buffer.from('behind it')])
  return new BodyFrames().read(around, 6, 6 + payload.length) ?? undefined
}

test('a chunk as it is written is read in the quick way', () => {
  expect(quick(cbor(chunk))).toEqual(chunk)
  const { a: _, ...ofClient } = chunk
  const reference = { ref: Buffer.alloc(16, 7), len: 5000 }
  const request = { ...ofClient, x: 'x_2', l: 0, n: 0, d: [Buffer.alloc(300, 1), reference, Buffer.alloc(0)] }
  expect(quick(cbor(request))).toEqual(request)
})

test('one reader tells exchanges apart whose ids are nearly the same', () => {
  const reader = new BodyFrames()
  const ids = Array.from({ length: 500 }, (_, i) => `x_${i % 7}_${i}`)
  for (const x of [...ids, ...ids]) {
    const payload = cbor({ ...chunk, x })
    expect(reader.read(payload, 0, payload.length)?.x).toBe(x)
  }
})

test('what is read in the quick way is what is read in the general one, whatever the record', () => {
  fc.assert(
    fc.property(anyRecord, (record) => {
      const payload = cbor(record)
      const found = quick(payload)
      if (found) expect(written(found)).toEqual(written(decodeRecordAt(payload, 0, payload.length)))
      return record.k === 'b' || found === undefined
    }),
  )
})

test('and whatever became of its bytes', () => {
  const change = fc.record({ at: fc.nat(), byte: fc.nat(255) })
  fc.assert(
    fc.property(
      bodies,
      fc.array(change, { minLength: 1, maxLength: 3 }),
      fc.nat(20),
      (record, changes, cut) => {
        const payload = cbor(record)
        for (const { at, byte } of changes) payload[at % payload.length] = byte
        const damaged = payload.subarray(0, payload.length - (cut > 10 ? 0 : cut))
        const found = quick(damaged)
        if (found) expect(written(found)).toEqual(written(decodeRecordAt(damaged, 0, damaged.length)))
      },
    ),
    { numRuns: 2000 },
  )
})
