import type { Transform } from 'node:stream'
import zlib from 'node:zlib'
import { Decompress } from 'fzstd'
import { unknownEncoding } from '../batches.ts'
import { isText } from './is-text.ts'
import { ZstdFrames } from './zstd-frames.ts'

/** Undoes content encodings of a stream as it comes. */
export interface ContentDecoder {
  /** What these bytes add. Null: they cannot be decoded, nor can what follows. One call at a time. */
  push(bytes: Uint8Array): Promise<Uint8Array | null>
  close(): void
}

/** What one leg may inflate to: beyond it, it is a bomb and not an answer. */
const maxDecodedBytes = 128 << 20
const maxEncodings = 4

/** `encodings` as a content-encoding header names them; they are undone from the last to the first. */
export function contentDecoder(encodings: string): ContentDecoder {
  const names = encodings.split(',').map((name) => name.trim().toLowerCase())
  const wanted = names.filter((name) => name !== '' && name !== 'identity').reverse()
  const steps = wanted.slice(0, maxEncodings).map(decoderOf)
  let decodable = wanted.length <= maxEncodings && steps.every((step) => step !== null)
  return {
    async push(bytes) {
      let decoded: Uint8Array | null = bytes
      for (const step of steps) decoded = decoded && decodable ? await (step?.push(decoded) ?? null) : null
      decodable &&= decoded !== null
      return decodable ? decoded : null
    },
    close() {
      for (const step of steps) step?.close()
    },
  }
}

function decoderOf(name: string): ContentDecoder | null {
  switch (name) {
    case 'gzip':
    case 'x-gzip':
      return streamDecoder(zlib.createGunzip({ flush: zlib.constants.Z_SYNC_FLUSH }))
    case 'deflate':
      return streamDecoder(zlib.createInflate({ flush: zlib.constants.Z_SYNC_FLUSH }))
    case 'br':
      return streamDecoder(zlib.createBrotliDecompress({ flush: zlib.constants.BROTLI_OPERATION_FLUSH }))
    case 'zstd':
      return zstdDecoder()
    case unknownEncoding:
      return textOnly()
    default:
      return null
  }
}

/** Where nobody knows the encoding: what is text is not encoded. */
function textOnly(): ContentDecoder {
  return { push: (bytes) => Promise.resolve(isText(bytes) ? bytes : null), close() {} }
}

function streamDecoder(stream: Transform): ContentDecoder {
  let pieces: Buffer[] = []
  let decodedBytes = 0
  let failed = false
  let settle: ((isDone: boolean) => void) | undefined

  const fail = () => {
    failed = true
    stream.destroy()
    settle?.(false)
  }
  stream.on('error', fail)
  stream.on('data', (piece: Buffer) => {
    pieces.push(piece)
    decodedBytes += piece.length
    if (decodedBytes > maxDecodedBytes) fail()
  })

  return {
    async push(bytes) {
      if (failed) return null
      const isDone = await new Promise<boolean>((resolve) => {
        settle = resolve
        stream.write(bytes, () => resolve(true))
      })
      // What is still on its way inside the stream.
      while (isDone && stream.read() !== null);
      const decoded = Buffer.concat(pieces)
      pieces = []
      return isDone && !failed ? decoded : null
    },
    close: () => void stream.destroy(),
  }
}

/** Not by `node:zlib`, which ends with the first frame. */
function zstdDecoder(): ContentDecoder {
  const frames = new ZstdFrames()
  let pieces: Uint8Array[] = []
  let decodedBytes = 0
  const stream = new Decompress((piece) => {
    decodedBytes += piece.length
    if (decodedBytes > maxDecodedBytes) throw new RangeError('more is decoded than a leg may have')
    // It writes over its memory with the next block.
    pieces.push(Uint8Array.from(piece))
  })
  return {
    push(bytes) {
      try {
        if (!frames.allows(bytes)) return Promise.resolve(null)
        stream.push(bytes)
        const decoded = Buffer.concat(pieces)
        pieces = []
        return Promise.resolve(decoded)
      } catch {
        return Promise.resolve(null)
      }
    },
    close() {
      pieces = []
    },
  }
}
