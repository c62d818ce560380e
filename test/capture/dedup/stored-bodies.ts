import { hash } from 'node:crypto'
import { inflateSync } from 'node:zlib'
import { createFileBlobs } from '../../../src/capture/dedup/file-blobs.ts'
import { isBlob, piecesOf } from '../../../src/capture/dedup/pieces.ts'

/** A file's bodies as they are stored, without the file: what it costs, and what comes back. */
export class StoredBodies {
  /** Plain bytes, references (16 bytes of id, a length) and blobs. */
  storedBytes = 0
  blobs = 0
  readonly #known = createFileBlobs()
  readonly #contents = new Map<string, Buffer>()

  /** Stores a body and gives it back, put together from what is stored. */
  roundTrip(bytes: Uint8Array): Buffer {
    return Buffer.concat(
      piecesOf(bytes).map((piece) => (isBlob(piece) ? this.#blob(piece) : this.#plain(piece))),
    )
  }

  #plain(piece: Uint8Array): Uint8Array {
    this.storedBytes += piece.length + 3
    return Uint8Array.from(piece)
  }

  #blob(piece: Exclude<ReturnType<typeof piecesOf>[number], Uint8Array>): Uint8Array {
    this.storedBytes += 30
    if (this.#known.needs(piece.key, this.storedBytes)) {
      const { id, z, len, d } = piece.record()
      const content = z === 'deflate' ? inflateSync(d) : Buffer.from(d)
      const named = hash('sha256', content, 'hex').slice(0, 32)
      if (content.length !== len || named !== Buffer.from(id).toString('hex')) {
        throw new Error(`a blob of ${len} bytes is not what its name says`)
      }
      this.#contents.set(named, content)
      this.storedBytes += d.length + 60
      this.blobs++
    }
    const content = this.#contents.get(Buffer.from(piece.id).toString('hex'))
    if (content === undefined) throw new Error('a blob is referred to before it is written')
    return content
  }
}
