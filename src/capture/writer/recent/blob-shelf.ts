import { type Blob, isBlob, type Piece } from '../../dedup/pieces.ts'

interface Shelved {
  blob: Blob
  bytes: number
  uses: number
}

/** Of a blob in memory beside its content: its id, its name in the map, the objects. */
const blobCostBytes = 400

/** Blobs of bodies in memory, each once, as long as one body has them. */
export class BlobShelf {
  /** What all of them take. */
  bytes = 0
  readonly #shelved = new Map<string, Shelved>()

  /** The pieces to keep, in memory of their own. */
  keep(pieces: readonly Piece[]): Piece[] {
    return pieces.map((piece) => (isBlob(piece) ? this.#put(piece) : Buffer.from(piece)))
  }

  giveBack(pieces: readonly Piece[]): void {
    for (const piece of pieces) {
      const shelved = isBlob(piece) ? this.#shelved.get(piece.key) : undefined
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
    const kept = record()
    const blob: Blob = { key, id: kept.id, len, record: () => kept }
    const bytes = kept.d.length + blobCostBytes
    this.#shelved.set(key, { blob, bytes, uses: 1 })
    this.bytes += bytes
    return blob
  }
}
