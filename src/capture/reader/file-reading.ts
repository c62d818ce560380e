import type { Secrets } from '../../core/secrets/secrets.ts'
import { type BlobCache, type BlobLimits, FileBlobs } from './blobs.ts'
import type { ByteSource } from './byte-source.ts'
import type { CapturePiece } from './items.ts'
import { Scan } from './scan.ts'
import type { Scanned } from './scanned.ts'
import { V2Pieces } from './v2/pieces.ts'
import { V3Pieces } from './v3-pieces.ts'

export interface ReadingSettings {
  cache: BlobCache
  limits: BlobLimits
  /** Bytes of items are lent until the next batch is asked for; otherwise they are the items' own. */
  lends?: boolean
  /** Asked for where there is a file of the original: it is much to make. */
  secrets: () => Secrets
  /** Frames of kinds that this program does not know are passed over; who counts them is told. */
  onUnknown?: ((kind: string) => void) | undefined
}

/** Handed on together: waiting for each would cost more than reading it. */
const batchPieces = 256

/** One source from its beginning to its end, as far as there is one. */
export class FileReading {
  readonly source: ByteSource
  readonly #scan: Scan
  readonly #secrets: () => Secrets
  #v2Pieces: V2Pieces | null = null
  readonly #v3: V3Pieces
  readonly #onUnknown: (kind: string) => void

  constructor(source: ByteSource, settings: ReadingSettings) {
    const { cache, limits, lends = false, secrets, onUnknown } = settings
    this.source = source
    this.#scan = new Scan(source)
    this.#secrets = secrets
    const blobs = new FileBlobs({ source, inMemory: this.#scan.bytesAt, lends }, cache, limits)
    this.#v3 = new V3Pieces(source.name, blobs, { bornNs: source.bornNs, lends })
    this.#onUnknown = onUnknown ?? (() => undefined)
  }

  get #v2(): V2Pieces {
    this.#v2Pieces ??= new V2Pieces(this.source.name, this.#secrets())
    return this.#v2Pieces
  }

  get bytesRead(): number {
    return this.#scan.bytesRead
  }

  /** Whole ones, so far. */
  get frames(): number {
    return this.#scan.frames
  }

  get version(): 2 | 3 | null {
    return this.#scan.version
  }

  /** V3 and closed in order: nothing will be added. */
  get isClosed(): boolean {
    return this.#scan.version === 3 && this.#v3.isClosed
  }

  /** What is there now. Throws `unreadable` and `newer_format`. */
  async *now(): AsyncGenerator<CapturePiece[]> {
    for (let found = await this.#scan.more(); found !== null; found = await this.#scan.more()) {
      yield* this.#pieces(found)
    }
    if (this.#scan.version === 2) yield await this.#v2.idle()
  }

  /** What the end of the source tells. Throws `not_a_capture` where it was none. */
  async *end(): AsyncGenerator<CapturePiece[]> {
    yield* this.#pieces(this.#scan.end())
    yield this.#scan.version === 2 ? await this.#v2.end() : this.#v3.end()
  }

  #pieces(found: Iterable<Scanned>): AsyncIterable<CapturePiece[]> | Iterable<CapturePiece[]> {
    return this.#scan.version === 2 ? this.#ofEntries(found) : this.#ofFrames(found)
  }

  /** One by one: each may become much larger than it is in the file. */
  async *#ofEntries(found: Iterable<Scanned>): AsyncGenerator<CapturePiece[]> {
    for (const each of found) if (each.kind !== 'frame') yield await this.#v2.take(each)
  }

  *#ofFrames(found: Iterable<Scanned>): Generator<CapturePiece[]> {
    let pieces: CapturePiece[] = []
    for (const each of found) {
      if (each.kind === 'entry') continue
      if (each.kind === 'frame' && each.record.k === '?') this.#onUnknown(each.record.kind)
      this.#v3.take(each, pieces)
      if (pieces.length < batchPieces) continue
      yield pieces
      pieces = []
    }
    yield pieces
  }
}
