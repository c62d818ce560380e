import { createHash } from 'node:crypto'
import { deflateSync } from 'node:zlib'
import { type CaptureItem, type CapturePiece, isItem } from '../../../src/capture/reader/items.ts'
import { type OpenOptions, openCapture } from '../../../src/capture/reader/open.ts'
import type { CaptureGap } from '../../../src/capture/view/view.ts'
import { fileLabel, frame } from '../format/mini-cbor.ts'

export const startNs = 1764590400500000000n

export function header(fields: object = {}) {
  const redact = { policy: 'overwrite', version: 1 }
  const run = '7c0e3e51-run'
  return {
    k: 'hdr',
    v: 3,
    app: 'llmproxy',
    appv: '0.1.0',
    run,
    sec: 0,
    wall_ns: startNs,
    pid: 1,
    node: '20',
    redact,
    ...fields,
  }
}

export function blob(content: Uint8Array, z: 'none' | 'deflate' = 'deflate') {
  const id = createHash('sha256').update(content).digest().subarray(0, 16)
  return { k: 'bl', id, z, len: content.length, d: z === 'none' ? content : deflateSync(content) }
}

/** Long enough that a reference to it is worth something. */
export const prompt = Buffer.from('You are a careful assistant. '.repeat(40))

/** An exchange of 20 frames with everything in it, in the order of the wire. */
export const sampleRecords: readonly object[] = [
  header(),
  { k: 'xo', x: 'x1', t: 1_000_000, ep: 'openai-chat' },
  {
    k: 'h',
    x: 'x1',
    l: 0,
    t: 1_000_100,
    m: 'POST',
    u: '/v1/chat/completions',
    ver: '1.1',
    hd: [['Host', 'a']],
  },
  blob(prompt),
  {
    k: 'b',
    x: 'x1',
    l: 0,
    n: 0,
    t: 1_000_200,
    d: [Buffer.from('{"p":"'), { ref: blob(prompt).id, len: prompt.length }, Buffer.from('"}')],
  },
  { k: 'e', x: 'x1', l: 0, t: 1_000_300, why: 'eof', bytes: 1168, n: 1 },
  { k: 's', x: 'x1', t: 1_000_400, session: 's1', turn: 1, stream: true },
  {
    k: 'h',
    x: 'x1',
    l: 2,
    a: 1,
    t: 1_100_000,
    m: 'POST',
    u: '/v1/chat/completions',
    hd: [],
    be: 'openai',
    bt: 'openai',
    mod: 'm',
    pr: 'openai-chat',
  },
  { k: 'b', x: 'x1', l: 2, a: 1, n: 0, t: 1_100_100, d: [{ ref: blob(prompt).id, len: prompt.length }] },
  { k: 'e', x: 'x1', l: 2, a: 1, t: 1_100_200, why: 'eof', bytes: 1160, n: 1 },
  {
    k: 'h',
    x: 'x1',
    l: 3,
    a: 1,
    t: 2_000_000,
    st: 200,
    ver: '1.1',
    hd: [['content-type', 'text/event-stream']],
  },
  { k: 'b', x: 'x1', l: 3, a: 1, n: 0, t: 2_000_100, d: [Buffer.from('data: {"a":1}\n\n')] },
  { k: 'b', x: 'x1', l: 1, n: 0, t: 2_000_200, d: [Buffer.from('data: {"a":1}\n\n')] },
  { k: 'clk', t: 2_000_300, wall_ns: startNs + 2_000_300n },
  { k: 'b', x: 'x1', l: 3, a: 1, n: 1, t: 2_100_100, d: [Buffer.from('data: [DONE]\n\n')] },
  { k: 'e', x: 'x1', l: 3, a: 1, t: 2_100_200, why: 'eof', bytes: 29, n: 2 },
  { k: 'b', x: 'x1', l: 1, n: 1, t: 2_100_300, d: [Buffer.from('data: [DONE]\n\n')] },
  { k: 'e', x: 'x1', l: 1, t: 2_100_400, why: 'eof', bytes: 29, n: 2 },
  { k: 'u', x: 'x1', t: 2_100_500, purpose: 'chat', stream: true, outcome: 'complete', attempts: [] },
  { k: 'end', t: 2_200_000, records: 20, bytes: 2000 },
]

/** One section. */
export function capture(records: readonly object[] = sampleRecords): Buffer {
  return Buffer.concat([fileLabel, ...records.map(frame)])
}

/** Where each frame of `capture` begins, and behind the last. */
export function frameOffsets(records: readonly object[] = sampleRecords): number[] {
  const offsets = [fileLabel.length]
  for (const record of records) offsets.push((offsets.at(-1) ?? 0) + frame(record).length)
  return offsets
}

export async function* inPieces(bytes: Uint8Array, size = bytes.length): AsyncGenerator<Uint8Array> {
  const pieces: Uint8Array[] = []
  for (let at = 0; at < bytes.length; at += size) pieces.push(bytes.subarray(at, at + size))
  for await (const piece of pieces) yield piece
}

export interface Read {
  pieces: CapturePiece[]
  items: CaptureItem[]
  gaps: CaptureGap[]
}

export async function readAll(paths: string | string[], options?: OpenOptions): Promise<Read> {
  const pieces: CapturePiece[] = []
  for await (const piece of openCapture(paths, options)) pieces.push(piece)
  return sorted(pieces)
}

/** By way of standard input. */
export function readBytes(bytes: Uint8Array, pieceBytes?: number): Promise<Read> {
  return readAll('-', { stdin: inPieces(bytes, pieceBytes) })
}

export function sorted(pieces: CapturePiece[]): Read {
  return {
    pieces,
    items: pieces.filter(isItem),
    gaps: pieces.filter((piece) => !isItem(piece)) as CaptureGap[],
  }
}

export function textsOf(items: readonly CaptureItem[]): string[] {
  return items
    .filter(({ record }) => record.k === 'b')
    .map((item) => Buffer.from(item.body().bytes).toString())
}
