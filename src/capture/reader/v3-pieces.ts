import { CaptureError } from '../format/capture-error.ts'
import { formatVersion } from '../format/frame.ts'
import type { BodyRecord, CaptureRecord, LossRecord } from '../format/records.ts'
import type { CaptureGap } from '../view/view.ts'
import type { FileBlobs } from './blobs.ts'
import { damageGap } from './gaps.ts'
import { type CaptureItem, type CapturePiece, noBody, type ResolvedBody } from './items.ts'
import type { FoundDamage, FoundFrame } from './scanned.ts'
import { SectionClock } from './section-clock.ts'

/** So many open exchanges are remembered, to be named where a section was not closed. */
const maxOpen = 10_000

export interface PiecesSettings {
  /** Nanoseconds since 1970 at which the file came to be. */
  bornNs: number
  /** Bytes of items are lent until the next read of the file; otherwise they are the items' own. */
  lends: boolean
}

/** Makes items and gaps of one file's frames. */
export class V3Pieces {
  readonly #file: string
  readonly #blobs: FileBlobs
  readonly #clock: SectionClock
  readonly #lends: boolean
  readonly #open = new Set<string>()
  /** A section has begun, and no `end` record has closed it. */
  #isOpen = false
  #isClosed = false

  constructor(file: string, blobs: FileBlobs, { bornNs, lends }: PiecesSettings) {
    this.#file = file
    this.#blobs = blobs
    this.#clock = new SectionClock(bornNs)
    this.#lends = lends
  }

  /** The last frame was an `end`. */
  get isClosed(): boolean {
    return this.#isClosed
  }

  /** Throws `newer_format`. */
  take(found: FoundFrame | FoundDamage, into: CapturePiece[]): void {
    this.#tellBadBlobs(into)
    if (found.kind === 'damage') {
      into.push(damageGap(this.#file, found, this.#clock.lastNs))
      return
    }
    const { record } = found
    if (record.k === 'newer') throw newerFormat(this.#file, record.v)
    if (record.k === '?') return
    if (record.k === 'hdr' || found.afterLabel) this.#endSection(into)
    if (record.k !== 'hdr' && (found.afterLabel || !this.#isOpen)) this.#clock.forget()
    this.#isClosed = record.k === 'end'
    this.#isOpen = !this.#isClosed
    const item = this.#item(found, record)
    into.push(item)
    if (record.k === 'b') this.#tellMissingBlobs(item, record, into)
    else if (record.k === 'xo') {
      if (this.#open.size < maxOpen) this.#open.add(record.x)
    } else if (record.k === 'u') this.#open.delete(record.x)
    else if (record.k === 'drop') into.push(lossGap(item, record))
  }

  /** Of the file. */
  end(): CapturePiece[] {
    const pieces: CapturePiece[] = []
    this.#tellBadBlobs(pieces)
    this.#endSection(pieces)
    return pieces
  }

  #item({ entry, offset, bytes }: FoundFrame, lent: CaptureRecord): V3Item {
    const record = this.#lends ? lent : owned(lent)
    if (record.k === 'bl') this.#blobs.add(record, offset, bytes)
    const item = new V3Item(this.#file, record, this.#blobs)
    item.entry = entry
    item.offset = offset
    item.wallNs = this.#clock.at(record)
    return item
  }

  #endSection(into: CapturePiece[]): void {
    if (!this.#isOpen) return
    this.#isOpen = false
    const exchanges = [...this.#open]
    this.#open.clear()
    const why = 'the recording was not closed in order'
    into.push(this.#gap({ kind: 'not_closed', atNs: this.#clock.lastNs, why, exchanges }))
  }

  #tellMissingBlobs(item: CaptureItem, { d, x }: BodyRecord, into: CapturePiece[]): void {
    const bytes = this.#blobs.missingBytes(d)
    if (bytes === 0) return
    const why = `${bytes} bytes of a body stand in a blob that is not in the file`
    const { offset, wallNs: atNs } = item
    into.push(this.#gap({ kind: 'missing_blob', offset, bytes, records: 1, atNs, why, exchanges: [x] }))
  }

  #tellBadBlobs(into: CapturePiece[]): void {
    for (const { offset, len } of this.#blobs.takeBad()) {
      const why = 'the content of a blob is not what its id says'
      into.push(this.#gap({ kind: 'missing_blob', offset, bytes: len, records: 1, why }))
    }
  }

  #gap(fields: Partial<CaptureGap> & Pick<CaptureGap, 'kind' | 'why'>): CaptureGap {
    return { file: this.#file, offset: null, bytes: 0, records: 0, atNs: null, exchanges: [], ...fields }
  }
}

/** A class: there are millions, and a body is asked for of few kinds. */
class V3Item implements CaptureItem {
  entry = 0
  offset = 0
  readonly file: string
  readonly version = 3
  wallNs = 0
  readonly record: CaptureRecord
  readonly #blobs: FileBlobs

  constructor(file: string, record: CaptureRecord, blobs: FileBlobs) {
    this.file = file
    this.record = record
    this.#blobs = blobs
  }

  body(): ResolvedBody {
    return this.record.k === 'b' ? this.#blobs.resolve(this.record) : noBody
  }
}

export function newerFormat(file: string, version: number): CaptureError {
  const message = `${file} was written by a newer llmproxy (format ${version}; this one reads up to ${formatVersion}): upgrade`
  return new CaptureError('newer_format', message)
}

function lossGap({ file, offset, wallNs }: CaptureItem, { n, bytes, why, x = [] }: LossRecord): CaptureGap {
  return { file, kind: 'loss', offset, bytes, records: n, atNs: wallNs, why: reasons[why], exchanges: x }
}

const reasons = {
  queue_full: 'more came than could be written down',
  writer_lost: 'the thread that wrote was lost',
  disk_full: 'the disk was full',
  disk_error: 'the disk failed',
  cap: 'what may be kept was used up',
} as const

/** With bytes of its own, where it has any. */
function owned(record: CaptureRecord): CaptureRecord {
  if (record.k === 'bl') return { ...record, id: Buffer.from(record.id), d: Buffer.from(record.d) }
  if (record.k !== 'b') return record
  const d = record.d.map((part) =>
    part instanceof Uint8Array ? Buffer.from(part) : { ref: Buffer.from(part.ref), len: part.len },
  )
  return { ...record, d }
}
