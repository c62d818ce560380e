import { closeSync, existsSync, fdatasyncSync, fstatSync, openSync, writeSync } from 'node:fs'
import { createFileBlobs } from '../../dedup/file-blobs.ts'
import { type Blob, isBlob, type Piece } from '../../dedup/pieces.ts'
import { encodeFrame, label } from '../../format/frame.ts'
import type { BodyPart, BodyRecord, CaptureRecord, HeaderRecord } from '../../format/records.ts'
import type { Loss } from './loss.ts'

/** A frame that waits to be written, and what is lost when it cannot be. */
interface Frame {
  bytes: Uint8Array
  /** Null: nothing, its record can be made again. */
  lost: { t: number; bytes: number; exchange: string | undefined } | null
  /** Its first bytes are in the file. */
  isBegun?: true
}

/** Records that can be made again; losses are remembered until they are written. */
const ofFile: ReadonlySet<string> = new Set(['hdr', 'clk', 'bl', 'drop', 'end'])
/** Beyond it a body goes on in another record: a frame that is damaged takes no more with it. */
const maxPlainBytes = 4 << 20
const maxParts = 10_000

/**
 * One open file with one section: appended to, never overwritten. What is appended waits in memory until `flush`.
 * Methods that write throw the system's error.
 */
export class SectionFile {
  readonly path: string
  /** Records with their frames, written or waiting. */
  bytes = 0
  records = 0
  readonly #fd: number
  readonly #blobs = createFileBlobs()
  #waiting: Frame[] = []
  #waitingBytes = 0

  /** `EEXIST`: the file is somebody's. */
  constructor(path: string, header: HeaderRecord) {
    this.#fd = openSync(path, 'ax', 0o600)
    this.path = path
    this.#push({ bytes: label, lost: null })
    this.append(header)
  }

  get waitingBytes(): number {
    return this.#waitingBytes
  }

  append(record: Exclude<CaptureRecord, BodyRecord>): void {
    const isOfFile = ofFile.has(record.k)
    const exchange = 'x' in record && typeof record.x === 'string' ? record.x : undefined
    const bytes = encodeFrame(record)
    this.#push({ bytes, lost: isOfFile ? null : { t: timeOf(record), bytes: bytes.length, exchange } })
    this.records++
  }

  /** The blobs that the file does not have, then the body; several records where it is large. */
  appendBody(record: Omit<BodyRecord, 'd'>, pieces: readonly Piece[]): void {
    let isFirst = true
    for (const group of groupsOf(pieces)) {
      for (const piece of group) if (isBlob(piece)) this.#blob(piece)
      const frame = encodeFrame(bodyRecord(record, group.map(partOf), isFirst))
      this.#push({ bytes: frame, lost: { t: record.t, bytes: bytesOf(group), exchange: record.x } })
      this.records++
      isFirst = false
    }
  }

  /** Writes what waits. When that fails, what did not reach the file is given up. */
  flush(loss: Loss): void {
    if (this.#waitingBytes === 0) return
    const bytes = Buffer.concat(this.#waiting.map((frame) => frame.bytes))
    let written = 0
    try {
      while (written < bytes.length) written += writeSync(this.#fd, bytes, written)
    } catch (error) {
      this.giveUp(loss, written)
      throw error
    }
    this.#waiting = []
    this.#waitingBytes = 0
  }

  /**
   * What waits is lost, but for its first bytes, which are written: the rest of a frame that was begun stays, so that
   * the file is whole again with the next flush.
   */
  giveUp(loss: Loss, written = 0): void {
    const frames = this.#waiting
    this.bytes -= this.#waitingBytes - written
    this.#waiting = []
    this.#waitingBytes = 0
    this.#blobs.forget()
    let end = 0
    for (const { bytes, lost, isBegun } of frames) {
      const start = end
      end += bytes.length
      if (end <= written) continue
      if (start < written) this.#push({ bytes: bytes.subarray(written - start), lost, isBegun: true })
      else if (isBegun) this.#push({ bytes, lost, isBegun })
      else if (lost) loss.add(lost.t, lost.bytes, lost.exchange)
    }
  }

  sync(): void {
    fdatasyncSync(this.#fd)
  }

  /** Somebody removed it: what is written would be seen by nobody. Or moved it, perhaps with its folder. Null: it is there. */
  whatBecame(): 'removed' | 'moved' | null {
    if (fstatSync(this.#fd).nlink === 0) return 'removed'
    return existsSync(this.path) ? null : 'moved'
  }

  /** Ends the section in order. */
  end(t: number, loss: Loss): void {
    try {
      this.append({ k: 'end', t, records: this.records + 1, bytes: this.bytes })
      this.flush(loss)
    } finally {
      this.close()
    }
  }

  /** Nothing more can be written: what waits is lost, also the rest of what was begun. */
  abandon(loss: Loss): void {
    for (const { lost } of this.#waiting) if (lost) loss.add(lost.t, lost.bytes, lost.exchange)
    this.#waiting = []
    this.close()
  }

  close(): void {
    closeSync(this.#fd)
  }

  #blob(blob: Blob): void {
    if (this.#blobs.needs(blob.key, this.bytes)) this.append(blob.record())
  }

  #push(frame: Frame): void {
    this.#waiting.push(frame)
    this.#waitingBytes += frame.bytes.length
    this.bytes += frame.bytes.length
  }
}

/** Written out, for it is made for every chunk. What is left out is told of once. */
function bodyRecord(of: Omit<BodyRecord, 'd'>, d: BodyPart[], isFirst: boolean): BodyRecord {
  const body: BodyRecord = { k: 'b', x: of.x, l: of.l, n: of.n, t: of.t, d }
  if (of.a !== undefined) body.a = of.a
  if (of.more || !isFirst) body.more = true
  if (of.enc !== undefined) body.enc = of.enc
  if (of.omitted !== undefined && isFirst) body.omitted = of.omitted
  return body
}

function groupsOf(pieces: readonly Piece[]): (readonly Piece[])[] {
  const [only] = pieces
  if (pieces.length === 0 || (pieces.length === 1 && only && isSmall(only))) return [pieces]
  const groups: Piece[][] = []
  let plainBytes = 0
  for (const piece of pieces.flatMap(bounded)) {
    const bytes = isBlob(piece) ? 0 : piece.length
    const last = groups.at(-1)
    if (!last || plainBytes + bytes > maxPlainBytes || last.length === maxParts) {
      groups.push([piece])
      plainBytes = bytes
      continue
    }
    last.push(piece)
    plainBytes += bytes
  }
  return groups
}

function bytesOf(pieces: readonly Piece[]): number {
  return pieces.reduce((sum, piece) => sum + (isBlob(piece) ? piece.len : piece.length), 0)
}

function isSmall(piece: Piece): boolean {
  return isBlob(piece) || piece.length <= maxPlainBytes
}

function bounded(piece: Piece): Piece[] {
  if (isBlob(piece) || isSmall(piece)) return [piece]
  const parts: Uint8Array[] = []
  for (let at = 0; at < piece.length; at += maxPlainBytes) parts.push(piece.subarray(at, at + maxPlainBytes))
  return parts
}

function partOf(piece: Piece): BodyPart {
  return isBlob(piece) ? { ref: piece.id, len: piece.len } : piece
}

function timeOf(record: Exclude<CaptureRecord, BodyRecord>): number {
  return 't' in record ? record.t : 0
}
