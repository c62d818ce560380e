import type { ChunkGap, OpenExchange } from './open-legs.ts'

export interface Damage {
  offset: number
  bytes: number
  /** The end of the file cut a frame. */
  isTorn: boolean
  why: string
}

export interface VerifiedSection {
  run: string
  sec: number
  /** Nanoseconds since 1970. */
  startedNs: number
  /** Its `end` record is there. V2 has none: null. */
  isClosed: boolean | null
  /** V3: whole frames, the header's included. V2: entries. */
  records: number
}

export interface MissingBlob {
  /** Hex. */
  id: string
  bytes: number
  /** The frame that refers to it; of a blob whose content is not what its id says, its own. */
  entry: number
  exchange: string | null
}

export interface KnownLoss {
  why: string
  records: number
  bytes: number
  exchanges: readonly string[]
}

/** What is in a file, and what is not. */
export interface VerifiedFile {
  file: string
  /** Null: no capture, found in a folder. */
  version: 2 | 3 | null
  bytes: number
  sections: VerifiedSection[]
  /** By kind; of V2 `hdr` and `entry`. */
  frames: Record<string, number>
  /** By kind, of those that this program does not know. */
  unknown: Record<string, number>
  damage: Damage[]
  missingBlobs: MissingBlob[]
  /** Chunks that are missing between others: lost by the writer, with a damaged frame, or left out by `recover`. */
  chunkGaps: ChunkGap[]
  /** By `drop` records; of V2, by what is missing of the sequence numbers. */
  losses: KnownLoss[]
  /** Exchanges that had not closed when the file ended. */
  open: OpenExchange[]
  /** Of the lists above, what is beyond the first 10,000. */
  unlisted: number
  /** In order, by an `end` record; null where that cannot be known (V2). */
  isClosed: boolean | null
  /** Every byte of it can be read, and every blob that it needs is there. */
  isWhole: boolean
}

/**
 * 0: all files are whole. What a process that was killed, or a disk that was full, left out is told but is no
 * damage: all that was written can be read. 1: something that was written cannot be.
 */
export function verifyExitCode(files: readonly VerifiedFile[]): 0 | 1 {
  return files.every(({ isWhole }) => isWhole) ? 0 : 1
}
