import type { Leg } from '../../core/exchange.ts'

/** A frame of a file as people look at it; of the original's files, an entry. */
export interface FrameRow {
  file: string
  version: 2 | 3
  entry: number
  offset: number
  /** Nanoseconds since 1970. */
  atNs: number
  /** The kind of its record, as `records.ts` names it; the most telling where an entry has several. */
  record: string
  /** Null: of the file, not of an exchange. */
  exchange: string | null
  leg: Leg | null
  attempt: number | null
  session: string | null
  backend: string | null
  model: string | null
  /** Milliseconds since the frame before it of the same exchange; null for its first. */
  gapMs: number | null
  /** In one line, what it is. */
  what: string
  /** Chunks count from 0 in their leg. */
  chunk: number | null
  status: number | null
  headers: readonly (readonly [name: string, value: string])[] | null
  /** Of its body; null where it has none. */
  bytes: number | null
  /** Bytes of it that are not in the file. */
  missing: number
  /** The body's beginning, as much as was asked for. */
  data: Uint8Array | null
}
