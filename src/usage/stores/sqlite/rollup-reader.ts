import type { DatabaseSyncInstance } from '@photostructure/sqlite'
import type { StatsQuery } from '../../query/filter.ts'
import type { Piece } from '../../rollups/cover.ts'
import { type Ends, keysFor, piecesFor } from '../../rollups/plan.ts'
import type { RollupKey } from '../../rollups/rollup-key.ts'
import { addStored } from '../../rollups/stored-tally.ts'
import { Aggregate, countsAttempts, type Stats } from '../../statistics/aggregate.ts'
import { addRows } from './add-rows.ts'
import type { Cell } from './columns.ts'
import { all, type Where } from './where.ts'

/** Statistics out of roll-ups, and out of records where those do not reach. */
export class SqliteRollupReader {
  readonly #database: DatabaseSyncInstance
  readonly #query: StatsQuery
  readonly #where: Where
  readonly #byAttempt: boolean
  readonly #pieces: readonly Piece[]
  readonly #keys: ReadonlyMap<number, RollupKey>
  readonly #upTo: number

  /** `where` is the query's filter. All must happen in one transaction, so that rows and roll-ups are of one moment. */
  constructor(database: DatabaseSyncInstance, query: StatsQuery, where: Where) {
    this.#database = database
    this.#query = query
    this.#where = where
    this.#byAttempt = countsAttempts(query)
    const [rolled] = this.#rows<{ upTo: number; weekMs: number }>(
      'SELECT up_to AS upTo, week_ms AS weekMs FROM rolled',
    )
    this.#upTo = rolled?.upTo ?? 0
    this.#pieces = this.#cover(rolled?.weekMs ?? 0)
    this.#keys = keysFor(query, this.#rows('SELECT id, key FROM rollup_keys'))
  }

  /** Records that the roll-ups hold of what is asked. */
  count(): number {
    return this.#rolledPieces()
      .map(
        (piece) =>
          this.#rows<{ records: number | null }>(
            `SELECT sum(records) AS records FROM rollup_sums WHERE ${inPiece}`,
            this.#valuesOf(piece),
          )[0]?.records ?? 0,
      )
      .reduce((sum, records) => sum + records, 0)
  }

  stats(): Stats {
    const aggregate = new Aggregate(this.#query, true)
    for (const piece of this.#rolledPieces()) this.#addRolled(aggregate, piece)
    for (const piece of this.#pieces) {
      const inside: Where = {
        sql: 'rowid <= ? AND timestamp >= ? AND timestamp < ?',
        values: [this.#upTo, piece.fromMs, piece.untilMs],
      }
      if (piece.of === 'record') this.#addRecords(aggregate, [inside], 'window')
      // What took several attempts is in the roll-ups by its last one only.
      else if (this.#byAttempt) {
        this.#addRecords(aggregate, [inside, { sql: 'attempts > 1', values: [] }], 'triedAgain')
      }
    }
    this.#addLater(aggregate)
    return aggregate.result()
  }

  #rolledPieces(): Piece[] {
    return this.#pieces.filter(({ of }) => of !== 'record')
  }

  #addRolled(aggregate: Aggregate, piece: Piece): void {
    const statement = this.#database.prepare(
      `SELECT key, begins_ms AS at, sums, sketches
       FROM rollup_sums JOIN rollup_sketches USING (unit, begins_ms, key) WHERE ${inPiece}`,
    )
    for (const row of statement.iterate(...this.#valuesOf(piece))) {
      const { key, at, sums, sketches } = row as {
        key: number
        at: number
        sums: Uint8Array
        sketches: Uint8Array
      }
      const like = this.#keys.get(key)
      if (like) aggregate.addRolled(like, at, (tally) => addStored(tally, sums, sketches))
    }
  }

  #addRecords(aggregate: Aggregate, parts: readonly Where[], walk: 'window' | 'triedAgain'): void {
    addRows(this.#database, aggregate, all([this.#where, ...parts]), walk)
  }

  /** What is not rolled up yet, in the order in which it came. */
  #addLater(aggregate: Aggregate): void {
    const later: Where = { sql: 'rowid > ?', values: [this.#upTo] }
    addRows(this.#database, aggregate, all([later, this.#where]), 'added')
  }

  #cover(weeksUntilMs: number): Piece[] {
    const [ends] = this.#rows<Ends>(
      `SELECT (SELECT min(timestamp) FROM records) AS first, (SELECT max(timestamp) FROM records) AS last`,
    )
    return piecesFor(this.#query, ends, weeksUntilMs)
  }

  #valuesOf({ of, fromMs, untilMs }: Piece): Cell[] {
    return [of, fromMs, untilMs, JSON.stringify([...this.#keys.keys()])]
  }

  #rows<T>(sql: string, values: readonly Cell[] = []): T[] {
    return this.#database.prepare(sql).all(...values) as T[]
  }
}

const inPiece = 'unit = ? AND begins_ms >= ? AND begins_ms < ? AND key IN (SELECT value FROM json_each(?))'
