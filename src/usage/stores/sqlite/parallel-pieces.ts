import type { Piece } from '../../export/piece.ts'
import type { Cursor, PiecesQuery } from '../store.ts'
import type { ThreadCalls } from '../thread-calls.ts'
import type { Span } from './pieces.ts'

/** A larger piece takes longer a record: its text no longer stays near the processor. */
const recordsPerPiece = 200
const piecesPerSpan = 5
/** So many are asked for at once, ahead of their need. */
const cutsAtOnce = 100
/** One that a thread works at, and one for it to go on with. */
const spansPerThread = 2
/** An export of fewer is over before a thread has started. */
const spansOfOneThread = 10

/**
 * An export made by the thread that reads, and by a second one where there is one and much to do. Each makes the pieces of
 * a span; they are given in the order of the spans, wherever they were made.
 */
export async function* parallelPieces(
  query: PiecesQuery,
  reads: ThreadCalls,
  openSecond: () => ThreadCalls | null,
): AsyncGenerator<Piece> {
  const threads = [{ calls: reads, asked: 0 }]
  const coming: Promise<Piece[]>[] = []
  let second: ThreadCalls | null = null
  let spans = 0
  try {
    for await (const span of spansOf(query, reads)) {
      if (spans++ === spansOfOneThread) {
        second = openSecond()
        if (second) threads.push({ calls: second, asked: 0 })
      }
      coming.push(makeOf(span, query, threads))
      if (coming.length < threads.length * spansPerThread) continue
      letMemoryGo()
      yield* (await coming.shift()) ?? []
    }
    for (const pieces of coming) yield* await pieces
  } finally {
    await second?.close()
  }
}

/**
 * Where memory is taken for an array, V8 looks at how much of it young ones hold, and frees what nobody has any more from
 * 32 MB on. Without that it waits for 64 MB, and then goes through everything.
 */
function letMemoryGo(): void {
  new ArrayBuffer(1)
}

interface Maker {
  calls: ThreadCalls
  asked: number
}

/** By the thread that has the least to do. */
function makeOf(span: Span, query: PiecesQuery, threads: readonly Maker[]): Promise<Piece[]> {
  const thread = threads.reduce((least, one) => (one.asked < least.asked ? one : least))
  thread.asked++
  const pieces = thread.calls.call<Piece[]>('pieces', query, span).finally(() => thread.asked--)
  // It may fail before its turn comes, or after nobody reads any more.
  pieces.catch(() => {})
  return pieces
}

/** A filter's whole window, divided as its records are now: what comes meanwhile falls into one span or another. */
async function* spansOf({ filter }: PiecesQuery, reads: ThreadCalls): AsyncGenerator<Span> {
  const cutsBehind = (place: Cursor) => {
    const cuts = reads.call<Cursor[]>('cuts', filter, place, recordsPerPiece, cutsAtOnce)
    cuts.catch(() => {})
    return cuts
  }
  // No id sorts before an empty one.
  let after: Cursor = { atMs: filter.fromMs ?? Number.MIN_SAFE_INTEGER, id: '' }
  const last: Cursor = { atMs: filter.untilMs ?? Number.MAX_SAFE_INTEGER, id: '' }
  let asked: Promise<Cursor[]> | null = cutsBehind(after)
  while (asked !== null) {
    const cuts: Cursor[] = await asked
    asked = cuts.length < cutsAtOnce ? null : cutsBehind(cuts.at(-1) ?? last)
    for (let at = 0; at < cuts.length; at += piecesPerSpan) {
      const ends: Cursor[] = cuts.slice(at, at + piecesPerSpan)
      yield { after, ends }
      after = ends.at(-1) ?? last
    }
  }
  yield { after, ends: [last] }
}
