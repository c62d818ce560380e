import type { OptOutChange } from '../../core/opt-out-change.ts'
import type { ExportFormat, Piece } from '../export/piece.ts'
import type { StatsQuery, UsageFilter } from '../query/filter.ts'
import type { UsageRecord } from '../record/record.ts'
import type { Stats } from '../statistics/aggregate.ts'

/** One group commit: what closed, and what is open now. */
export interface Batch {
  records: readonly UsageRecord[]
  /** Exchanges that have been open longer than one commit, as they are to be recorded if their owner dies. */
  opened: readonly UsageRecord[]
  /** Ids of those of earlier batches that are open no more. */
  ended: readonly string[]
}

export interface Appended {
  stored: number
  /** Had been stored before: a batch that was sent twice. */
  known: number
  /** Ids of records that carry the id of another exchange: an error, and not stored. */
  conflicts: readonly string[]
  /** Records that are safe on this machine and not in the store yet, and why: those of this batch, and earlier ones. */
  unsent?: { records: number; code: StoreErrorCode; message: string }
}

/** Where a page begins: behind this record. */
export interface Cursor {
  atMs: number
  id: string
}

export interface PageQuery {
  filter: UsageFilter
  order: 'newest' | 'oldest'
  after: Cursor | null
  limit: number
}

/** Records as JSON text, one each: what is only passed on is not taken apart. */
export interface Page {
  lines: readonly string[]
  next: Cursor | null
}

/** Everything that fits, as an export. */
export interface PiecesQuery {
  filter: UsageFilter
  format: ExportFormat
}

/** A process that writes to the store; two may share one. */
export interface Owner {
  id: string
  pid: number
  /** Tells this machine and boot from others, and says nothing of them. */
  machine: string
}

/** So many opt-outs are kept; of more the newest. */
export const mostOptOuts = 10_000

export interface OptOutsSince {
  changes: readonly OptOutChange[]
  /** Where to go on; smaller than what was asked for: begin anew. */
  newest: number
}

/** An owner that was not heard of for so long is gone, though its process number may be taken again. */
export const silentAfterMs = 30_000

/** What was done to a store that could not be used as it was; one line each, for the start to say. */
export type StoreNotice = string

/**
 * Keeps usage records. All is asked by message, for a store lives in a thread of its own: its answers are plain
 * data. Errors: `StoreError`.
 */
export interface UsageStore {
  /** Makes sure that it can be written; until then every call tries it again. */
  prepare(): Promise<void>
  /** Writes a batch whole or not at all. */
  append(owner: Owner, batch: Batch): Promise<Appended>
  /** Records what was open when its owner went away; says how many. The caller counts as there. */
  closeOrphans(owner: Owner, nowMs: number): Promise<number>
  /** The owner leaves in order. */
  release(owner: Owner): Promise<void>
  stats(query: StatsQuery): Promise<Stats>
  page(query: PageQuery): Promise<Page>
  /**
   * All that fits, oldest first, each record that was there before exactly once. Who reads no further ends it with
   * `return`, and nothing goes on being read; who reads slowly has some megabytes waiting.
   */
  pieces(query: PiecesQuery): AsyncGenerator<Piece>
  /** Exact up to `most`; null: there are more. */
  count(filter: UsageFilter, most: number): Promise<number | null>
  /** Records whose id begins so, newest first. */
  find(beginning: string, limit: number): Promise<readonly string[]>
  /** Values of a filter that no record ever had, as `name=value`. */
  unseen(filter: UsageFilter): Promise<readonly string[]>
  /** The last turn of the sessions seen last. */
  lastTurns(limit: number): Promise<readonly { sessionId: string; turn: number }[]>
  /** What each access key's exchanges cost since then. */
  spentSince(fromMs: number): Promise<readonly { user: string; nanoUsd: number }[]>
  /**
   * Keeps changes of opt-outs, where they are newer than what is there, and gives everybody's since then; null: this
   * store keeps none.
   */
  exchangeOptOuts(changes: readonly OptOutChange[], after: number): Promise<OptOutsSince | null>
  /** Records and opt-outs; says how many records were removed. */
  removeBefore(beforeMs: number): Promise<number>
  /** Records that were moved out of what is kept at hand. */
  archived(): Promise<number>
  close(): Promise<void>
}

/** What a store is opened with. */
export interface StoreSettings {
  /** Nothing is written, not even a form that is older brought up to date. */
  readOnly: boolean
  machine: string
  /** The JSON file: how many records are kept in memory, and how often it is written anew. */
  mostRecords: number
  flushIntervalMs: number
  /** PostgreSQL: the folder where batches wait until the database has confirmed them; not given: they do not. */
  spoolFolder?: string
  onNotice: (notice: StoreNotice) => void
}

export type StoreErrorCode =
  | 'disk_full'
  | 'read_only'
  | 'busy'
  | 'damaged'
  | 'unreachable'
  | 'lost'
  | 'failed'

/** A store could not do what it was asked; nothing of it was done. */
export class StoreError extends Error {
  readonly code: StoreErrorCode

  constructor(code: StoreErrorCode, message: string, options?: { cause?: unknown }) {
    super(message, options)
    this.name = 'StoreError'
    this.code = code
  }
}
