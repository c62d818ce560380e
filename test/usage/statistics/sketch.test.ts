import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { Registers } from '../../../src/usage/statistics/registers.ts'
import { Sketch } from '../../../src/usage/statistics/sketch.ts'
import { ByteReader, ByteWriter } from '../../../src/usage/statistics/varints.ts'

const values = fc.array(
  fc.oneof(
    fc.double({ min: 1e-6, max: 1e9, noNaN: true }),
    fc.constantFrom(0, 1, 0.5, 1000, -3, Number.MAX_SAFE_INTEGER),
  ),
  { minLength: 1, maxLength: 300 },
)

function written(write: (to: ByteWriter) => void): ByteReader {
  const writer = new ByteWriter()
  write(writer)
  return new ByteReader(writer.result())
}

describe('a sketch', () => {
  it('has every value of every rank within 1 %, however it was put together and stored between', () => {
    fc.assert(
      fc.property(values, values, (some, others) => {
        const [first, second, all] = [new Sketch(), new Sketch(), new Sketch()]
        for (const value of some) first.add(value)
        for (const value of others) second.add(value)
        all.merge(first)
        all.mergeWritten(written((to) => second.write(to)))
        const sorted = [...some, ...others].sort((a, b) => a - b)
        const found = all.valuesAt(sorted.map((_, rank) => rank))
        for (const [rank, value] of sorted.entries()) {
          expect(Math.abs((found[rank] ?? Number.NaN) - value)).toBeLessThanOrEqual(
            Math.abs(value) * 0.010_000_1,
          )
        }
      }),
      { numRuns: 200 },
    )
  })
})

describe('the registers of a count', () => {
  it('are the same written and read again, few and many', () => {
    for (const count of [0, 1, 500, 40_000]) {
      const registers = new Registers()
      for (let index = 0; index < count; index++) registers.add(`s_${index}`)
      const again = new Registers()
      again.mergeWritten(written((to) => registers.write(to)))
      expect(again.estimate()).toBe(registers.estimate())
      expect(Math.abs(again.estimate() - count)).toBeLessThanOrEqual(count * 0.015)
    }
  })

  it('count what two have in common once', () => {
    const [one, other] = [new Registers(), new Registers()]
    for (let index = 0; index < 3_000; index++) one.add(`s_${index}`)
    for (let index = 1_000; index < 4_000; index++) other.add(`s_${index}`)
    one.merge(other)
    expect(Math.abs(one.estimate() - 4_000)).toBeLessThan(60)
  })
})

describe('numbers in few bytes', () => {
  it('come back as they were, whole and signed', () => {
    fc.assert(
      fc.property(fc.array(fc.maxSafeInteger()), (numbers) => {
        const halves = numbers.map((number) => Math.trunc(number / 2))
        const reader = written((to) => {
          for (const number of halves) {
            to.signed(number)
            to.whole(Math.abs(number))
          }
        })
        expect(halves.map(() => [reader.signed(), reader.whole()])).toEqual(
          halves.map((number) => [number + 0, Math.abs(number)]),
        )
      }),
    )
  })

  it('say so where they are cut', () => {
    expect(() => new ByteReader(new Uint8Array([200])).whole()).toThrow(RangeError)
    expect(() => new ByteReader(new Uint8Array([1])).bytes(2)).toThrow(RangeError)
  })
})
