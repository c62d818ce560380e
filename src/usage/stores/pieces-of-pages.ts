import { type ExportFormat, type Piece, pieceOf } from '../export/piece.ts'
import type { Page, PageQuery, PiecesQuery } from './store.ts'
import { Given, type ThreadCalls } from './thread-calls.ts'

const recordsPerPage = 2_000

interface PagePiece {
  piece: Piece
  next: Page['next']
}

/** The answer to `pagePiece`, made where the page is read: three megabytes of text are too many for the event loop. */
export function pagePiece({ lines, next }: Page, format: ExportFormat): Given<PagePiece> {
  const piece = pieceOf(lines, format)
  return new Given({ piece, next }, [piece.bytes.buffer])
}

/** An export from a thread that answers `pagePiece`. */
export async function* piecesOfPages(
  reads: Pick<ThreadCalls, 'call'>,
  { filter, format }: PiecesQuery,
): AsyncGenerator<Piece> {
  const read = (after: PageQuery['after']) => {
    const asked: PageQuery = { filter, order: 'oldest', limit: recordsPerPage, after }
    return reads.call<PagePiece>('pagePiece', asked, format)
  }
  let { piece, next } = await read(null)
  for (;;) {
    // The next page is read while this one is written.
    const following = next === null ? null : read(next)
    following?.catch(() => {})
    if (piece.records > 0) yield piece
    if (following === null) return
    ;({ piece, next } = await following)
  }
}
