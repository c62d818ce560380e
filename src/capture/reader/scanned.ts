import type { DecodedRecord } from '../format/decode-record.ts'
import type { V2Entry, V2Header } from './v2/entry.ts'

/** A whole frame. Byte strings in its record are lent until the next read. */
export interface FoundFrame {
  kind: 'frame'
  /** Counts from 0 in the file. */
  entry: number
  offset: number
  /** Of the whole frame. */
  bytes: number
  record: DecodedRecord
  /** A label stands right before it: a section begins. */
  afterLabel: boolean
}

/** A stretch of the file in which nothing can be read. */
export interface FoundDamage {
  kind: 'damage'
  offset: number
  bytes: number
  /** It is the beginning of a frame that the end of the file cut. */
  isTorn: boolean
  why: string
}

/** An entry or a header of the original's format. */
export interface FoundEntry {
  kind: 'entry'
  /** Counts from 0 in the file; a header has the number of the entry behind it. */
  entry: number
  offset: number
  bytes: number
  content: V2Entry | V2Header
}

export type Scanned = FoundFrame | FoundEntry | FoundDamage

/** Finds what is whole in a window, without I/O. */
export interface Scanner {
  readonly version: 2 | 3
  /** Frames or entries found so far. */
  readonly found: number
  /**
   * The next find; null where the window ends before it (`wanted` says by how much), or all is told of one
   * that ended.
   */
  next(): Scanned | null
}
