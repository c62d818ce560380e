import { type Piece, pieceOf } from '../export/piece.ts'
import type { PiecesQuery, UsageStore } from './store.ts'

const recordsPerPage = 2_000

/** An export from pages of lines. */
export async function* piecesOfPages(
  page: UsageStore['page'],
  { filter, format }: PiecesQuery,
): AsyncGenerator<Piece> {
  const asked = { filter, order: 'oldest', limit: recordsPerPage } as const
  let { lines, next } = await page({ ...asked, after: null })
  for (;;) {
    // The next page is read while this one is written.
    const following = next === null ? null : page({ ...asked, after: next })
    following?.catch(() => {})
    if (lines.length > 0) yield pieceOf(lines, format)
    if (following === null) return
    ;({ lines, next } = await following)
  }
}
