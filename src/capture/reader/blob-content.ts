import { hash } from 'node:crypto'
import { inflateRawSync, inflateSync } from 'node:zlib'
import type { BlobRecord } from '../format/records.ts'

/**
 * What a blob's record holds; null where it is not what its id says, or cannot be inflated. A view where it
 * is stored plain.
 */
export function blobContent({ id, z, len, d }: BlobRecord): Uint8Array | null {
  const content = z === 'none' ? d : inflated(d, len)
  if (content === null || content.length !== len) return null
  const digest = hash('sha256', content, 'buffer')
  return digest.compare(id, 0, id.length, 0, id.length) === 0 ? content : null
}

const largestPiece = 256 * 1024

/** zlib's form (RFC 1950), or the bare one (RFC 1951). No more than the record says, at most 64 MiB. */
function inflated(data: Uint8Array, length: number): Uint8Array | null {
  // In one piece, where nobody claims megabytes: a byte more, or zlib would look for a second one.
  const chunkSize = Math.min(Math.max(64, length + 1), largestPiece)
  const options = { maxOutputLength: Math.max(1, length), chunkSize }
  const first = (data[0] ?? 0) * 256 + (data[1] ?? 0)
  const isZlib = ((data[0] ?? 0) & 0x0f) === 8 && first % 31 === 0
  try {
    return isZlib ? inflateSync(data, options) : inflateRawSync(data, options)
  } catch {
    return null
  }
}
