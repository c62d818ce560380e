import { createSecrets } from '../../core/secrets/secrets.ts'
import { CaptureError } from '../format/capture-error.ts'
import type { BlobRecord, BodyRecord } from '../format/records.ts'
import type { CaptureGap } from '../view/view.ts'
import { blobContent } from './blob-content.ts'
import { BlobPlaces } from './blob-places.ts'
import { blobCache, defaultBlobLimits } from './blobs.ts'
import { type ByteSource, fileSource, streamSource } from './byte-source.ts'
import { filesOf, isFolder } from './capture-files.ts'
import { FileReading } from './file-reading.ts'
import { type CaptureItem, isItem } from './items.ts'
import { OpenLegs } from './open-legs.ts'
import type { VerifiedFile } from './verified-file.ts'

export interface VerifyOptions {
  onProgress?: (bytesRead: number, total: number | null) => void
  stdin?: AsyncIterable<Uint8Array>
}

const maxListed = 10_000

/**
 * Reads a file, all of a folder, or standard input (`-`) to the end and says exactly what is damaged or
 * missing. Memory follows the number of blobs (20 bytes each) and of open exchanges. Throws `CaptureError` as
 * `openCapture` does.
 */
export async function verify(path: string, options: VerifyOptions = {}): Promise<VerifiedFile[]> {
  if (path === '-') {
    return [await verifySource(streamSource('standard input', options.stdin ?? process.stdin), options)]
  }
  if (!(await isFolder(path))) return [await verifySource(await fileSource(path), options)]
  const verified: VerifiedFile[] = []
  for (const file of await filesOf(path)) {
    const source = await fileSource(file)
    verified.push(await verifySource(source, options).catch((error) => noCapture(source, error)))
  }
  return verified
}

/** A file of a folder that is no capture. */
function noCapture(source: ByteSource, error: unknown): VerifiedFile {
  if (!(error instanceof CaptureError) || error.code !== 'not_a_capture') throw error
  const bytes = source.totalBytes ?? 0
  const damage = bytes === 0 ? [] : [{ offset: 0, bytes, isTorn: false, why: error.message }]
  return { ...emptyFile(source.name), bytes, damage, isWhole: bytes === 0 }
}

async function verifySource(source: ByteSource, { onProgress }: VerifyOptions): Promise<VerifiedFile> {
  const findings = new Findings(source.name)
  const reading = new FileReading(source, {
    // Nothing is asked for: contents are looked at as they come.
    cache: blobCache(1),
    lends: true,
    limits: { ...defaultBlobLimits, keptBytes: 1 },
    secrets: createSecrets,
    onUnknown: (kind) => findings.unknown(kind),
  })
  try {
    for (const pieces of [reading.now(), reading.end()]) {
      for await (const batch of pieces) {
        for (const piece of batch) isItem(piece) ? findings.item(piece) : findings.gap(piece)
        onProgress?.(reading.bytesRead, source.totalBytes)
      }
    }
    return findings.result(reading)
  } finally {
    await source.close()
  }
}

class Findings {
  readonly #file: VerifiedFile
  readonly #legs = new OpenLegs()
  /** Those whose content is what their ids say. */
  readonly #blobs = new BlobPlaces()
  /** Of V2's entries that were there, or damaged in their data only. */
  #entries = 0
  #sectionFrom = 0

  constructor(name: string) {
    this.#file = emptyFile(name)
  }

  unknown(kind: string): void {
    count(this.#file.unknown, kind)
  }

  item(item: CaptureItem): void {
    const { record, entry, version } = item
    if (record.k === 'hdr') this.#section(item)
    if (version === 3) this.#frame(item)
    else if (record.k !== 'hdr') this.#entries = Math.max(this.#entries, entry + 1)
    const gap = this.#legs.note(record, entry)
    if (gap) this.#list(this.#file.chunkGaps, gap)
  }

  gap({ kind, offset, bytes, records, why, exchanges }: CaptureGap): void {
    if (kind === 'loss') this.#list(this.#file.losses, { why, records, bytes, exchanges })
    if (kind !== 'damaged' && kind !== 'torn_tail') return
    this.#list(this.#file.damage, { offset: offset ?? 0, bytes, isTorn: kind === 'torn_tail', why })
  }

  result({ version, bytesRead, isClosed, frames }: FileReading): VerifiedFile {
    const file = this.#file
    if (version === 2) file.frames = { hdr: file.sections.length, entry: this.#entries }
    this.#endSection(version === 2 ? this.#entries : frames)
    file.version = version
    file.bytes = bytesRead
    for (const exchange of this.#legs.open()) this.#list(file.open, exchange)
    file.isClosed = version === 2 ? null : isClosed
    file.isWhole = file.damage.length === 0 && file.missingBlobs.length === 0
    return file
  }

  #section({ record, version, wallNs, entry }: CaptureItem): void {
    if (record.k !== 'hdr') return
    this.#endSection(entry)
    const { run, sec } = record
    const isClosed = version === 2 ? null : false
    this.#file.sections.push({ run, sec, startedNs: wallNs, isClosed, records: 0 })
    this.#sectionFrom = entry
  }

  #endSection(nextEntry: number): void {
    const section = this.#file.sections.at(-1)
    if (section) section.records = nextEntry - this.#sectionFrom
  }

  #frame({ record, entry }: CaptureItem): void {
    count(this.#file.frames, record.k)
    const section = this.#file.sections.at(-1)
    if (section && record.k === 'end') section.isClosed = true
    if (record.k === 'bl') this.#blob(record, entry)
    if (record.k === 'b') this.#body(record, entry)
  }

  #blob(record: BlobRecord, entry: number): void {
    if (blobContent(record)) this.#blobs.set(record.id, 0, 0)
    else this.#list(this.#file.missingBlobs, { id: hex(record.id), bytes: record.len, entry, exchange: null })
  }

  #body({ d, x }: BodyRecord, entry: number): void {
    for (const part of d) {
      if (part instanceof Uint8Array || this.#blobs.has(part.ref)) continue
      this.#list(this.#file.missingBlobs, { id: hex(part.ref), bytes: part.len, entry, exchange: x })
    }
  }

  #list<Item>(list: Item[], item: Item): void {
    if (list.length < maxListed) list.push(item)
    else this.#file.unlisted++
  }
}

function emptyFile(file: string): VerifiedFile {
  return {
    file,
    version: null,
    bytes: 0,
    sections: [],
    frames: {},
    unknown: {},
    damage: [],
    missingBlobs: [],
    chunkGaps: [],
    losses: [],
    open: [],
    unlisted: 0,
    isClosed: null,
    isWhole: true,
  }
}

/** Kinds come from the file: none of them is a name that objects have of themselves. */
function count(counts: Record<string, number>, kind: string): void {
  counts[kind] = (Object.hasOwn(counts, kind) ? (counts[kind] ?? 0) : 0) + 1
}

function hex(id: Uint8Array): string {
  return Buffer.from(id.buffer, id.byteOffset, id.length).toString('hex')
}
