import { Readable, type Transform } from 'node:stream'
import zlib from 'node:zlib'
import { ProxyError } from '../../core/errors.ts'
import { unzstd } from './zstd.ts'

/**
 * Encodings that we can decode as they come, in the order of preference, as the provider is told. Not zstd: what newer Nodes
 * have for it ends with the first frame, and a body may have several (RFC 8878 §3).
 */
export const acceptedEncodings: readonly string[] = ['gzip', 'deflate', 'br']

/**
 * The body without its content-encoding; several are undone from the last to the first. `maxBytes` bounds
 * every step, so that a small body cannot inflate without end; `tooLarge` makes the error.
 */
export async function decodeBody(
  wire: Buffer,
  contentEncoding: string | undefined,
  maxBytes: number,
  tooLarge: () => ProxyError,
): Promise<Buffer> {
  let bytes = wire
  for (const encoding of encodingsOf(contentEncoding).reverse()) {
    bytes =
      encoding === 'zstd'
        ? unzstd(bytes, maxBytes, tooLarge)
        : await inflate(bytes, encoding, maxBytes, tooLarge)
  }
  return bytes
}

/** The encodings that a `content-encoding` header names, without `identity`. */
export function encodingsOf(header: string | undefined): string[] {
  if (header === undefined) return []
  return header
    .split(',')
    .map((name) => name.trim().toLowerCase())
    .filter((name) => name !== '' && name !== 'identity')
}

/**
 * A stream that undoes one encoding, or undefined for one that we do not know. With `cutAllowed` a body that breaks
 * off gives what was there; else it is an error.
 */
export function decoderFor(encoding: string, { cutAllowed }: { cutAllowed: boolean }): Transform | undefined {
  const { Z_SYNC_FLUSH } = zlib.constants
  const flush = { flush: Z_SYNC_FLUSH, ...(cutAllowed && { finishFlush: Z_SYNC_FLUSH }) }
  switch (encoding) {
    case 'gzip':
    case 'x-gzip':
      return zlib.createGunzip(flush)
    case 'deflate':
      return zlib.createInflate(flush)
    case 'br':
      return zlib.createBrotliDecompress({ flush: zlib.constants.BROTLI_OPERATION_FLUSH })
    default:
      return undefined
  }
}

async function inflate(
  bytes: Buffer,
  encoding: string,
  maxBytes: number,
  tooLarge: () => ProxyError,
): Promise<Buffer> {
  const decoder = decoderFor(encoding, { cutAllowed: false })
  if (!decoder) {
    throw new ProxyError(
      'unsupported_encoding',
      `content-encoding ${encoding} is not known; use gzip, br, zstd or none`,
    )
  }
  const chunks: Buffer[] = []
  let length = 0
  try {
    for await (const chunk of Readable.from([bytes]).pipe(decoder)) {
      length += (chunk as Buffer).length
      if (length > maxBytes) throw tooLarge()
      chunks.push(chunk as Buffer)
    }
  } catch (cause) {
    if (cause instanceof ProxyError) throw cause
    throw new ProxyError(
      'bad_encoding',
      `the body is not valid ${encoding}, which its content-encoding promises`,
      { cause },
    )
  }
  return Buffer.concat(chunks, length)
}
