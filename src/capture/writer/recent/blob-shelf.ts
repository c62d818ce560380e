import { type Blob, isBlob, type Piece } from '../../dedup/pieces.ts'

interface Shelved {
  blob: Blob
  bytes: number
  uses: number
}

/** Of a blob in memory beside its content: its id, its name in the map, the objects. */
const blobCostBytes = 600
/** Shorter bytes are kept as texts: of their own they cost three times as much, and a part of Node's pool keeps all 8 kB of it. */
const textBytes = 4096

/** Texts are bytes, one for each character. */
export type KeptPiece = Piece | string

export function asPieces(kept: readonly KeptPiece[]): Piece[] {
  return kept.map((piece) => (typeof piece === 'string' ? Buffer.from(piece, 'latin1') : piece))
}

/** Blobs of bodies in memory, each once, as long as one body has them. */
export class BlobShelf {
  /** What all of them take. */
  bytes = 0
  readonly #shelved = new Map<string, Shelved>()

  /** The pieces to keep, in memory of their own. */
  keep(pieces: readonly Piece[]): KeptPiece[] {
    return pieces.map((piece) => (isBlob(piece) ? this.#put(piece) : owned(piece)))
  }

  giveBack(pieces: readonly KeptPiece[]): void {
    for (const piece of pieces) {
      const shelved = typeof piece !== 'string' && isBlob(piece) ? this.#shelved.get(piece.key) : undefined
      if (!shelved || --shelved.uses > 0) continue
      this.#shelved.delete(shelved.blob.key)
      this.bytes -= shelved.bytes
    }
  }

  #put({ key, len, record }: Blob): Blob {
    const known = this.#shelved.get(key)
    if (known) {
      known.uses++
      return known.blob
    }
    const made = record()
    // Deflate gives the beginning of 16 kB.
    const kept = { ...made, d: new Uint8Array(made.d) }
    const blob: Blob = { key, id: kept.id, len, record: () => kept }
    const bytes = kept.d.length + blobCostBytes
    this.#shelved.set(key, { blob, bytes, uses: 1 })
    this.bytes += bytes
    return blob
  }
}

function owned(bytes: Uint8Array): KeptPiece {
  if (bytes.length >= textBytes) return new Uint8Array(bytes)
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('latin1')
}
