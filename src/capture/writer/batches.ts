import type { SecretKind } from '../../core/secrets/mark.ts'
import type { LegEndRecord, LegNumber, LossReason } from '../format/records.ts'
import type { CaptureEntry } from './entries.ts'

// What the main thread tells the one that writes: one buffer of many entries, so that each costs a copy and no more.
// A batch is [monotonic ns: f64, wall ms: f64], then entries. A body is [kind, leg, attempt: u16, exchange: u32,
// chunk: u32, length: u32, t: f64, bytes]; everything else is [kind, 0, 0, 0, exchange: u32, length: u32, JSON].

export const batchHeadBytes = 16
const bodyHeadBytes = 24
const noteHeadBytes = 12
const bodyKind = 1
const noteKind = 2

/** In the place of a content encoding: nobody heard the head. */
export const unknownEncoding = '?'

/** A JSON text has at most so many bytes for each UTF-16 unit. */
const bytesPerUnit = 3

/** What only the two threads say to each other. Exchanges have numbers there. */
export type ThreadNote =
  /** `late`: what passed of it before is not captured, or elsewhere. */
  | { k: 'xo'; x: string; t: number; ep: string; late?: boolean }
  /** The leg's bytes are encoded so. `late`: its first ones were not heard. */
  | { k: 'leg'; l: LegNumber; a?: number; enc: string; late?: boolean }
  | LegEndRecord
  | Exclude<CaptureEntry, { k: 'xo' | 'b' | 'e' }>
  | { k: 'secret'; value: string; kind: SecretKind }
  /** Entries that were dropped; `open` are all exchanges that have not closed since. */
  | {
      k: 'drop'
      from: number
      to: number
      n: number
      bytes: number
      why: LossReason
      x: string[]
      open: number[]
    }

export interface BodyOfBatch {
  exchange: number
  l: LegNumber
  /** 0: none. */
  a: number
  n: number
  t: number
  /** Of the batch's memory. */
  bytes: Uint8Array
}

export interface NoteOfBatch {
  exchange: number
  note: ThreadNote
}

export type EntryOfBatch = BodyOfBatch | NoteOfBatch

export function bodySize(bytes: Uint8Array): number {
  return bodyHeadBytes + bytes.length
}

/** At most. */
export function noteSize(json: string): number {
  return noteHeadBytes + json.length * bytesPerUnit
}

/** Both return where the entry ends; `bodySize` or `noteSize` bytes must be free at `at`. */
export function writeBody(into: Buffer, at: number, body: BodyOfBatch): number {
  into[at] = bodyKind
  into[at + 1] = body.l
  into.writeUInt16LE(body.a, at + 2)
  into.writeUInt32LE(body.exchange, at + 4)
  into.writeUInt32LE(body.n, at + 8)
  into.writeUInt32LE(body.bytes.length, at + 12)
  into.writeDoubleLE(body.t, at + 16)
  into.set(body.bytes, at + bodyHeadBytes)
  return at + bodyHeadBytes + body.bytes.length
}

export function writeNote(into: Buffer, at: number, exchange: number, json: string): number {
  const length = into.write(json, at + noteHeadBytes)
  into.writeUInt32LE(noteKind, at)
  into.writeUInt32LE(exchange, at + 4)
  into.writeUInt32LE(length, at + 8)
  return at + noteHeadBytes + length
}

export function writeBatchHead(into: Buffer, monotonicNs: number, wallMs: number): void {
  into.writeDoubleLE(monotonicNs, 0)
  into.writeDoubleLE(wallMs, 8)
}

export interface Batch {
  monotonicNs: number
  wallMs: number
  entries: EntryOfBatch[]
}

export function readBatch(memory: ArrayBuffer): Batch {
  const batch = Buffer.from(memory)
  const entries: EntryOfBatch[] = []
  for (let at = batchHeadBytes; at < batch.length; ) {
    const isBody = batch[at] === bodyKind
    const start = at + (isBody ? bodyHeadBytes : noteHeadBytes)
    const end = start + batch.readUInt32LE(at + (isBody ? 12 : 8))
    entries.push(isBody ? bodyAt(batch, at, start, end) : noteAt(batch, at, start, end))
    at = end
  }
  return { monotonicNs: batch.readDoubleLE(0), wallMs: batch.readDoubleLE(8), entries }
}

function bodyAt(batch: Buffer, at: number, start: number, end: number): BodyOfBatch {
  return {
    exchange: batch.readUInt32LE(at + 4),
    l: (batch[at + 1] ?? 0) as LegNumber,
    a: batch.readUInt16LE(at + 2),
    n: batch.readUInt32LE(at + 8),
    t: batch.readDoubleLE(at + 16),
    bytes: batch.subarray(start, end),
  }
}

function noteAt(batch: Buffer, at: number, start: number, end: number): NoteOfBatch {
  return {
    exchange: batch.readUInt32LE(at + 4),
    note: JSON.parse(batch.toString('utf8', start, end)) as ThreadNote,
  }
}
