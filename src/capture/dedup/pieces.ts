import { hash } from 'node:crypto'
import { deflateSync } from 'node:zlib'
import type { BlobId, BlobRecord } from '../format/records.ts'
import { type Cut, cutJson, pieceBytes } from './cut-json.ts'

/** A part of a body that is worth being stored once, wherever else the same bytes stand. */
export interface Blob {
  /** Its id as a text, for maps. */
  key: string
  id: BlobId
  len: number
  /** Compresses, unless it was asked before; what it gives is its own copy. */
  record(): BlobRecord
}

/** What a body is made of, in order. Plain bytes are views of it. */
export type Piece = Uint8Array | Blob

/** Smaller parts stay where they are: a reference to one would take a tenth of it. */
const minBlobBytes = 256
/** Of bytes that are no JSON: only another leg may repeat them. */
const minOpaqueBytes = 512
const maxBlobBytes = 4 << 20
/** Below it, what deflate saves is not worth the time. */
const minDeflateBytes = 1024
const blobIdBytes = 16

/** The pieces of a whole body, or of a chunk of a stream: together they are `bytes`, which are only looked at. */
export function piecesOf(bytes: Uint8Array): Piece[] {
  if (bytes.length < minBlobBytes) return bytes.length === 0 ? [] : [bytes]
  if (!beginsAsJson(bytes)) return bytes.length < minOpaqueBytes ? [bytes] : blobsOf(bytes)
  return piecesAt(bytes, cutJson(bytes))
}

export function isBlob(piece: Piece): piece is Blob {
  return !(piece instanceof Uint8Array)
}

function piecesAt(bytes: Uint8Array, cuts: readonly Cut[]): Piece[] {
  const pieces: Piece[] = []
  let plainFrom = 0
  let gatheredFrom = 0

  /** Ends what was gathered: worth a blob, or plain together with what is plain before it. */
  function finish(end: number): void {
    if (end - gatheredFrom >= minBlobBytes) {
      if (gatheredFrom > plainFrom) pieces.push(bytes.subarray(plainFrom, gatheredFrom))
      pieces.push(...blobsOf(bytes.subarray(gatheredFrom, end)))
      plainFrom = end
    }
    gatheredFrom = end
  }

  let start = 0
  for (let next = 0; next <= cuts.length; next++) {
    const cut = cuts[next] ?? { at: bytes.length, fresh: false }
    // What is large stands alone: then it is the same, whatever small things came or went beside it.
    if (cut.at - start >= pieceBytes) finish(start)
    if (cut.fresh || cut.at - gatheredFrom >= pieceBytes || next === cuts.length) finish(cut.at)
    start = cut.at
  }
  if (plainFrom < bytes.length) pieces.push(bytes.subarray(plainFrom))
  return pieces
}

function blobsOf(bytes: Uint8Array): Blob[] {
  if (bytes.length <= maxBlobBytes) return [blobOf(bytes)]
  const blobs: Blob[] = []
  for (let at = 0; at < bytes.length; at += maxBlobBytes) {
    blobs.push(blobOf(bytes.subarray(at, at + maxBlobBytes)))
  }
  return blobs
}

function blobOf(content: Uint8Array): Blob {
  const digest = hash('sha256', content, 'buffer')
  const id = digest.subarray(0, blobIdBytes)
  let record: BlobRecord | undefined
  return {
    key: digest.toString('latin1', 0, blobIdBytes),
    id,
    len: content.length,
    record() {
      record ??= blobRecord(id, content)
      return record
    },
  }
}

function blobRecord(id: BlobId, content: Uint8Array): BlobRecord {
  if (content.length >= minDeflateBytes) {
    const deflated = deflateSync(content, { level: 1 })
    if (deflated.length < content.length) {
      return { k: 'bl', id, z: 'deflate', len: content.length, d: deflated }
    }
  }
  return { k: 'bl', id, z: 'none', len: content.length, d: Buffer.from(content) }
}

function beginsAsJson(bytes: Uint8Array): boolean {
  let at = 0
  while (at < bytes.length && isSpace(bytes[at])) at++
  return bytes[at] === 0x5b || bytes[at] === 0x7b
}

function isSpace(byte: number | undefined): boolean {
  return byte === 0x20 || byte === 0x0a || byte === 0x0d || byte === 0x09
}
