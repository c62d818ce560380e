import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { recover } from '../../../src/capture/reader/recover.ts'
import { type VerifiedFile, verifyExitCode } from '../../../src/capture/reader/verified-file.ts'
import { verify } from '../../../src/capture/reader/verify.ts'
import { tempFolder } from '../../support/temp-folder.ts'
import { blob, capture, frameOffsets, header, prompt, sampleRecords, startNs } from './sample.ts'

const offsets = frameOffsets()

async function verified(bytes: Uint8Array): Promise<VerifiedFile> {
  const path = join(tempFolder(), 'a.cbor')
  writeFileSync(path, bytes)
  const [file] = await verify(path)
  return file!
}

const code = (file: VerifiedFile) => verifyExitCode([file])

test('a whole file is whole: its sections, its frames by kind, nothing open', async () => {
  const bytes = Buffer.concat([capture(), capture()])
  const file = await verified(bytes)
  expect(file).toMatchObject({
    version: 3,
    bytes: bytes.length,
    frames: { hdr: 2, xo: 2, s: 2, h: 6, bl: 2, b: 12, e: 8, clk: 2, u: 2, end: 2 },
    damage: [],
    missingBlobs: [],
    chunkGaps: [],
    open: [],
    isClosed: true,
    isWhole: true,
  })
  const section = { run: '7c0e3e51-run', sec: 0, startedNs: Number(startNs), isClosed: true, records: 20 }
  expect(file.sections).toEqual([section, section])
  expect(code(file)).toBe(0)
})

test('a process that was killed between two frames has left a whole file, with what was open in it', async () => {
  const file = await verified(capture(sampleRecords.slice(0, 14)))
  expect(file).toMatchObject({ isClosed: false, isWhole: true, damage: [] })
  expect(file.sections[0]).toMatchObject({ isClosed: false, records: 14 })
  expect(file.open).toEqual([
    {
      id: 'x1',
      legs: [
        { leg: 3, attempt: 1 },
        { leg: 1, attempt: null },
      ],
    },
  ])
  expect(code(file)).toBe(0)
})

test('a torn end is damage, of which the place and the bytes are told', async () => {
  const cut = (offsets[14] ?? 0) + 10
  const file = await verified(capture().subarray(0, cut))
  const damage = {
    offset: offsets[14],
    bytes: 10,
    isTorn: true,
    why: 'a frame begins here and its end is not there',
  }
  expect(file).toMatchObject({ damage: [damage], isWhole: false, isClosed: false })
  expect(code(file)).toBe(1)
})

test('a damaged chunk is damage, and a gap in the numbers of its leg', async () => {
  const bytes = capture()
  bytes[offsets[11]! + 40]! ^= 1
  const file = await verified(bytes)
  const why = 'a frame whose checksum does not hold'
  expect(file.damage).toEqual([
    { offset: offsets[11], bytes: offsets[12]! - offsets[11]!, isTorn: false, why },
  ])
  expect(file.chunkGaps).toEqual([{ exchange: 'x1', leg: 3, attempt: 1, from: 0, to: 0, entry: 13 }])
  expect(code(file)).toBe(1)
})

test('an exchange that goes on in the next file misses nothing there', async () => {
  const [first, , , , , ...rest] = sampleRecords.slice(10)
  const { chunkGaps, open } = await verified(capture([header({ sec: 1 }), first!, ...rest]))
  expect([chunkGaps, open]).toEqual([[], []])
})

test('a blob that is missing or bad is named with who needs it', async () => {
  const id = blob(prompt).id.toString('hex')
  const gone = await verified(capture(sampleRecords.filter((record) => record !== sampleRecords[3])))
  expect(gone.missingBlobs).toEqual([
    { id, bytes: prompt.length, entry: 3, exchange: 'x1' },
    { id, bytes: prompt.length, entry: 7, exchange: 'x1' },
  ])
  expect(code(gone)).toBe(1)
  const bad = sampleRecords.map((record, i) => (i === 3 ? { ...record, d: Buffer.from('x') } : record))
  expect((await verified(capture(bad))).missingBlobs[0]).toEqual({
    id,
    bytes: prompt.length,
    entry: 3,
    exchange: null,
  })
})

