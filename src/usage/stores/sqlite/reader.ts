import type { DatabaseSyncInstance } from '@photostructure/sqlite'
import type { Piece } from '../../export/piece.ts'
import type { StatsQuery, UsageFilter } from '../../query/filter.ts'
import { isAnswerable } from '../../rollups/answerable.ts'
import { Aggregate, type Stats } from '../../statistics/aggregate.ts'
import { exactUpTo } from '../../statistics/values.ts'
import { means, type SeenField, unseenValues } from '../seen.ts'
import type { Cursor, Page, PageQuery, PiecesQuery } from '../store.ts'
import { addRows } from './add-rows.ts'
import { type Cell, recordJson } from './columns.ts'
import { hasRollups } from './migrations.ts'
import { type Span, SqlitePieces } from './pieces.ts'
import { SqliteRollupReader } from './rollup-reader.ts'
import { all, type Where, whereOf, windowOf } from './where.ts'

interface Row {
  line: string
  at: number
  id: string
}

/** Everything that only reads. Synchronous: it lives in a thread. */
export class SqliteReader {
  readonly #database: DatabaseSyncInstance
  readonly #exactUpTo: number
  readonly #pieces: SqlitePieces

  /** `mostExact`: of so many records percentiles are exact. */
  constructor(database: DatabaseSyncInstance, mostExact = exactUpTo) {
    this.#database = database
    this.#exactUpTo = mostExact
    this.#pieces = new SqlitePieces(database)
  }

  stats(query: StatsQuery): Stats {
    return this.#fromRollups(query) ?? this.#fromRecords(query)
  }

  /** Null where records must answer: roll-ups do not know it, or it is few enough to be exact. */
  #fromRollups(query: StatsQuery): Stats | null {
    if (!isAnswerable(query) || !hasRollups(this.#database)) return null
    this.#database.exec('BEGIN')
    try {
      const rollups = new SqliteRollupReader(this.#database, query, this.#where(query.filter))
      const isFew = rollups.count() <= this.#exactUpTo && this.count(query.filter, this.#exactUpTo) !== null
      return isFew ? null : rollups.stats()
    } finally {
      this.#database.exec('COMMIT')
    }
  }

  #fromRecords(query: StatsQuery): Stats {
    const aggregate = new Aggregate(query)
    addRows(this.#database, aggregate, this.#where(query.filter), 'window')
    return aggregate.result()
  }

  page({ filter, order, after, limit }: PageQuery): Page {
    const direction = order === 'oldest' ? 'ASC' : 'DESC'
    const beyond: Where[] = after
      ? [{ sql: `(timestamp, id) ${order === 'oldest' ? '>' : '<'} (?, ?)`, values: [after.atMs, after.id] }]
      : []
    // In this order: the database seeks the first bound that it finds.
    const where = all([...beyond, this.#where(filter)])
    const rows = this.#rows<Row>(
      `SELECT ${recordJson} AS line, timestamp AS at, id FROM records WHERE ${where.sql}
       ORDER BY timestamp ${direction}, id ${direction} LIMIT ?`,
      [...where.values, limit + 1],
    )
    const shown = rows.slice(0, limit)
    const last = rows.length > limit ? shown.at(-1) : undefined
    return { lines: shown.map(({ line }) => line), next: last ? { atMs: last.at, id: last.id } : null }
  }

  /**
   * Where an export can be divided (`SqlitePieces.cuts`): what a filter asks besides the time is left out. Of sessions
   * there is an index, and what fits is few.
   */
  cuts(filter: UsageFilter, after: Cursor, records: number, most: number): Cursor[] {
    const where = filter.sessionIds.length > 0 ? this.#where(filter) : windowOf(filter)
    return this.#pieces.cuts(where, after, records, most)
  }

  pieces({ filter, format }: PiecesQuery, span: Span): Piece[] {
    return this.#pieces.pieces(this.#where(filter), format, span)
  }

  count(filter: UsageFilter, most: number): number | null {
    const where = this.#where(filter)
    const [row] = this.#rows<{ n: number }>(
      `SELECT count(*) AS n FROM (SELECT 1 FROM records WHERE ${where.sql} LIMIT ?)`,
      [...where.values, most + 1],
    )
    return row === undefined || row.n > most ? null : row.n
  }

  find(beginning: string, limit: number): string[] {
    // Ids are of base32: nothing of a pattern is in them, and no character sorts behind `~`.
    return this.#rows<{ line: string }>(
      `SELECT ${recordJson} AS line FROM records WHERE id >= ? AND id < ? ORDER BY id DESC LIMIT ?`,
      [beginning, `${beginning}~`, limit],
    ).map(({ line }) => line)
  }

  unseen(filter: UsageFilter): string[] {
    const missing = unseenValues(filter, (field, word) =>
      this.#seen(field).some((value) => means(field, word, value)),
    )
    const unknownSessions = filter.sessionIds.filter(
      (id) => this.#rows('SELECT 1 FROM records WHERE session_id = ? LIMIT 1', [id]).length === 0,
    )
    return [...missing, ...unknownSessions.map((id) => `session_id=${id}`)]
  }

  lastTurns(limit: number): { sessionId: string; turn: number }[] {
    return this.#rows<{ sessionId: string; turn: number }>(
      // Of the last records only: a start must not read a ledger of millions.
      `SELECT session_id AS sessionId, max(turn_number) AS turn
       FROM (SELECT session_id, turn_number, timestamp FROM records ORDER BY timestamp DESC, id DESC LIMIT ?)
       WHERE session_id IS NOT NULL AND turn_number IS NOT NULL
       GROUP BY session_id ORDER BY max(timestamp) DESC LIMIT ?`,
      [limit * 4, limit],
    )
  }

  spentSince(fromMs: number): { user: string; nanoUsd: number }[] {
    return this.#rows<{ user: string; nanoUsd: number }>(
      `SELECT proxy_user AS user, sum(cost_usd) AS nanoUsd FROM records
       WHERE timestamp >= ? AND proxy_user IS NOT NULL AND cost_usd IS NOT NULL GROUP BY proxy_user`,
      [fromMs],
    )
  }

  close(): void {
    this.#database.close()
  }

  #where(filter: UsageFilter): Where {
    return whereOf(filter, (field) => this.#seen(field))
  }

  #seen(field: SeenField): string[] {
    return this.#rows<{ value: string }>('SELECT value FROM seen WHERE field = ?', [field]).map(
      ({ value }) => value,
    )
  }

  #rows<T>(sql: string, values: readonly Cell[]): T[] {
    return this.#database.prepare(sql).all(...values) as T[]
  }
}
