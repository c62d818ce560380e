import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { anyRecord, written } from '../format/records.ts'
import {
  capture,
  frameOffsets,
  header,
  inPieces,
  readAll,
  readBytes,
  sampleRecords,
  startNs,
} from './sample.ts'

const file = capture()
const offsets = frameOffsets()
const expected = sampleRecords.map(written)
const noCapture = expect.objectContaining({ code: 'not_a_capture' })

async function recordsOf(bytes: Uint8Array, pieceBytes?: number): Promise<unknown[]> {
  return (await readBytes(bytes, pieceBytes)).items.map(({ record }) => written(record))
}

test('a whole file is read whole, whatever pieces it comes in', async () => {
  for (const size of [1, 7, 100, file.length]) {
    const { items, gaps } = await readBytes(file, size)
    expect(items.map(({ record }) => written(record))).toEqual(expected)
    expect(items.map(({ entry }) => entry)).toEqual(expected.map((_, i) => i))
    expect(items.map(({ offset }) => offset)).toEqual(offsets.slice(0, -1))
    expect(gaps).toEqual([])
  }
})

test('any records that a writer may write come out as they went in, in any pieces', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(anyRecord, { maxLength: 20 }),
      fc.integer({ min: 1, max: 500 }),
      async (records, size) => {
        const { items } = await readBytes(capture(records), size)
        expect(items.map(({ record }) => written(record))).toEqual(records.map(written))
        for (const item of items) item.body()
      },
    ),
    { numRuns: 100 },
  )
})

describe('a file that was cut', () => {
  test('after any byte gives every frame before the cut, and says what is torn', async () => {
    for (let length = 1; length < file.length; length++) {
      const { items, gaps } = await readBytes(file.subarray(0, length))
      const whole = offsets.filter((offset, i) => i > 0 && offset <= length).length
      expect(items.map(({ record }) => written(record))).toEqual(expected.slice(0, whole))
      const torn = gaps
        .filter(({ kind }) => kind === 'torn_tail')
        .map(({ offset, bytes }) => ({ offset, bytes }))
      const from = Math.max(...offsets.filter((offset) => offset <= length), length < 12 ? 0 : 12)
      expect(torn, `cut at ${length}`).toEqual(
        from === length ? [] : [{ offset: from, bytes: length - from }],
      )
    }
  })

  test('names the exchanges that were open', async () => {
    const { gaps } = await readBytes(file.subarray(0, offsets[15]))
    expect(gaps).toEqual([
      expect.objectContaining({ kind: 'not_closed', exchanges: ['x1'], atNs: expect.any(Number) }),
    ])
  })

  test('and has a section behind it, gives all of the other section', async () => {
    for (const cut of [1, 20, 40, offsets[1]! + 3, offsets[4]! + 40, file.length - 1]) {
      const records = await recordsOf(Buffer.concat([file.subarray(0, cut), file]))
      const whole = offsets.filter((offset, i) => i > 0 && offset <= cut).length
      expect(records).toEqual([...expected.slice(0, whole), ...expected])
    }
  })
})

describe('a changed byte', () => {
  test.each([0x01, 0x80, 0xff])('anywhere (xor %i) costs at most the frame that it is in', async (mask) => {
    for (let at = 0; at < file.length; at++) {
      const bytes = Buffer.from(file)
      bytes[at] = (bytes[at] ?? 0) ^ mask
      const { items, gaps } = await readBytes(bytes)
      const hit = at < 12 ? -1 : offsets.findLastIndex((offset) => offset <= at)
      expect(items.map(({ record }) => written(record))).toEqual(expected.filter((_, i) => i !== hit))
      const damage = gaps.filter(({ kind }) => kind === 'damaged' || kind === 'torn_tail')
      const from = hit < 0 ? 0 : offsets[hit]
      const bytesLost = hit < 0 ? 12 : offsets[hit + 1]! - offsets[hit]!
      expect(damage.map(({ offset, bytes }) => ({ offset, bytes }))).toEqual([
        { offset: from, bytes: bytesLost },
      ])
    }
  })

  test('in the header of a section leaves the durations of what is in it', async () => {
    const bytes = Buffer.from(file)
    bytes[40] = (bytes[40] ?? 0) ^ 1
    const { items } = await readBytes(bytes)
    const [opened, , , , , , , , , , , , clock, ...later] = items
    // The first clock record tells the time again.
    expect(clock!.wallNs).toBe(Number(startNs) + 2_000_300)
    expect(later.at(-1)!.wallNs - clock!.wallNs).toBeCloseTo(199_700, -3)
    expect(items[1]!.wallNs - opened!.wallNs).toBe(100)
  })
})

