import zlib, { brotliCompressSync, deflateSync, gzipSync } from 'node:zlib'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { contentDecoder } from '../../../../src/capture/writer/decoding/content-decoder.ts'
import { ZstdFrames } from '../../../../src/capture/writer/decoding/zstd-frames.ts'
import { cutBytes } from '../../../support/chunking.ts'
import { encode } from '../../../support/fake-provider.ts'

const text = Buffer.from('data: {"text":"some words, over and over"}\n\n'.repeat(600))
const lines = Array.from(
  { length: 20 },
  (_, i) => `line ${(i * 7919) % 1000} of some words, over and over\n`,
).join('')
/** `lines` by the reference encoder: zstd -19. */
const zstdFrame = Buffer.from(
  'KLUv/QRoRQMAQsUQEaA9eD469aHqmZ8S0QZTEQ8Do5csF9Ir2Hi38X1DXogfwwnhUsru4Of2dnZTzI8HyB2FST4NEcE3NbUXVT0VmtxiARWoEBin938DgBcWDhAi4f93xHw4csFQtbIyJ6X4EEA6mwJFhTKZ',
  'base64',
)
const skippable = Buffer.from([0x5f, 0x2a, 0x4d, 0x18, 3, 0, 0, 0, 1, 2, 3])

async function decoded(encodings: string, chunks: readonly Uint8Array[]): Promise<(Buffer | null)[]> {
  const decoder = contentDecoder(encodings)
  const pieces: (Buffer | null)[] = []
  for (const chunk of chunks) {
    const bytes = await decoder.push(Uint8Array.from(chunk))
    pieces.push(bytes && Buffer.from(bytes))
  }
  decoder.close()
  return pieces
}

/** From Node 26 on, `read` gives one piece a time. */
function allOf(stream: zlib.Gzip): Buffer[] {
  const pieces: Buffer[] = []
  for (let piece = stream.read(); piece !== null; piece = stream.read()) pieces.push(piece)
  return pieces
}

describe('a content decoder', () => {
  it.each([
    ['gzip', gzipSync(text)],
    ['x-gzip', gzipSync(text)],
    ['deflate', deflateSync(text)],
    ['br', brotliCompressSync(text)],
    ['BR', brotliCompressSync(text)],
    ['gzip, br', brotliCompressSync(gzipSync(text))],
    ['identity', text],
    ['', text],
  ])('undoes %s, however the bytes are cut', async (encodings, bytes) => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.integer({ min: 1, max: 200 }), { minLength: 1 }), async (sizes) => {
        const pieces = await decoded(encodings, cutBytes(bytes, sizes))
        expect(pieces.every((piece) => piece !== null)).toBe(true)
        expect(Buffer.concat(pieces.filter((piece) => piece !== null)).equals(text)).toBe(true)
      }),
      { numRuns: 8 },
    )
  })

  it('gives with each chunk all that it decodes to, as streams of events are flushed', async () => {
    const events = ['data: one\n\n', 'data: two\n\n', 'data: three\n\n']
    const encoder = zlib.createGzip()
    const chunks: Buffer[] = []
    for (const event of events) {
      await new Promise<void>((resolve) => {
        encoder.write(event)
        encoder.flush(zlib.constants.Z_SYNC_FLUSH, resolve)
      })
      chunks.push(Buffer.concat(allOf(encoder)))
    }
    const pieces = await decoded('gzip', chunks)
    expect(pieces.map(String)).toEqual(events)
  })

  it('gives what is there of a body that breaks off', async () => {
    const bytes = gzipSync(text)
    const [piece] = await decoded('gzip', [bytes.subarray(0, bytes.length - 20)])
    expect(piece && text.subarray(0, piece.length).equals(piece)).toBe(true)
    expect(piece?.length).toBeGreaterThan(100)
  })

  it('gives nothing of what it does not know or what is damaged, and nothing after it', async () => {
    const bytes = gzipSync(text)
    expect(await decoded('rot13', [text, text])).toEqual([null, null])
    expect(await decoded('gzip', [text, bytes])).toEqual([null, null])
    expect(await decoded('br, gzip', [bytes])).toEqual([null])
    expect(await decoded('gzip,gzip,gzip,gzip,gzip', [bytes])).toEqual([null])
  })

  it('stops at what inflates without end', async () => {
    const bomb = gzipSync(Buffer.alloc(130 << 20))
    expect(bomb.length).toBeLessThan(400_000)
    expect(await decoded('gzip', [bomb, bomb])).toEqual([null, null])
  })

  it('undoes zstd of the reference encoder, several frames of it, however the bytes are cut', async () => {
    const bytes = Buffer.concat([zstdFrame, skippable, zstdFrame, encode(text, 'zstd')])
    await fc.assert(
      fc.asyncProperty(fc.array(fc.integer({ min: 1, max: 200 }), { minLength: 1 }), async (sizes) => {
        const pieces = await decoded('zstd', cutBytes(bytes, sizes))
        const whole = Buffer.concat(pieces.filter((piece) => piece !== null))
        expect(whole.toString()).toBe(lines + lines + text.toString())
      }),
      { numRuns: 20 },
    )
  })
})

describe('zstd frames', () => {
  it('are refused when their window is larger than every decoder has to have, in whatever frame', () => {
    const huge = Buffer.concat([Buffer.from('28b52ffd0070', 'hex'), Buffer.alloc(20)])
    expect(new ZstdFrames().allows(zstdFrame)).toBe(true)
    expect(new ZstdFrames().allows(huge)).toBe(false)
    const frames = new ZstdFrames()
    expect(frames.allows(Buffer.concat([zstdFrame, skippable]))).toBe(true)
    expect(frames.allows(huge.subarray(0, 10))).toBe(true)
    expect(frames.allows(huge.subarray(10))).toBe(false)
  })

  it('are refused when they would move their window for ages', () => {
    // A window of 8 MiB and blocks of one byte.
    const frames = new ZstdFrames()
    expect(frames.allows(Buffer.from('28b52ffd0068000000000000000000000000', 'hex'))).toBe(true)
    const blocks = Buffer.alloc(4 * 2_000)
    for (let at = 0; at < blocks.length; at += 4) blocks.writeUInt32LE(0x61_0000_0a, at)
    expect(frames.allows(blocks)).toBe(false)
  })
})
