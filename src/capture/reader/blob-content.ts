import { createHash } from 'node:crypto'
import { inflateRawSync, inflateSync } from 'node:zlib'
import type { BlobRecord } from '../format/records.ts'

/**
 * What a blob's record holds; null where it is not what its id says, or cannot be inflated. A view where it
 * is stored plain.
 */
export function blobContent({ id, z, len, d }: BlobRecord): Uint8Array | null {
  const content = z === 'none' ? d : inflated(d, len)
  if (content === null || content.length !== len) return null
  const hash = createHash('sha256').update(content).digest()
  return hash.compare(id, 0, id.length, 0, id.length) === 0 ? content : null
}

/** zlib's form (RFC 1950), or the bare one (RFC 1951). No more than the record says, at most 64 MiB. */
function inflated(data: Uint8Array, length: number): Uint8Array | null {
  const options = { maxOutputLength: Math.max(1, length) }
  const first = (data[0] ?? 0) * 256 + (data[1] ?? 0)
  const isZlib = ((data[0] ?? 0) & 0x0f) === 8 && first % 31 === 0
  try {
    return isZlib ? inflateSync(data, options) : inflateRawSync(data, options)
  } catch {
    return null
  }
}
