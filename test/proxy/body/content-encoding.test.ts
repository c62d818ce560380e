import { brotliCompressSync, deflateSync, gzipSync } from 'node:zlib'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { ProxyError } from '../../../src/core/errors.ts'
import { decodeBody, decoderFor, encodingsOf } from '../../../src/proxy/body/content-encoding.ts'
import { type Encoding, encode } from '../../support/fake-provider.ts'

const encodings: Encoding[] = ['gzip', 'deflate', 'br', 'zstd']
const tooLarge = () => new ProxyError('body_too_large', 'too large')
const decode = (wire: Buffer, encoding: string | undefined, maxBytes = 1 << 20) =>
  decodeBody(wire, encoding, maxBytes, tooLarge)

describe('a body', () => {
  it.each(encodings)('comes out of %s as it went in', async (encoding) => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 2_000 }), async (bytes) => {
        expect(await decode(encode(bytes, encoding), encoding)).toEqual(Buffer.from(bytes))
      }),
      { numRuns: 40 },
    )
  })

  it.each(encodings)('of half a megabyte comes out of %s', async (encoding) => {
    const bytes = Buffer.alloc(500_000, 'the quick brown fox ')
    expect((await decode(encode(bytes, encoding), encoding)).equals(bytes)).toBe(true)
  })

  it('that was encoded twice is decoded from the last encoding to the first', async () => {
    const bytes = Buffer.from('twice')
    expect(await decode(encode(encode(bytes, 'br'), 'gzip'), 'br, GZIP')).toEqual(bytes)
  })

  it.each([undefined, '', 'identity', ' identity , '])('is the same buffer under %j', async (header) => {
    const bytes = Buffer.from('plain')
    expect(await decode(bytes, header)).toBe(bytes)
  })

  it.each(encodings)('that is not %s is refused', async (encoding) => {
    await expect(decode(Buffer.from('{"model":"m","messages":[]}'), encoding)).rejects.toMatchObject({
      code: 'bad_encoding',
      status: 400,
      message: expect.stringContaining(encoding),
    })
  })

  it('in an unknown encoding is refused with the ones that are known', async () => {
    await expect(decode(Buffer.from('x'), 'compress')).rejects.toMatchObject({
      code: 'unsupported_encoding',
      status: 415,
      message: expect.stringContaining('gzip, br, zstd'),
    })
  })
})

describe('a body that inflates without end', () => {
  const zeros = Buffer.alloc(64 << 20)
  it.each([
    ['gzip', gzipSync(zeros)],
    ['deflate', deflateSync(zeros)],
    ['br', encode(zeros.subarray(0, 16 << 20), 'br')],
    ['zstd', zstdFrame(10, runLengthBlocks(16_000, 131_072))],
    ['gzip, gzip', gzipSync(gzipSync(zeros))],
  ])('stops at the limit in %s with little memory', async (encoding, wire) => {
    const before = process.memoryUsage()
    await expect(decode(wire, encoding)).rejects.toMatchObject({ code: 'body_too_large' })
    expect(process.memoryUsage().arrayBuffers - before.arrayBuffers).toBeLessThan(24 << 20)
  })

  it.each([
    ['asks for a window of a gigabyte', zstdFrame(20, runLengthBlocks(1, 10))],
    [
      'hides such a frame behind a small one',
      Buffer.concat([zstdFrame(0, runLengthBlocks(1, 10)), zstdFrame(20, runLengthBlocks(1, 10))]),
    ],
    [
      'hides such a frame behind a skippable one',
      Buffer.concat([
        Buffer.from([0x50, 0x2a, 0x4d, 0x18, 2, 0, 0, 0, 9, 9]),
        zstdFrame(20, runLengthBlocks(1, 10)),
      ]),
    ],
    [
      'says that it holds a gigabyte',
      Buffer.concat([Buffer.from([0x28, 0xb5, 0x2f, 0xfd, 0xa0, 0, 0, 0, 0x40]), runLengthBlocks(1, 10)]),
    ],
    ['moves a large window for each of many tiny blocks', zstdFrame(13, runLengthBlocks(100_000, 1))],
  ])('is refused where a zstd frame %s', async (_what, wire) => {
    await expect(decode(wire, 'zstd')).rejects.toMatchObject({ code: 'body_too_large' })
  })

  it('takes zstd of several frames for one body', async () => {
    const frame = zstdFrame(10, runLengthBlocks(2, 1_000))
    const skippable = Buffer.from([0x50, 0x2a, 0x4d, 0x18, 2, 0, 0, 0, 9, 9])
    expect(await decode(Buffer.concat([frame, skippable, frame]), 'zstd')).toHaveLength(4_000)
  })

  it('is no bomb when it just fits', async () => {
    expect(await decode(gzipSync(Buffer.alloc(1 << 20)), 'gzip')).toHaveLength(1 << 20)
    expect(await decode(zstdFrame(13, runLengthBlocks(8, 131_072)), 'zstd')).toHaveLength(1 << 20)
  })
})

it.each([
  ['gzip', gzipSync],
  ['deflate', deflateSync],
  ['br', brotliCompressSync],
] as const)('a body in %s that breaks off is refused', async (encoding, encode) => {
  const whole = encode(Buffer.from('so much text that something is missing at the end of it'))
  await expect(decode(whole.subarray(0, -8), encoding)).rejects.toMatchObject({ code: 'bad_encoding' })
})

describe('a decoder for streams', () => {
  it.each(['gzip', 'x-gzip', 'deflate', 'br'])('is there for %s', (encoding) => {
    expect(decoderFor(encoding, { cutAllowed: true })).toBeDefined()
  })

  it('is not there for an encoding that nobody knows', () => {
    expect(decoderFor('compress', { cutAllowed: true })).toBeUndefined()
  })
})

it.each([
  [undefined, []],
  ['gzip', ['gzip']],
  [' GZip , identity,br,', ['gzip', 'br']],
])('reads the encodings out of the header %j', (header, names) => {
  expect(encodingsOf(header)).toEqual(names)
})

/** A zstd frame with a window of 2^(10 + log) bytes (RFC 8878 §3.1.1). */
function zstdFrame(windowLog: number, blocks: Buffer): Buffer {
  return Buffer.concat([Buffer.from([0x28, 0xb5, 0x2f, 0xfd, 0, windowLog << 3]), blocks])
}

/** So many blocks that each stand for `size` equal bytes. */
function runLengthBlocks(count: number, size: number): Buffer {
  const blocks = Buffer.alloc(count * 4)
  for (let i = 0; i < count; i++) {
    blocks.writeUIntLE((size << 3) | 2 | (i === count - 1 ? 1 : 0), i * 4, 3)
    blocks[i * 4 + 3] = 0x41
  }
  return blocks
}
