import { Decompress } from 'fzstd'
import { ProxyError } from '../../core/errors.ts'

/** Every decoder must take windows of this size (RFC 8878 §3.1.1.1.2). */
const windowBytesForAll = 8 << 20
/** The decoder moves its whole window for each block: this much is moved in about a second. */
const maxMovedBytes = 8 * 2 ** 30
const pieceBytes = 65_536

/**
 * Undoes zstd, however many frames it has; `node:zlib` ends with the first. Frames that would take more memory or time than their content is worth
 * are refused before they are decoded. Errors: `tooLarge()`, `bad_encoding`.
 */
export function unzstd(bytes: Buffer, maxBytes: number, tooLarge: () => ProxyError): Buffer {
  if (isBomb(bytes, Math.max(maxBytes, windowBytesForAll))) throw tooLarge()
  const chunks: Uint8Array[] = []
  let length = 0
  const stream = new Decompress((chunk) => {
    length += chunk.length
    if (length > maxBytes) throw tooLarge()
    chunks.push(chunk)
  })
  try {
    // In pieces, so that the bound is checked before a bomb has gone off.
    for (let at = 0; at < bytes.length; at += pieceBytes) {
      stream.push(bytes.subarray(at, at + pieceBytes), at + pieceBytes >= bytes.length)
    }
  } catch (cause) {
    if (cause instanceof ProxyError) throw cause
    throw new ProxyError('bad_encoding', 'the body is not valid zstd, which its content-encoding promises', {
      cause,
    })
  }
  return Buffer.concat(chunks, length)
}

/** Walks over the headers of frames and blocks; what is not valid is left to the decoder. */
function isBomb(bytes: Buffer, maxWindowBytes: number): boolean {
  let movedBytes = 0
  let at = 0
  while (at + 8 <= bytes.length) {
    if (bytes.readUInt32LE(at) >>> 4 === 0x184d2a5) {
      at += 8 + bytes.readUInt32LE(at + 4)
      continue
    }
    const frame = frameAt(bytes, at)
    if (frame.windowBytes > maxWindowBytes) return true
    const blocks = blocksFrom(bytes, frame.blocksAt)
    movedBytes += frame.windowBytes * blocks.count
    if (movedBytes > maxMovedBytes) return true
    at = blocks.end + frame.checksumBytes
  }
  return false
}

function frameAt(
  bytes: Buffer,
  at: number,
): { windowBytes: number; blocksAt: number; checksumBytes: number } {
  const descriptor = bytes[at + 4] as number
  const single = (descriptor >> 5) & 1
  const dictionaryBytes = [0, 1, 2, 4][descriptor & 3] as number
  const sizeAt = at + 6 - single + dictionaryBytes
  const sizeBytes = [single, 2, 4, 8][descriptor >> 6] as number
  const window = bytes[at + 5] as number
  const base = 2 ** (10 + (window >> 3))
  return {
    windowBytes: single ? littleEndian(bytes, sizeAt, sizeBytes) : base + (base / 8) * (window & 7),
    blocksAt: sizeAt + sizeBytes,
    checksumBytes: descriptor & 4,
  }
}

function blocksFrom(bytes: Buffer, from: number): { count: number; end: number } {
  let at = from
  for (let count = 1; at + 3 <= bytes.length; count++) {
    const header = bytes.readUIntLE(at, 3)
    const runLength = ((header >> 1) & 3) === 1
    at += 3 + (runLength ? 1 : header >> 3)
    if (header & 1) return { count, end: at }
  }
  return { count: Math.ceil((bytes.length - from) / 3), end: bytes.length }
}

function littleEndian(bytes: Buffer, at: number, length: number): number {
  let value = 0
  for (let i = length - 1; i >= 0; i--) value = value * 256 + (bytes[at + i] ?? 0)
  return value
}
