import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeEach, expect, test } from 'vitest'
import { recover } from '../../../../src/capture/reader/recover.ts'
import { verify } from '../../../../src/capture/reader/verify.ts'
import { createSecrets } from '../../../../src/core/secrets/secrets.ts'
import { tempFolder } from '../../../support/temp-folder.ts'
import { inPieces, readAll, textsOf } from '../sample.ts'
import { restart, v2Entry, v2Header } from './sample.ts'

/** Entries of one exchange each, as its body's text tells. */
const texts = Array.from({ length: 5 }, (_, i) => `the body of number ${i}`)

/** Making them takes longer than reading a small file. */
const secrets = createSecrets()
const read = (bytes: Buffer, pieceBytes?: number) =>
  readAll('-', { stdin: inPieces(bytes, pieceBytes), secrets })

function parts(): Buffer[] {
  restart()
  return [
    v2Header(),
    ...texts.map((text, i) => v2Entry(0, text, { meta: { rid: `r${i}`, sid: 's1', be: 'client' } })),
  ]
}

beforeEach(restart)

test('after any cut every entry before it is there, and the rest is torn', async () => {
  const file = Buffer.concat(parts())
  const ends = parts().map((_, i, all) => Buffer.concat(all.slice(0, i + 1)).length)
  for (let length = 1; length <= file.length; length++) {
    const { items, gaps } = await read(file.subarray(0, length))
    const whole = ends.filter((end) => end <= length).length
    expect(textsOf(items)).toEqual(texts.slice(0, Math.max(0, whole - 1)))
    const from = Math.max(0, ...ends.filter((end) => end <= length))
    const torn = from === length ? [] : [{ kind: 'torn_tail', offset: from, bytes: length - from }]
    expect(gaps.map(({ kind, offset, bytes }) => ({ kind, offset, bytes }))).toEqual(torn)
  }
})

test.each([0x01, 0x80, 0xff])(
  'a changed byte (xor %i) costs at most its own entry, and nothing is thrown',
  async (mask) => {
    const file = Buffer.concat(parts())
    const starts = parts().map((_, i, all) => Buffer.concat(all.slice(0, i)).length)
    for (let at = 0; at < file.length; at++) {
      const bytes = Buffer.from(file)
      bytes[at]! ^= mask
      const hit = starts.findLastIndex((start) => start <= at) - 1
      const found = textsOf((await read(bytes)).items)
      expect(found, `byte ${at}`).toEqual(expect.arrayContaining(texts.filter((_, i) => i !== hit)))
    }
  },
)

test('a file that has lost its beginning is read from its first entry on', async () => {
  const [, ...entries] = parts()
  for (const size of [1, 7, 1000]) {
    const { items, gaps } = await read(Buffer.concat([Buffer.from('lost'), ...entries]), size)
    expect(textsOf(items)).toEqual(texts)
    expect(gaps).toEqual([expect.objectContaining({ kind: 'damaged', offset: 0, bytes: 4 })])
    expect(items[0]!.wallNs).toBeGreaterThan(1.7e18)
  }
  const between = [v2Header(), entries[0]!, Buffer.from('noise '.repeat(9)), ...entries.slice(1)]
  expect(textsOf((await read(Buffer.concat(between), 3)).items)).toEqual(texts)
})

test('verify tells its sections, entries and damage; recover does not copy what may hold credentials', async () => {
  const file = parts()
  file.splice(3, 0, Buffer.from('noise'))
  const path = join(tempFolder(), 'v2.cbor')
  writeFileSync(path, Buffer.concat(file))
  const [verified] = await verify(path)
  expect(verified).toMatchObject({
    version: 2,
    frames: { hdr: 1, entry: 5 },
    damage: [{ bytes: 5, isTorn: false }],
    isClosed: null,
    isWhole: false,
  })
  expect(verified!.sections).toEqual([expect.objectContaining({ run: 's1', isClosed: null, records: 5 })])
  expect(verified!.open.map(({ id }) => id)).toEqual(texts.map((_, i) => `r${i}`))
  await expect(recover(path, `${path}.out`)).rejects.toThrow(expect.objectContaining({ code: 'unsupported' }))
  const [piped] = await verify('-', { stdin: inPieces(Buffer.concat(file), 33) })
  expect({ ...piped, file: path }).toEqual(verified)
})
