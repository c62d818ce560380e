import { CaptureError } from '../format/capture-error.ts'
import { formatVersion } from '../format/frame.ts'
import type { BodyRecord, CaptureRecord, LossRecord } from '../format/records.ts'
import type { CaptureGap } from '../view/view.ts'
import type { FileBlobs } from './blobs.ts'
import { damageGap } from './gaps.ts'
import { type CaptureItem, type CapturePiece, noBody } from './items.ts'
import type { FoundDamage, FoundFrame } from './scanned.ts'
import { SectionClock } from './section-clock.ts'

/** So many open exchanges are remembered, to be named where a section was not closed. */
const maxOpen = 10_000

/** Makes items and gaps of one file's frames; they own their bytes. */
export class V3Pieces {
  readonly #file: string
  readonly #blobs: FileBlobs
  readonly #clock: SectionClock
  readonly #open = new Set<string>()
  /** A section has begun, and no `end` record has closed it. */
  #isOpen = false
  #isClosed = false

  /** `bornNs`: when the file came to be, nanoseconds since 1970. */
  constructor(file: string, bornNs: number, blobs: FileBlobs) {
    this.#file = file
    this.#blobs = blobs
    this.#clock = new SectionClock(bornNs)
  }

  /** The last frame was an `end`. */
  get isClosed(): boolean {
    return this.#isClosed
  }

  /** Throws `newer_format`. */
  take(found: FoundFrame | FoundDamage): CapturePiece[] {
    const pieces = this.#badBlobs()
    if (found.kind === 'damage') return [...pieces, damageGap(this.#file, found, this.#clock.lastNs)]
    const { record } = found
    if (record.k === 'newer') throw newerFormat(this.#file, record.v)
    if (record.k === '?') return pieces
    if (record.k === 'hdr' || found.afterLabel) pieces.push(...this.#endSection())
    if (record.k !== 'hdr' && (found.afterLabel || !this.#isOpen)) this.#clock.forget()
    this.#isClosed = record.k === 'end'
    this.#isOpen = !this.#isClosed
    const item = this.#item(found, record)
    pieces.push(item)
    if (record.k === 'xo' && this.#open.size < maxOpen) this.#open.add(record.x)
    else if (record.k === 'u') this.#open.delete(record.x)
    else if (record.k === 'drop') pieces.push(lossGap(item, record))
    else if (record.k === 'b') pieces.push(...this.#missingBlobs(item, record))
    return pieces
  }

  /** Of the file. */
  end(): CapturePiece[] {
    return [...this.#badBlobs(), ...this.#endSection()]
  }

  #item({ entry, offset, frame }: FoundFrame, lent: CaptureRecord): CaptureItem {
    const record = owned(lent)
    if (record.k === 'bl') this.#blobs.add(record, offset, frame.length)
    const wallNs = this.#clock.at(record)
    const blobs = this.#blobs
    const body = record.k === 'b' ? () => blobs.resolve(record) : () => noBody
    return { entry, offset, file: this.#file, version: 3, wallNs, record, body }
  }

  #endSection(): CaptureGap[] {
    if (!this.#isOpen) return []
    this.#isOpen = false
    const exchanges = [...this.#open]
    this.#open.clear()
    const why = 'the recording was not closed in order'
    return [this.#gap({ kind: 'not_closed', atNs: this.#clock.lastNs, why, exchanges })]
  }

  #missingBlobs(item: CaptureItem, { d, x }: BodyRecord): CaptureGap[] {
    const bytes = this.#blobs.missingBytes(d)
    if (bytes === 0) return []
    const why = `${bytes} bytes of a body stand in a blob that is not in the file`
    const { offset, wallNs: atNs } = item
    return [this.#gap({ kind: 'missing_blob', offset, bytes, records: 1, atNs, why, exchanges: [x] })]
  }

  #badBlobs(): CapturePiece[] {
    return this.#blobs.takeBad().map(({ offset, len }) => {
      const why = 'the content of a blob is not what its id says'
      return this.#gap({ kind: 'missing_blob', offset, bytes: len, records: 1, why })
    })
  }

  #gap(fields: Partial<CaptureGap> & Pick<CaptureGap, 'kind' | 'why'>): CaptureGap {
    return { file: this.#file, offset: null, bytes: 0, records: 0, atNs: null, exchanges: [], ...fields }
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
