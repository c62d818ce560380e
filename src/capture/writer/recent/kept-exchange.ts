import { isBlob, type Piece } from '../../dedup/pieces.ts'
import type { LossRecord } from '../../format/records.ts'
import type { CleanRecord, RecordedExchange } from '../clean-record.ts'

/** A record in memory. A body's bytes are in its pieces. */
export interface KeptRecord {
  record: CleanRecord
  /** Null: it is no body. */
  pieces: readonly Piece[] | null
  /** But for its blobs. */
  bytes: number
}

/** An exchange in memory, as far as it is there. */
export interface KeptExchange {
  exchange: RecordedExchange
  records: KeptRecord[]
  /** But for its blobs. */
  bytes: number
  isClosed: boolean
  /** What had to be left out in its middle. */
  loss: LossRecord | null
  /** The file in which all that is kept of it stands, and what will follow. */
  savedIn: string | null
}

/** What it takes in a file, at most. */
export function storedBytes({ records, bytes }: KeptExchange): number {
  let sum = bytes
  for (const { pieces } of records) {
    for (const piece of pieces ?? []) if (isBlob(piece)) sum += piece.record().d.length
  }
  return sum
}

/** A body that has left. */
export function noteLoss(kept: KeptExchange, { record, pieces }: KeptRecord): void {
  const { t, x } = record
  kept.loss ??= { k: 'drop', t, from: t, to: t, n: 0, bytes: 0, why: 'cap', x: [x] }
  kept.loss.t = Math.max(kept.loss.t, t)
  kept.loss.to = Math.max(kept.loss.to, t)
  kept.loss.from = Math.min(kept.loss.from, t)
  kept.loss.n++
  for (const piece of pieces ?? []) kept.loss.bytes += isBlob(piece) ? piece.len : piece.length
}