test('losses that the writer told are told, and are no damage', async () => {
  const drop = { k: 'drop', t: 5, from: 1, to: 4, n: 9, bytes: 900, why: 'queue_full' }
  const file = await verified(capture([header(), drop, { k: 'end', t: 6, records: 2, bytes: 1 }]))
  expect(file.losses).toEqual([
    { why: 'more came than could be written down', records: 9, bytes: 900, exchanges: [] },
  ])
  expect(code(file)).toBe(0)
})

test('kinds that are not known are counted, whatever they are called', async () => {
  const kinds = ['ws', 'ws', 'toString', '__proto__'].map((k) => ({ k }))
  const file = await verified(capture([header(), ...kinds, { k: 'end', t: 6, records: 2, bytes: 1 }]))
  expect(Object.entries(file.unknown)).toEqual(
    expect.arrayContaining([
      ['ws', 2],
      ['toString', 1],
    ]),
  )
  expect(file.sections[0]!.records).toBe(6)
})

test('a folder is verified file by file, and what is no capture is damage', async () => {
  const folder = tempFolder()
  writeFileSync(join(folder, 'a.cbor'), capture())
  writeFileSync(join(folder, 'b.cbor'), 'something else')
  const files = await verify(folder)
  expect(files.map(({ version, isWhole }) => [version, isWhole])).toEqual(
    expect.arrayContaining([
      [3, true],
      [null, false],
    ]),
  )
  expect(verifyExitCode(files)).toBe(1)
})

describe('recover', () => {
  async function recovered(bytes: Uint8Array) {
    const folder = tempFolder()
    const [from, to] = [join(folder, 'in.cbor'), join(folder, 'out.cbor')]
    writeFileSync(from, bytes)
    const told = await recover(from, to)
    const [file] = await verify(to)
    return { told, file: file!, to }
  }

  test('copies what is whole and says what it left out; the copy is whole', async () => {
    const bytes = Buffer.concat([capture().subarray(0, -5), Buffer.from('noise'), capture()])
    bytes[offsets[12]! + 40]! ^= 1
    const { told, file } = await recovered(bytes)
    expect(told.leftOut.map(({ offset }) => offset)).toEqual([offsets[12], offsets[19]])
    expect(told.leftOutBytes).toBe(offsets[13]! - offsets[12]! + offsets[20]! - offsets[19]!)
    expect(told.frames).toBe(38)
    expect(file).toMatchObject({ isWhole: true, damage: [], bytes: told.bytes })
    expect(file.sections.map(({ records }) => records)).toEqual([18, 20])
    expect(verifyExitCode([file])).toBe(0)
  })

  test('of a damaged blob names who misses it', async () => {
    const bytes = capture()
    bytes[offsets[3]! + 30]! ^= 1
    const { file } = await recovered(bytes)
    expect(file).toMatchObject({ damage: [], isWhole: false })
    expect(file.missingBlobs).toHaveLength(2)
  })

  test('of a whole file is the same file', async () => {
    const { told, file } = await recovered(capture())
    expect(told).toEqual({ frames: 20, bytes: capture().length, leftOut: [], leftOutBytes: 0 })
    expect(file.bytes).toBe(capture().length)
  })

  test('never writes over a file, and leaves none behind where there was no capture', async () => {
    const folder = tempFolder()
    const [from, to] = [join(folder, 'in.cbor'), join(folder, 'out.cbor')]
    writeFileSync(from, capture())
    writeFileSync(to, 'mine')
    await expect(recover(from, to)).rejects.toThrow(expect.objectContaining({ code: 'exists' }))
    await expect(recover(from, from)).rejects.toThrow(expect.objectContaining({ code: 'exists' }))
    writeFileSync(from, 'nothing of ours')
    const other = join(folder, 'other.cbor')
    await expect(recover(from, other)).rejects.toThrow(expect.objectContaining({ code: 'not_a_capture' }))
    await expect(verify(other)).rejects.toThrow(expect.objectContaining({ code: 'not_found' }))
  })
})
