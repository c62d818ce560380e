import { brotliCompressSync, constants, deflateSync, gzipSync } from 'node:zlib'
import { beforeEach, describe, expect, test } from 'vitest'
import { readBytes } from '../sample.ts'
import { restart, v2Entry, v2Header } from './sample.ts'

beforeEach(restart)

const events = Array.from(
  { length: 40 },
  (_, i) => `data: {"n":${i},"text":"a few words – ünïcode"}\n\n`,
).join('')

/** The chunks of one backend's stream, cut into pieces, as records' bodies. */
async function streamed(bytes: Buffer, pieces: number) {
  const meta = { rid: 'r1' }
  const size = Math.ceil(bytes.length / pieces)
  const entries = Array.from({ length: pieces }, (_, i) =>
    v2Entry(3, bytes.subarray(i * size, (i + 1) * size), { at: i, meta: { ...meta, ci: i + 1 } }),
  )
  const start = v2Entry(3, '', { at: 0, meta: { ...meta, ss: true } })
  const end = v2Entry(3, '', { at: pieces, meta: { ...meta, se: true } })
  const { items } = await readBytes(Buffer.concat([v2Header(), start, ...entries, end]))
  const chunks = items.filter(({ record }) => record.k === 'b')
  const text = Buffer.concat(chunks.map((item) => item.body().bytes)).toString()
  return { chunks, text, missing: chunks.reduce((sum, item) => sum + item.body().missing, 0) }
}

describe.each<[string, (bytes: Buffer) => Buffer]>([
  ['gzip', gzipSync],
  ['deflate', deflateSync],
  ['br', (bytes) => brotliCompressSync(bytes, { params: { [constants.BROTLI_PARAM_QUALITY]: 4 } })],
])('a stream that was kept in %s', (_, encode) => {
  test.each([1, 3, 10])('and cut into %i chunks is decoded, each chunk with its time', async (pieces) => {
    const { chunks, text, missing } = await streamed(encode(Buffer.from(events)), pieces)
    expect([text, missing]).toEqual([events, 0])
    expect(chunks.map(({ wallNs }) => wallNs)).toEqual(
      Array.from({ length: pieces }, (_, i) => Math.round((1764590400.5 + i) * 1e9)),
    )
  })
})

test('a stream that is none is left as it is', async () => {
  const binary = Buffer.from(Array.from({ length: 600 }, (_, i) => (i * 37 + 200) % 256))
  const { chunks, missing } = await streamed(binary, 3)
  expect(Buffer.concat(chunks.map((item) => item.body().bytes))).toEqual(binary)
  expect(missing).toBe(0)
})

test('what cannot be decoded any more is left out and counted, as nobody can redact it', async () => {
  const encoded = gzipSync(Buffer.from(events))
  encoded.fill(0xff, 60)
  const { chunks, missing } = await streamed(encoded, 4)
  expect(missing).toBeGreaterThan(encoded.length / 2)
  expect(chunks.at(-1)!.record).toMatchObject({ enc: 'gzip', d: [] })
})

test('a bomb is defused', async () => {
  const bomb = gzipSync(Buffer.alloc(70 << 20), { level: 1 })
  const { chunks, missing } = await streamed(bomb, 1)
  expect([chunks[0]!.body().bytes.length, missing]).toEqual([0, bomb.length])
  restart()
  const entry = v2Entry(0, deflateSync(Buffer.alloc(70 << 20), { level: 1 }), {
    enc: 'zlib',
    meta: { rid: 'r1' },
  })
  const { items, gaps } = await readBytes(Buffer.concat([v2Header(), entry]))
  expect(gaps).toEqual([
    expect.objectContaining({ kind: 'damaged', why: 'the data of an entry cannot be inflated' }),
  ])
  expect(items.find(({ record }) => record.k === 'b')!.body().missing).toBeGreaterThan(1000)
})
