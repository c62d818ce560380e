import { deflateSync } from 'node:zlib'
import type { CaptureItem } from '../../../../src/capture/reader/items.ts'
import { cbor, Float } from '../../format/mini-cbor.ts'

export const createdAt = 1764590400.5

/** A header as the original writes it. */
export function v2Header(sessionId = 's1', created = createdAt): Buffer {
  return cbor({
    magic: 'LLMPROXY-CAPTURE-V2',
    version: 2,
    created_at: new Float(created),
    session_id: sessionId,
    metadata: { config_file: null },
  })
}

export interface EntryFields {
  /** Seconds after the header. */
  at?: number
  ts?: unknown
  seq?: number
  enc?: string
  meta?: object
}

let seq = 0

/** Entries from here on are numbered from 0. */
export function restart(): void {
  seq = 0
}

/** An entry as the original writes it, zlib where it is smaller. */
export function v2Entry(dir: number, data: string | Uint8Array, fields: EntryFields = {}): Buffer {
  const number = fields.seq ?? seq++
  const bytes = Buffer.from(data as string)
  const deflated = bytes.length > 128 ? deflateSync(bytes) : bytes
  const isSmaller = deflated.length < bytes.length && fields.enc === undefined
  return cbor({
    ts: fields.ts ?? new Float(createdAt + (fields.at ?? number / 10)),
    dir,
    seq: number,
    data: isSmaller ? deflated : bytes,
    enc: isSmaller ? 'zlib' : fields.enc,
    meta: fields.meta,
  })
}

/** `COMMAND leg attempt detail`, a line for each record, to be read by people. */
export function linesOf(items: readonly CaptureItem[]): string[] {
  return items.map(({ record, body }) => {
    const leg = 'l' in record ? ` ${['ctp', 'ptc', 'ptb', 'btp'][record.l]}${record.a ?? ''}` : ''
    const of = 'x' in record ? ` ${record.x}` : ''
    const text = record.k === 'b' ? ` ${record.n} ${Buffer.from(body().bytes)}` : ''
    return `${record.k}${of}${leg}${text}`
  })
}
