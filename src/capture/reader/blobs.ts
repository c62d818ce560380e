import { LRUCache } from 'lru-cache'
import { decodeRecordAt } from '../format/decode-record.ts'
import { headBytes } from '../format/frame.ts'
import type { BlobId, BlobRecord, BodyPart, BodyRecord } from '../format/records.ts'
import { blobContent } from './blob-content.ts'
import { BlobPlaces } from './blob-places.ts'
import type { ByteSource } from './byte-source.ts'
import type { ResolvedBody } from './items.ts'

export interface BlobLimits {
  /** Of contents in memory, of all files together. */
  cacheBytes: number
  /** Of blobs as they are stored, where the source cannot be read again. */
  keptBytes: number
  /** Of one body: a few references could claim any size. */
  bodyBytes: number
}

export const defaultBlobLimits: BlobLimits = {
  cacheBytes: 32 * 1024 * 1024,
  keptBytes: 256 * 1024 * 1024,
  bodyBytes: 256 * 1024 * 1024,
}

/** Beside its bytes, what an entry of the cache takes. */
const entryBytes = 100

/** Contents that were asked for, the latest. */
export type BlobCache = LRUCache<string, Uint8Array>

export function blobCache(bytes: number): BlobCache {
  return new LRUCache({ maxSize: bytes, sizeCalculation: (content) => content.length + entryBytes })
}

/** A blob that stands in the file and is not what its id says. */
export interface BadBlob {
  offset: number
  bytes: number
  len: number
}

let files = 0

/** Where a file's blobs are to be had. */
export interface BlobSource {
  source: ByteSource
  /** What of the file is in memory just now; lent. */
  inMemory: (offset: number, bytes: number) => Buffer | null
  /** Bodies are for whoever looks at them at once. */
  lends: boolean
}

/** The blobs of one file: found while it is read, read again when they are asked for. */
export class FileBlobs {
  readonly #file = `${files++}/`
  readonly #places = new BlobPlaces()
  readonly #source: BlobSource
  readonly #cache: BlobCache
  readonly #kept: LRUCache<string, BlobRecord> | null
  readonly #bodyBytes: number
  readonly #lends: boolean
  #bad: BadBlob[] = []

  constructor(source: BlobSource, cache: BlobCache, { keptBytes, bodyBytes }: BlobLimits) {
    this.#bodyBytes = bodyBytes
    this.#lends = source.lends
    this.#source = source
    this.#cache = cache
    const sizeCalculation = (record: BlobRecord) => record.d.length + entryBytes
    this.#kept = source.source.readAt ? null : new LRUCache({ maxSize: keptBytes, sizeCalculation })
  }

  /** `record` is only looked at. `bytes`: of the frame. */
  add(record: BlobRecord, offset: number, bytes: number): void {
    this.#places.set(record.id, offset, bytes)
    if (this.#kept) {
      const own = { ...record, id: Buffer.from(record.id), d: Buffer.from(record.d) }
      this.#kept.set(name(record.id), own)
    }
  }

  /** Bytes of a body that are referred to and stand nowhere before it. */
  missingBytes(parts: readonly BodyPart[]): number {
    let bytes = 0
    for (const part of parts) {
      if (!(part instanceof Uint8Array) && !this.#places.has(part.ref)) bytes += part.len
    }
    return bytes
  }

  /** A body with its blobs in it; what is missing is left out and counted. What is lent is copied, but for a single part. */
  resolve({ d, omitted = 0 }: BodyRecord): ResolvedBody {
    const [only, second] = d
    if (only instanceof Uint8Array && second === undefined) return { bytes: only, missing: omitted }
    const parts: Uint8Array[] = []
    let missing = omitted
    let size = 0
    for (const part of d) {
      const isPlain = part instanceof Uint8Array
      const length = isPlain ? part.length : part.len
      const isTooMuch = size + length > this.#bodyBytes
      const content = isTooMuch ? null : isPlain ? this.#plain(part) : this.#content(part.ref, part.len)
      if (content) parts.push(content)
      else missing += length
      size += content ? length : 0
    }
    return this.#lends ? ofParts(parts, missing) : { bytes: Buffer.concat(parts, size), missing }
  }

  /** Blobs that were found to be bad since it was last asked. */
  takeBad(): BadBlob[] {
    if (this.#bad.length === 0) return this.#bad
    const bad = this.#bad
    this.#bad = []
    return bad
  }

  /** To be kept; where nothing is lent it is the item's own. */
  #plain(part: Uint8Array): Uint8Array {
    return this.#lends ? Buffer.from(part) : part
  }

  #content(id: BlobId, len: number): Uint8Array | null {
    const key = this.#file + name(id)
    const cached = this.#cache.get(key)
    if (cached) return cached.length === len ? cached : null
    const place = this.#places.get(id)
    if (!place) return null
    const record = this.#kept ? this.#kept.get(name(id)) : this.#readAgain(place.offset, place.bytes)
    if (!record) return null
    const found = sameBytes(record.id, id) && record.len === len ? blobContent(record) : null
    // Of what is lent and stored plain it is a view.
    const content = found === record.d ? Buffer.from(found) : found
    // An empty one keeps it from being read again for each reference.
    this.#cache.set(key, content ?? new Uint8Array(0))
    if (!content && this.#bad.length < 1000) this.#bad.push({ ...place, len })
    return content
  }

  /** Most are asked for soon after they were found. */
  #readAgain(offset: number, bytes: number): BlobRecord | null {
    const { source, inMemory } = this.#source
    const frame = inMemory(offset, bytes) ?? source.readAt?.(offset, bytes)
    const record = frame ? decodeRecordAt(frame, headBytes, frame.length) : null
    return record?.k === 'bl' ? record : null
  }
}

/** Joined when somebody asks for it. */
function ofParts(parts: readonly Uint8Array[], missing: number): ResolvedBody {
  let bytes: Uint8Array | null = null
  return {
    parts,
    missing,
    get bytes() {
      bytes ??= joined(parts)
      return bytes
    },
  }
}

function joined(parts: readonly Uint8Array[]): Uint8Array {
  const [only, second] = parts
  return only && second === undefined ? only : Buffer.concat(parts)
}

function name(id: BlobId): string {
  return Buffer.from(id.buffer, id.byteOffset, id.length).toString('latin1')
}

function sameBytes(a: Uint8Array, b: Uint8Array): boolean {
  return Buffer.compare(a, b) === 0
}
