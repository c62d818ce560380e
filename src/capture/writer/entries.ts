import type { HeaderPairs } from '../../core/http.ts'
import type {
  HeadRecord,
  InterpretationRecord,
  LegEndRecord,
  LegNumber,
  OpenRecord,
  SessionRecord,
} from '../format/records.ts'

/** A head as it passed, with its secrets. */
export interface HeadEntry extends Omit<HeadRecord, 'hd'> {
  hd: HeaderPairs
  /**
   * The content encoding that the leg's bytes have as they are written: left out where they were decoded before, as
   * a client's request is.
   */
  enc?: string
}

/** A body, or a chunk of it, as it passed. Chunks are numbered by the writer. */
export interface BodyEntry {
  k: 'b'
  x: string
  l: LegNumber
  a?: number
  t: number
  /** Lent: they are copied at once. */
  bytes: Uint8Array
}

/** Bytes and chunks are counted by the writer, as they passed. */
export type LegEndEntry = Omit<LegEndRecord, 'bytes' | 'n'>

/** An exchange that closed while nothing is captured: nobody wants to know more of it. */
export interface UnheardEntry {
  k: 'unheard'
  x: string
  t: number
}

/**
 * What is captured, close to the records of the file but not yet redacted, decoded and deduplicated. `t` is of
 * `Clock.monotonicNs`. An exchange begins with `xo` and ends with `u` or `unheard`; what is written of another one is passed over.
 */
export type CaptureEntry =
  | OpenRecord
  | SessionRecord
  | HeadEntry
  | BodyEntry
  | LegEndEntry
  | InterpretationRecord
  | UnheardEntry
