import { isBlob } from '../../dedup/pieces.ts'
import type { LossRecord } from '../../format/records.ts'
import type { CleanRecord, RecordedExchange } from '../clean-record.ts'
import type { KeptPiece } from './blob-shelf.ts'

/** A record in memory. A body's bytes are in its pieces. */
export interface KeptRecord {
  record: CleanRecord
  /** Null: it is no body. */
  pieces: readonly KeptPiece[] | null
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

/** What they take in a file together, at most. */
export function storedBytes(all: readonly KeptExchange[]): number {
  const counted = new Set<string>()
  let sum = 0
  for (const { records, bytes } of all) {
    sum += bytes
    for (const { pieces } of records) {
      for (const piece of pieces ?? []) {
        if (typeof piece === 'string' || !isBlob(piece) || counted.has(piece.key)) continue
        counted.add(piece.key)
        sum += piece.record().d.length
      }
    }
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
  for (const piece of pieces ?? []) kept.loss.bytes += lengthOf(piece)
}

/** Of a piece as it passed. */
function lengthOf(piece: KeptPiece): number {
  return typeof piece !== 'string' && isBlob(piece) ? piece.len : piece.length
}
