import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { crc32, inflateSync } from 'node:zlib'
import { type Cbor, decodeCbor } from './cbor.ts'

// biome-ignore lint/suspicious/noExplicitAny: what a file says is what is tested.
export type ReadRecord = { k: string } & Record<string, any>

export interface ReadFile {
  records: ReadRecord[]
  /** Bytes behind the last whole frame. */
  tail: number
  /** Frames in the middle that were passed over: bytes. */
  damaged: number
}

const label = Buffer.from('d9d9f8da6374014043424f52', 'hex')
const sync = Buffer.from('8344f74c5033', 'hex')

/** A V3 file as reference §3.3 has it. Throws where it does not begin as one. */
export function readCapture(path: string): ReadFile {
  const bytes = readFileSync(path)
  if (!bytes.subarray(0, label.length).equals(label)) throw new Error(`${path} has no label`)
  const read: ReadFile = { records: [], tail: 0, damaged: 0 }
  let at = label.length
  while (at < bytes.length) {
    const frame = frameAt(bytes, at)
    if (frame) {
      read.records.push(frame.record)
      at = frame.end
      continue
    }
    const next = nextFrame(bytes, at + 1)
    if (next < 0) {
      read.tail = bytes.length - at
      break
    }
    read.damaged += next - at
    at = next
  }
  return read
}

export function captureFiles(folder: string): string[] {
  return readdirSync(folder)
    .filter((name) => name.endsWith('.cbor'))
    .sort()
    .map((name) => join(folder, name))
}

/** The records of all files of a folder, in their order. */
export function readFolder(folder: string): ReadRecord[] {
  return captureFiles(folder).flatMap((path) => readCapture(path).records)
}

/** A leg's bytes, put together; throws where a blob does not stand before it is referred to. */
export function legBytes(records: readonly ReadRecord[], x: string, l: number, a?: number): Buffer {
  return Buffer.concat(chunksOf(records, x, l, a).map((chunk) => chunk.bytes))
}

export interface ReadChunk {
  n: number
  t: number
  bytes: Buffer
  omitted: number
}

/** A leg's chunks in their order, pieces joined. */
export function chunksOf(records: readonly ReadRecord[], x: string, l: number, a?: number): ReadChunk[] {
  const blobs = new Map<string, Buffer>()
  const chunks = new Map<number, ReadChunk>()
  for (const record of records) {
    if (record.k === 'hdr') blobs.clear()
    if (record.k === 'bl') blobs.set(Buffer.from(record.id).toString('hex'), contentOf(record))
    if (record.k !== 'b' || record.x !== x || record.l !== l || record.a !== a) continue
    const parts = record.d.map((part: Uint8Array | { ref: Uint8Array; len: number }) => {
      if (part instanceof Uint8Array) return part
      const blob = blobs.get(Buffer.from(part.ref).toString('hex'))
      if (blob?.length !== part.len) throw new Error(`chunk ${record.n} refers to a blob that is not there`)
      return blob
    })
    const bytes = Buffer.concat(parts)
    const known = chunks.get(record.n)
    if (Boolean(known) !== (record.more === true)) throw new Error(`chunk ${record.n} is there twice`)
    chunks.set(record.n, {
      ...{ n: record.n, t: record.t, bytes: Buffer.concat([known?.bytes ?? Buffer.alloc(0), bytes]) },
      omitted: (known?.omitted ?? 0) + (record.omitted ?? 0),
    })
  }
  return [...chunks.values()].sort((one, other) => one.n - other.n)
}

/** Everything that can be read in files: their bytes, and the content of what is deflated in them. */
export function everythingIn(paths: readonly string[]): Buffer {
  return Buffer.concat(
    paths.flatMap((path) => [
      readFileSync(path),
      ...readCapture(path)
        .records.filter(({ k }) => k === 'bl')
        .map(contentOf),
    ]),
  )
}

function contentOf({ z, d }: ReadRecord): Buffer {
  return z === 'deflate' ? inflateSync(d) : Buffer.from(d)
}

function frameAt(bytes: Buffer, at: number): { record: ReadRecord; end: number } | null {
  if (at + 16 > bytes.length || !bytes.subarray(at, at + 6).equals(sync)) return null
  if (bytes[at + 6] !== 0x1a || bytes[at + 11] !== 0x5a) return null
  const end = at + 16 + bytes.readUInt32BE(at + 12)
  if (end > bytes.length || crc32(bytes.subarray(at + 12, end)) !== bytes.readUInt32BE(at + 7)) return null
  const { value, end: valueEnd } = decodeCbor(bytes, at + 16)
  if (valueEnd !== end) throw new Error('a frame has more than one record')
  return { record: value as { [key: string]: Cbor } as ReadRecord, end }
}

function nextFrame(bytes: Buffer, from: number): number {
  for (let at = bytes.indexOf(sync, from); at >= 0; at = bytes.indexOf(sync, at + 1)) {
    if (frameAt(bytes, at)) return at
  }
  return -1
}
