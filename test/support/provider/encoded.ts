import { brotliCompressSync, deflateSync, gzipSync } from 'node:zlib'
import type { HeaderList } from './answering.ts'
import { head, type Script, write } from './steps.ts'

export type Encoding = 'gzip' | 'br' | 'deflate' | 'zstd'

export interface WholeOptions {
  headers?: Record<string, string>
  encoding?: Encoding
  /** Without `content-length`. */
  chunked?: boolean
}

/** A whole answer: JSON unless the body is text or bytes already. */
export function whole(status: number, body: unknown, options: WholeOptions = {}): Script {
  const plain =
    typeof body === 'string' || body instanceof Uint8Array
      ? Buffer.from(body)
      : Buffer.from(JSON.stringify(body))
  const bytes = options.encoding ? encode(plain, options.encoding) : plain
  const headers: Record<string, string> = {
    'content-type': 'application/json',
    ...(options.encoding ? { 'content-encoding': options.encoding } : {}),
    ...(options.chunked ? {} : { 'content-length': String(bytes.length) }),
    ...options.headers,
  }
  return [head(status, headers), write(bytes)]
}

/** The head of an event stream. */
export function streamHead(headers: Record<string, string> = {}): ReturnType<typeof head> {
  const all: HeaderList = {
    'content-type': 'text/event-stream; charset=utf-8',
    'cache-control': 'no-cache',
    ...headers,
  }
  return head(200, all)
}

export function encode(bytes: Uint8Array, encoding: Encoding): Buffer {
  switch (encoding) {
    case 'gzip':
      return gzipSync(bytes)
    case 'br':
      return brotliCompressSync(bytes)
    case 'deflate':
      return deflateSync(bytes)
    case 'zstd':
      return zstdStored(Buffer.from(bytes))
  }
}

const zstdBlockBytes = 1 << 17

/** A valid zstd frame whose blocks are stored, not compressed (RFC 8878 §3.1.1): Node 20 has no zstd of its own. */
function zstdStored(bytes: Buffer): Buffer {
  const frame = [Buffer.from([0x28, 0xb5, 0x2f, 0xfd, 0xa0]), uint32(bytes.length)]
  for (let at = 0; at === 0 || at < bytes.length; at += zstdBlockBytes) {
    const block = bytes.subarray(at, at + zstdBlockBytes)
    const last = at + zstdBlockBytes >= bytes.length ? 1 : 0
    frame.push(uint32((block.length << 3) | last).subarray(0, 3), block)
  }
  return Buffer.concat(frame)
}

function uint32(value: number): Buffer {
  const bytes = Buffer.alloc(4)
  bytes.writeUInt32LE(value)
  return bytes
}
