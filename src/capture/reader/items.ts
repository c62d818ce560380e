import type { CaptureRecord } from '../format/records.ts'
import type { CaptureGap } from '../view/view.ts'

/** A body as the file has it. */
export interface ResolvedBody {
  readonly bytes: Uint8Array
  /** Of what `bytes` is joined, where it is of stored parts: never written to, and to be kept without a copy. */
  readonly parts?: readonly Uint8Array[]
  /** Bytes that belong to it and are not there: lost blobs, and what the writer left out. */
  missing: number
}

/** One record of a capture, of either format. What it holds belongs to who gets it. */
export interface CaptureItem {
  /**
   * V3: frames count from 0 in their file. V2: the original's entries count so, and several records stand in one;
   * its header, which is none, has the number of the entry behind it.
   */
  entry: number
  /** In the file, of the frame's first byte; 0-based. */
  offset: number
  file: string
  version: 2 | 3
  /**
   * Nanoseconds since 1970, exact to 256 (a double's step there). V3: the section's `wall_ns` plus the record's
   * monotonic `t`, so that differences are durations even where the wall clock was set (`clk` records tell).
   */
  wallNs: number
  /**
   * V2: made from an entry. `hdr` is of `v` 2, an unknown `ep` is '', and `u` is there only of an exchange whose
   * answer is whole in the file.
   */
  record: CaptureRecord
  /**
   * Of a `b` record: its parts with the blobs put in. Reads the file again where a blob is not in memory.
   * Never throws.
   */
  body(): ResolvedBody
}

/**
 * What a reader gives, in the file's order. A `drop` record is given as an item and, right behind it, as a gap of
 * kind `loss`: who gathers gaps need not look at records.
 */
export type CapturePiece = CaptureItem | CaptureGap

export function isItem(piece: CapturePiece): piece is CaptureItem {
  return 'record' in piece
}

export const noBody: ResolvedBody = { bytes: new Uint8Array(0), missing: 0 }
