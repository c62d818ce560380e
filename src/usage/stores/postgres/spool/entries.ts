import type { UsageRecord } from '../../../record/record.ts'
import type { Batch, Owner } from '../../store.ts'

/** One line of a spool. Those behind a line with an owner are its. */
type Entry =
  | { owner: Owner }
  | { record: UsageRecord }
  | { opened: UsageRecord }
  | { ended: readonly string[] }

export function linesOf({ records, opened, ended }: Batch): string {
  const entries: Entry[] = [
    ...records.map((record) => ({ record })),
    ...opened.map((record) => ({ opened: record })),
    ...(ended.length > 0 ? [{ ended }] : []),
  ]
  return entries.map((entry) => `${JSON.stringify(entry)}\n`).join('')
}

export function ownerLine(owner: Owner): string {
  return `${JSON.stringify({ owner } satisfies Entry)}\n`
}

/** What several lines of one owner come to. */
export interface Piece {
  owner: Owner
  batch: Batch
}

/** Puts lines together again; what a crash cut, or what is damaged, is left out and counted. */
export class EntryReader {
  #owner: Owner | null = null
  damaged = 0

  /** In the order of the lines. */
  pieces(text: string): Piece[] {
    const pieces: GrowingPiece[] = []
    for (const line of text.split('\n')) {
      const entry = line === '' ? undefined : entryOf(line)
      if (entry === undefined) continue
      if (entry !== null && 'owner' in entry) this.#owner = entry.owner
      else if (entry === null || this.#owner === null) this.damaged++
      else add(entry, pieceOf(pieces, this.#owner))
    }
    return pieces
  }
}

interface GrowingPiece {
  owner: Owner
  batch: { records: UsageRecord[]; opened: UsageRecord[]; ended: string[] }
}

function pieceOf(pieces: GrowingPiece[], owner: Owner): GrowingPiece {
  const last = pieces.at(-1)
  if (last?.owner === owner) return last
  const piece = { owner, batch: { records: [], opened: [], ended: [] } }
  pieces.push(piece)
  return piece
}

function add(entry: Exclude<Entry, { owner: Owner }>, { batch }: GrowingPiece): void {
  if ('record' in entry) batch.records.push(entry.record)
  else if ('opened' in entry) batch.opened.push(entry.opened)
  else batch.ended.push(...entry.ended)
}

/** Null: it is none. */
function entryOf(line: string): Entry | null {
  try {
    const entry = JSON.parse(line) as Entry
    return ['owner', 'record', 'opened', 'ended'].some((key) => Object.hasOwn(entry, key)) ? entry : null
  } catch {
    return null
  }
}
