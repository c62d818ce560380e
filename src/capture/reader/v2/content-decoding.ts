import { isUtf8 } from 'node:buffer'
import {
  type BrotliDecompress,
  brotliDecompressSync,
  constants,
  createBrotliDecompress,
  createGunzip,
  createInflate,
  type Gunzip,
  type Inflate,
  inflateSync,
} from 'node:zlib'
import { maxPayloadBytes } from '../../format/frame.ts'

export type ContentEncoding = 'gzip' | 'deflate' | 'br'

/** Of one leg, as much as a frame of V3 may hold: a stream may be made to decode to any length. */
const maxDecodedBytes = maxPayloadBytes
const maxTriedBytes = 1024 * 1024

const flushed = { finishFlush: constants.Z_SYNC_FLUSH, maxOutputLength: maxTriedBytes }
const flushedBrotli = {
  finishFlush: constants.BROTLI_OPERATION_FLUSH,
  maxOutputLength: maxTriedBytes,
}

/**
 * The encoding in which a body begins that names none: the original keeps a stream's bytes as they came, without its
 * headers (reference §3.1, rule 4). Null: as it is.
 */
export function encodingOf(first: Uint8Array): ContentEncoding | null {
  if (first[0] === 0x1f && first[1] === 0x8b) return 'gzip'
  if (isText(first)) return null
  const isZlib = ((first[0] ?? 0) & 0x0f) === 8 && ((first[0] ?? 0) * 256 + (first[1] ?? 0)) % 31 === 0
  if (isZlib && decodes(() => inflateSync(first, flushed))) return 'deflate'
  return decodes(() => brotliDecompressSync(first, flushedBrotli)) ? 'br' : null
}

/** A chunk may end within a character. */
function isText(bytes: Uint8Array): boolean {
  for (let cut = 0; cut < 4 && cut <= bytes.length; cut++) {
    if (isUtf8(bytes.subarray(0, bytes.length - cut))) return true
  }
  return false
}

/** More than is tried is as good an answer as less; text is what is expected. */
function decodes(attempt: () => Buffer): boolean {
  try {
    return isText(attempt())
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE'
  }
}

/** Undoes an encoding chunk by chunk, so that each keeps its time. */
export class ContentDecoder {
  readonly #stream: Gunzip | Inflate | BrotliDecompress
  #out: Buffer[] = []
  #decodedBytes = 0
  #over = false
  #wake: () => void = () => undefined

  constructor(encoding: ContentEncoding) {
    if (encoding === 'gzip') this.#stream = createGunzip({ finishFlush: constants.Z_SYNC_FLUSH })
    else if (encoding === 'deflate') this.#stream = createInflate({ finishFlush: constants.Z_SYNC_FLUSH })
    else this.#stream = createBrotliDecompress()
    this.#stream.on('data', (piece: Buffer) => {
      this.#decodedBytes += piece.length
      if (this.#decodedBytes > maxDecodedBytes) this.close()
      else this.#out.push(piece)
    })
    for (const event of ['error', 'end', 'close']) {
      this.#stream.on(event, () => {
        this.#over = true
        this.#wake()
      })
    }
  }

  /** What the chunk decodes to; null where it does not. */
  async push(chunk: Uint8Array): Promise<Uint8Array | null> {
    if (this.#over) return null
    await new Promise<void>((resolve) => {
      this.#wake = resolve
      this.#stream.write(chunk, () => resolve())
    })
    // What it made of the chunk is handed on by then.
    await new Promise((resolve) => setImmediate(resolve))
    const decoded = Buffer.concat(this.#out)
    this.#out = []
    const isTooMuch = this.#decodedBytes > maxDecodedBytes
    return isTooMuch || (decoded.length === 0 && this.#over) ? null : decoded
  }

  close(): void {
    this.#over = true
    this.#stream.destroy()
    this.#wake()
  }
}