test('sections one after another are one capture, each with its own clock', async () => {
  const later = [header({ sec: 1, wall_ns: startNs + 60_000_000_000n }), ...sampleRecords.slice(1)]
  const { items, gaps } = await readBytes(Buffer.concat([file, capture(later)]))
  expect(gaps).toEqual([])
  expect(items).toHaveLength(40)
  expect(items[20]!.entry).toBe(20)
  expect(items[21]!.wallNs - items[1]!.wallNs).toBe(60_000_000_000)
})

test('a frame whose checksum holds and whose record makes no sense is damage of its own length', async () => {
  const records = [...sampleRecords.slice(0, 2), { k: 'b', x: 5 }, ...sampleRecords.slice(2)]
  const { items, gaps } = await readBytes(capture(records))
  expect(items).toHaveLength(20)
  const at = frameOffsets(records)
  expect(gaps).toEqual([expect.objectContaining({ kind: 'damaged', offset: at[2], bytes: at[3]! - at[2]! })])
})

test('frames of kinds that are not known are passed over, counted, and have entries', async () => {
  const unknown: string[] = []
  const bytes = capture([...sampleRecords.slice(0, 2), { k: 'ws', d: 1 }, ...sampleRecords.slice(2)])
  const { items, gaps } = await readAll('-', {
    stdin: inPieces(bytes),
    onUnknown: (kind) => unknown.push(kind),
  })
  expect([unknown, gaps, items.map(({ entry }) => entry)[2]]).toEqual([['ws'], [], 3])
})

test('a newer format is refused in words that say what to do', async () => {
  await expect(readBytes(capture([header({ v: 4 }), ...sampleRecords.slice(1)]))).rejects.toThrow(
    expect.objectContaining({
      code: 'newer_format',
      message: expect.stringMatching(/newer llmproxy \(format 4.*upgrade/),
    }),
  )
})

test('losses that were recorded are records and gaps', async () => {
  const drop = { k: 'drop', t: 5, from: 1, to: 4, n: 9, bytes: 900, why: 'disk_full', x: ['x1'] }
  const { pieces } = await readBytes(capture([header(), drop, { k: 'end', t: 6, records: 2, bytes: 1 }]))
  expect(pieces[1]).toMatchObject({ record: { k: 'drop', n: 9 } })
  expect(pieces[2]).toMatchObject({ kind: 'loss', records: 9, bytes: 900, exchanges: ['x1'] })
})

test('random bytes before, between and behind frames cost nothing but themselves', async () => {
  const pieceBytes = fc.integer({ min: 1, max: 100 })
  const noise = fc.uint8Array({ minLength: 1, maxLength: 60 })
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.tuple(fc.nat(20), noise), { maxLength: 4 }),
      pieceBytes,
      async (insertions, size) => {
        const parts: Uint8Array[] = []
        for (let i = 0; i <= sampleRecords.length; i++) {
          for (const [place, bytes] of insertions) if (place === i) parts.push(bytes)
          if (i < sampleRecords.length) parts.push(file.subarray(i === 0 ? 0 : offsets[i], offsets[i + 1]))
        }
        expect(await recordsOf(Buffer.concat(parts), size)).toEqual(expected)
      },
    ),
    { numRuns: 100 },
  )
})

test('bytes that are no capture are one error, whatever they are', async () => {
  await fc.assert(
    fc.asyncProperty(fc.uint8Array({ maxLength: 2000 }), async (bytes) => {
      await expect(readBytes(Buffer.concat([Buffer.from('no'), bytes]), 100)).rejects.toThrow(noCapture)
    }),
    { numRuns: 200 },
  )
  await expect(readBytes(Buffer.alloc(0))).rejects.toThrow(
    expect.objectContaining({ message: 'no llmproxy capture: standard input (it is empty)' }),
  )
})
