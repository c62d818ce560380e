import type { DatabaseSyncInstance, StatementSyncInstance } from '@photostructure/sqlite'
import type { Increment } from '../../rollups/roll.ts'
import { addStored, sketchBytes, sumsBytes } from '../../rollups/stored-tally.ts'
import type { Unit } from '../../rollups/unit.ts'
import { Tally } from '../../statistics/tally.ts'

interface Stored {
  sums: Uint8Array
  sketches: Uint8Array
}

/** Keys by numbers, from the first to the last. */
export interface Keys {
  first: number
  last: number
}
const everyKey: Keys = { first: 0, last: Number.MAX_SAFE_INTEGER }

/** The tables of roll-ups, as who writes them needs them. */
export class SqliteRollupTables {
  readonly #database: DatabaseSyncInstance
  readonly #find: StatementSyncInstance
  readonly #putSums: StatementSyncInstance
  readonly #putSketches: StatementSyncInstance
  readonly #ids = new Map<string, number>()

  constructor(database: DatabaseSyncInstance) {
    this.#database = database
    this.#find = database.prepare(
      `SELECT sums, sketches FROM rollup_sums JOIN rollup_sketches USING (unit, begins_ms, key)
       WHERE unit = ? AND begins_ms = ? AND key = ?`,
    )
    this.#putSums = database.prepare(
      `INSERT INTO rollup_sums (unit, begins_ms, key, records, sums) VALUES (?, ?, ?, ?, ?)
       ON CONFLICT DO UPDATE SET records = excluded.records, sums = excluded.sums`,
    )
    this.#putSketches = database.prepare(
      `INSERT INTO rollup_sketches (unit, begins_ms, key, sketches) VALUES (?, ?, ?, ?)
       ON CONFLICT DO UPDATE SET sketches = excluded.sketches`,
    )
  }

  /** Adds to those that are there; `means` leaves some out, by when they begin and the number of their key. */
  add(
    unit: Unit,
    increments: readonly Increment[],
    means?: (beginsMs: number, key: number) => boolean,
  ): void {
    for (const { beginsMs, key, tally } of increments) {
      const id = this.#idOf(key)
      if (means && !means(beginsMs, id)) continue
      const stored = this.#find.get(unit, beginsMs, id) as Stored | undefined
      if (stored) addStored(tally, stored.sums, stored.sketches)
      this.#put(unit, beginsMs, id, tally)
    }
  }

  /** Makes those of a unit that begins then out of all finer ones in it. */
  make(unit: Unit, beginsMs: number, finer: Unit, untilMs: number, keys: Keys = everyKey): void {
    const statement = this.#database.prepare(
      `SELECT key, sums, sketches FROM rollup_sums JOIN rollup_sketches USING (unit, begins_ms, key)
       WHERE unit = ? AND begins_ms >= ? AND begins_ms < ? AND key BETWEEN ? AND ?`,
    )
    const made = new Map<number, Tally>()
    for (const row of statement.iterate(finer, beginsMs, untilMs, keys.first, keys.last)) {
      const { key, sums, sketches } = row as Stored & { key: number }
      const tally = made.get(key) ?? new Tally(true)
      made.set(key, tally)
      addStored(tally, sums, sketches)
    }
    for (const [key, tally] of made) this.#put(unit, beginsMs, key, tally)
  }

  /** Removes those of a unit that begin in this time. */
  remove(unit: Unit, { fromMs, untilMs }: { fromMs: number; untilMs: number }): void {
    for (const table of ['rollup_sums', 'rollup_sketches']) {
      this.#database
        .prepare(`DELETE FROM ${table} WHERE unit = ? AND begins_ms >= ? AND begins_ms < ?`)
        .run(unit, fromMs, untilMs)
    }
  }

  /** The first and the last beginning of a unit's from a time on; null where there is none. */
  ends(unit: Unit, fromMs: number): { first: number | null; last: number | null } {
    return this.#database
      .prepare(
        `SELECT (SELECT min(begins_ms) FROM rollup_sums WHERE unit = ?1 AND begins_ms >= ?2) AS first,
           (SELECT max(begins_ms) FROM rollup_sums WHERE unit = ?1) AS last`,
      )
      .get(unit, fromMs) as { first: number | null; last: number | null }
  }

  lastKey(): number {
    const { last } = this.#database.prepare('SELECT max(id) AS last FROM rollup_keys').get() as {
      last: number | null
    }
    return last ?? 0
  }

  /** A transaction was undone: what it had added is forgotten. */
  undone(): void {
    this.#ids.clear()
  }

  #put(unit: Unit, beginsMs: number, key: number, tally: Tally): void {
    this.#putSums.run(unit, beginsMs, key, tally.sums.requests, sumsBytes(tally))
    this.#putSketches.run(unit, beginsMs, key, sketchBytes(tally))
  }

  #idOf(key: string): number {
    const known = this.#ids.get(key)
    if (known !== undefined) return known
    this.#database.prepare('INSERT INTO rollup_keys (key) VALUES (?) ON CONFLICT DO NOTHING').run(key)
    const { id } = this.#database.prepare('SELECT id FROM rollup_keys WHERE key = ?').get(key) as {
      id: number
    }
    if (this.#ids.size < 10_000) this.#ids.set(key, id)
    return id
  }
}
