import { type Piece, piecesOf } from '../../dedup/pieces.ts'
import type { OpenRecord } from '../../format/records.ts'
import type { CleanRecord, RecordedExchange } from '../clean-record.ts'
import type { SectionFile } from './section-file.ts'

/** An exchange of which this file has not the beginning. */

/** `begins`: it is the first record of its exchange in this file. `pieces`: of a body that is already cut. */
export function appendClean(
  file: SectionFile,
  exchange: RecordedExchange,
  record: CleanRecord,
  begins: boolean,
  pieces?: readonly Piece[],
): void {
  if (begins && record.k !== 'xo') {
    const late: OpenRecord = { k: 'xo', x: exchange.x, ...exchange.opened, late: true }
    file.append(late)
  }
  if (record.k !== 'b') return file.append(record)
  file.appendBody(record, pieces ?? piecesOf(record.bytes))
}
