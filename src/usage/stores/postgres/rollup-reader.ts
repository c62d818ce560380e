import type { StatsQuery } from '../../query/filter.ts'
import type { Piece } from '../../rollups/cover.ts'
import { type Ends, keysFor, piecesFor } from '../../rollups/plan.ts'
import type { RollupKey } from '../../rollups/rollup-key.ts'
import { addStored } from '../../rollups/stored-tally.ts'
import { type Unit, unitMs } from '../../rollups/unit.ts'
import { Aggregate, countsAttempts, type Stats } from '../../statistics/aggregate.ts'
import { pagesOfRows } from './add-rows.ts'
import type { Query } from './connection.ts'
import { type Place, type SeenModels, whereOf } from './where.ts'

/** So many roll-ups are read at once, or those of one hour: of a busy year there are millions. */
const mostRollups = 2_000

interface StoredRow {
  key: number
  at: number
  sums: Uint8Array
  sketches: Uint8Array
}

/**
 * Statistics out of roll-ups, and out of records where those do not reach. `query` must be of one transaction that sees
 * one moment: a row is in the roll-ups or is not.
 */
export class PostgresRollupReader {
  readonly #query: Query
  readonly #asked: StatsQuery
  readonly #models: SeenModels
  readonly #pieces: readonly Piece[]
  readonly #keys: ReadonlyMap<number, RollupKey>

  private constructor(
    query: Query,
    asked: StatsQuery,
    models: SeenModels,
    pieces: readonly Piece[],
    keys: ReadonlyMap<number, RollupKey>,
  ) {
    this.#query = query
    this.#asked = asked
    this.#models = models
    this.#pieces = pieces
    this.#keys = keys
  }

  static async of(query: Query, asked: StatsQuery, models: SeenModels): Promise<PostgresRollupReader> {
    const ends = await query<Ends>(
      'SELECT min("timestamp")::float8 AS first, max("timestamp")::float8 AS last FROM llmproxy_records',
    )
    const keys = await query<{ id: number; key: string }>('SELECT id, key FROM llmproxy_rollup_keys')
    return new PostgresRollupReader(
      query,
      asked,
      models,
      piecesFor(asked, ends.rows[0]),
      keysFor(asked, keys.rows),
    )
  }

  /** Records that the roll-ups hold of what is asked. */
  async count(): Promise<number> {
    const pieces = this.#rolledPieces()
    const { rows } = await this.#query<{ records: number | null }>(
      `SELECT sum(records)::float8 AS records
       FROM unnest($1::text[], $2::bigint[], $3::bigint[]) AS piece (unit, from_ms, until_ms)
       JOIN llmproxy_rollup_sums AS rollup
         ON rollup.unit = piece.unit AND begins_ms >= from_ms AND begins_ms < until_ms
       WHERE key = ANY ($4::int[])`,
      [
        ...[
          pieces.map(({ of }) => of),
          pieces.map(({ fromMs }) => fromMs),
          pieces.map(({ untilMs }) => untilMs),
        ],
        [...this.#keys.keys()],
      ],
    )
    return rows[0]?.records ?? 0
  }

  async stats(): Promise<Stats> {
    const aggregate = new Aggregate(this.#asked, true)
    for (const piece of this.#rolledPieces()) await this.#addRolled(aggregate, piece)
    for (const piece of this.#pieces) {
      const isInside = (place: Place) =>
        `rolled AND "timestamp" >= ${place(piece.fromMs)}::bigint AND "timestamp" < ${place(piece.untilMs)}::bigint`
      if (piece.of === 'record') await this.#addRecords(aggregate, isInside, 'time')
      // What took several attempts is in the roll-ups by its last one only.
      else if (countsAttempts(this.#asked)) {
        await this.#addRecords(aggregate, (place) => `${isInside(place)} AND attempts > 1`, 'time')
      }
    }
    await this.#addRecords(aggregate, () => 'NOT rolled', 'coming')
    return aggregate.result()
  }

  #rolledPieces(): (Piece & { of: Unit })[] {
    return this.#pieces.filter((piece): piece is Piece & { of: Unit } => piece.of !== 'record')
  }

  /** By stretches of time, for which both tables are asked: with a limit instead the database reads all for each page. */
  async #addRolled(aggregate: Aggregate, piece: Piece & { of: Unit }): Promise<void> {
    const keys = [...this.#keys.keys()]
    const stretchMs = unitMs[piece.of] * Math.max(1, Math.floor(mostRollups / keys.length))
    for (let fromMs = piece.fromMs; keys.length > 0 && fromMs < piece.untilMs; fromMs += stretchMs) {
      const { rows } = await this.#query<StoredRow>(
        `SELECT s.key, s.begins_ms::float8 AS at, sums, sketches
         FROM llmproxy_rollup_sums AS s JOIN llmproxy_rollup_sketches AS k USING (unit, begins_ms, key)
         WHERE s.unit = $1 AND s.begins_ms >= $2::bigint AND s.begins_ms < $3::bigint AND s.key = ANY ($4::int[])
           AND k.unit = $1 AND k.begins_ms >= $2::bigint AND k.begins_ms < $3::bigint`,
        [piece.of, fromMs, Math.min(fromMs + stretchMs, piece.untilMs), keys],
      )
      for (const { key, at, sums, sketches } of rows) {
        const like = this.#keys.get(key)
        if (like) aggregate.addRolled(like, at, (tally) => addStored(tally, sums, sketches))
      }
    }
  }

  async #addRecords(
    aggregate: Aggregate,
    condition: (place: Place) => string,
    order: 'time' | 'coming',
  ): Promise<void> {
    const fits = (place: Place) =>
      `${condition(place)} AND ${whereOf(this.#asked.filter, this.#models, place)}`
    for await (const rows of pagesOfRows(this.#query, fits, order)) {
      for (const { record, atMs } of rows) aggregate.add(record, atMs)
    }
  }
}
