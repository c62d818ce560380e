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

/** Lines put together again. */
export interface ReadLines {
  /** In the order of the lines. */
  pieces: Piece[]
  /** Whose the next lines are. */
  owner: Owner | null
  /** Lines that a crash cut, or that are none of ours: they are left out. */
  damaged: number
}

/** `owner`: whose the lines before these were. */
export function readLines(text: string, owner: Owner | null): ReadLines {
  const pieces: GrowingPiece[] = []
  let [whose, damaged] = [owner, 0]
  for (const line of text.split('\n')) {
    if (line === '') continue
    const entry = entryOf(line)
    if (entry !== null && 'owner' in entry) whose = entry.owner
    else if (entry === null || whose === null) damaged++
    else add(entry, pieceOf(pieces, whose))
  }
  return { pieces, owner: whose, damaged }
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

/** Null: it is none that a database could ever take; one such would keep all that is behind it from being sent. */
function entryOf(line: string): Entry | null {
  try {
    const entry = JSON.parse(line) as Record<string, unknown>
    return isEntry(entry) ? entry : null
  } catch {
    return null
  }
}

function isEntry(entry: Record<string, unknown>): entry is Entry {
  const { owner, record, opened, ended } = entry
  if (owner !== undefined) return isOwner(owner)
  if (ended !== undefined) return Array.isArray(ended) && ended.every((id) => typeof id === 'string')
  return isRecord(record ?? opened)
}

function isOwner(value: unknown): value is Owner {
  const { id, pid, machine } = value as Partial<Owner>
  return typeof id === 'string' && Number.isSafeInteger(pid) && typeof machine === 'string'
}

/** As far as the database insists on it. */
function isRecord(value: unknown): value is UsageRecord {
  const { id, timestamp } = value as Partial<UsageRecord>
  return typeof id === 'string' && !Number.isNaN(Date.parse(timestamp ?? ''))
}
