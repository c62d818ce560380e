import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { ByteReader, ByteWriter } from '../../../src/usage/statistics/varints.ts'

const wholes = fc.oneof(
  fc.maxSafeNat(),
  fc.nat(40_000),
  fc.constantFrom(0, 127, 128, 16_383, 16_384, 2 ** 32, Number.MAX_SAFE_INTEGER),
)
const numbers = fc.oneof(wholes, fc.double({ noNaN: true }), fc.integer())

describe('values written as bytes', () => {
  it('are the same read again, in their order', () => {
    const value = fc.oneof(
      wholes.map((one) => ({ kind: 'whole' as const, one })),
      fc.maxSafeInteger().map((one) => ({ kind: 'signed' as const, one: Math.trunc(one / 2) })),
      numbers.map((one) => ({ kind: 'number' as const, one })),
      fc.double().map((one) => ({ kind: 'real' as const, one })),
      fc.string({ unit: 'grapheme' }).map((one) => ({ kind: 'text' as const, one })),
    )
    fc.assert(
      fc.property(fc.array(value), (values) => {
        const writer = new ByteWriter()
        for (const { kind, one } of values) (writer[kind] as (some: unknown) => void)(one)
        const reader = new ByteReader(writer.result())
        for (const { kind, one } of values)
          expect(reader[kind]()).toBe(one === 0 && kind !== 'real' ? 0 : one)
      }),
    )
  })

  it('take a byte up to 127, and two up to 16,383', () => {
    const writer = new ByteWriter()
    for (const one of [0, 127, 128, 16_383, 16_384]) writer.whole(one)
    expect([...writer.result()]).toEqual([0, 127, 128, 1, 255, 127, 128, 128, 1])
  })

  it('are refused where they were cut', () => {
    const writer = new ByteWriter()
    writer.whole(300_000)
    writer.text('a name')
    writer.real(0.5)
    const whole = writer.result()
    for (let length = 0; length < whole.length; length++) {
      const reader = new ByteReader(whole.subarray(0, length))
      expect(() => {
        reader.whole()
        reader.text()
        reader.real()
      }).toThrow(RangeError)
    }
  })
})
