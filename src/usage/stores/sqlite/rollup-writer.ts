import type { DatabaseSyncInstance, StatementSyncInstance } from '@photostructure/sqlite'
import { beginOf } from '../../rollups/cover.ts'
import { type Increment, Increments, type Unit, unitMs } from '../../rollups/roll.ts'
import { addStored, sketchBytes, sumsText } from '../../rollups/stored-tally.ts'
import { Tally } from '../../statistics/tally.ts'
import type { Cell } from './columns.ts'
import { countedNames, countedRecord, countedWidth } from './counted-rows.ts'

interface Stored {
  sums: string
  sketches: Uint8Array
}

/** Up to which row the roll-ups go, and how often retention has changed them. */
interface Rolled {
  up_to: number
  remade: number
}

/**
 * Keeps the roll-ups of a file. They go up to a row; what was added behind it is read as records until some thousands
 * are rolled up together, so that not every commit of a few records writes each of their roll-ups anew. They are added
 * up beforehand, a few at a time: rows are only ever added behind the last one, and are never changed.
 */
export class SqliteRollupWriter {
  readonly #database: DatabaseSyncInstance
  readonly #find: StatementSyncInstance
  readonly #putSums: StatementSyncInstance
  readonly #putSketches: StatementSyncInstance
  readonly #keys = new Map<string, number>()
  readonly #gathered = new Increments()
  /** What `#gathered` goes on from, and up to which row. */
  #from: Rolled | null = null
  #gatheredTo = 0

  constructor(database: DatabaseSyncInstance) {
    this.#database = database
    this.#find = database.prepare(
      `SELECT sums, sketches FROM rollup_sums JOIN rollup_sketches USING (unit, begins_ms, key)
       WHERE unit = ? AND begins_ms = ? AND key = ?`,
    )
    const put = (table: string, column: string) =>
      database.prepare(
        `INSERT INTO ${table} (unit, begins_ms, key, ${column}) VALUES (?, ?, ?, ?)
         ON CONFLICT DO UPDATE SET ${column} = excluded.${column}`,
      )
    this.#putSums = put('rollup_sums', 'sums')
    this.#putSketches = put('rollup_sketches', 'sketches')
  }

  /** Reads the next rows, where there are as many; says how many wait to be stored. */
  gather(rows: number): { gathered: boolean; waiting: number } {
    const rolled = this.#rolled()
    if (!this.#goesOnFrom(rolled)) this.#begin(rolled)
    const { last } = this.#one<{ last: number | null }>('SELECT max(rowid) AS last FROM records')
    const gathered = (last ?? 0) - this.#gatheredTo >= rows
    if (gathered) this.#read(rows)
    return { gathered, waiting: this.#gatheredTo - rolled.up_to }
  }

  /** Stores what was gathered, inside a transaction, unless another process has done so. */
  store(): void {
    const rolled = this.#rolled()
    if (this.#goesOnFrom(rolled)) {
      const { hour, day } = this.#gathered.take()
      this.#addAll('hour', hour)
      this.#addAll('day', day)
      this.#rolledUpTo(this.#gatheredTo)
    }
    this.#from = null
  }

  /** Records before then were removed: so are their roll-ups, and the hour and day that were cut are made anew. */
  removed(beforeMs: number): void {
    for (const unit of ['hour', 'day'] as const) {
      // The one that holds the cut goes too.
      const lastMs = Math.ceil(beforeMs / unitMs[unit]) * unitMs[unit]
      for (const table of ['rollup_sums', 'rollup_sketches']) {
        this.#database.prepare(`DELETE FROM ${table} WHERE unit = ? AND begins_ms < ?`).run(unit, lastMs)
      }
    }
    this.#remakeHour(beforeMs)
    this.#remakeDay(beforeMs)
    this.#database.exec('UPDATE rolled SET remade = remade + 1')
    // A row that comes after the last one was removed may get a number that was there before.
    const { last } = this.#one<{ last: number | null }>('SELECT max(rowid) AS last FROM records')
    if (this.#rolled().up_to > (last ?? 0)) this.#rolledUpTo(last ?? 0)
  }

  /** What a transaction that was undone had noted is forgotten. */
  undone(): void {
    this.#keys.clear()
    this.#from = null
  }

  #goesOnFrom(rolled: Rolled): boolean {
    return this.#from?.up_to === rolled.up_to && this.#from.remade === rolled.remade
  }

  #begin(rolled: Rolled): void {
    this.#gathered.take()
    this.#from = rolled
    this.#gatheredTo = rolled.up_to
  }

  #read(rows: number): void {
    for (const row of this.#cells(
      `SELECT ${countedNames}, rowid FROM records WHERE rowid > ? ORDER BY rowid LIMIT ?`,
      [this.#gatheredTo, rows],
    )) {
      const { record, atMs } = countedRecord(row)
      this.#gathered.add(record, atMs)
      this.#gatheredTo = Number(row[countedWidth])
    }
  }

  #remakeHour(cutMs: number): void {
    if (cutMs % unitMs.hour === 0) return
    const increments = new Increments()
    for (const row of this.#cells(
      `SELECT ${countedNames} FROM records WHERE timestamp >= ? AND timestamp < ? AND rowid <= ?`,
      [cutMs, beginOf(cutMs, unitMs.hour) + unitMs.hour, this.#rolled().up_to],
    )) {
      const { record, atMs } = countedRecord(row)
      increments.add(record, atMs)
    }
    this.#addAll('hour', increments.take().hour)
  }

  /** A day is its hours. */
  #remakeDay(cutMs: number): void {
    if (cutMs % unitMs.day === 0) return
    const beginsMs = beginOf(cutMs, unitMs.day)
    const hours = this.#database
      .prepare(
        `SELECT key, sums, sketches FROM rollup_sums JOIN rollup_sketches USING (unit, begins_ms, key)
         WHERE unit = 'hour' AND begins_ms >= ? AND begins_ms < ?`,
      )
      .all(beginsMs, beginsMs + unitMs.day) as (Stored & { key: number })[]
    const days = new Map<number, Tally>()
    for (const { key, sums, sketches } of hours) {
      const tally = days.get(key) ?? new Tally(true)
      days.set(key, tally)
      addStored(tally, sums, sketches)
    }
    for (const [key, tally] of days) this.#put('day', beginsMs, key, tally)
  }

  #addAll(unit: Unit, increments: readonly Increment[]): void {
    for (const { beginsMs, key, tally } of increments) {
      const id = this.#idOf(key)
      const stored = this.#find.get(unit, beginsMs, id) as Stored | undefined
      if (stored) addStored(tally, stored.sums, stored.sketches)
      this.#put(unit, beginsMs, id, tally)
    }
  }

  #put(unit: Unit, beginsMs: number, key: number, tally: Tally): void {
    this.#putSums.run(unit, beginsMs, key, sumsText(tally))
    this.#putSketches.run(unit, beginsMs, key, sketchBytes(tally))
  }

  #idOf(key: string): number {
    const known = this.#keys.get(key)
    if (known !== undefined) return known
    this.#database.prepare('INSERT INTO rollup_keys (key) VALUES (?) ON CONFLICT DO NOTHING').run(key)
    const { id } = this.#one<{ id: number }>('SELECT id FROM rollup_keys WHERE key = ?', key)
    if (this.#keys.size < 10_000) this.#keys.set(key, id)
    return id
  }

  #rolled(): Rolled {
    return this.#one<Rolled>('SELECT up_to, remade FROM rolled')
  }

  #rolledUpTo(row: number): void {
    this.#database.prepare('UPDATE rolled SET up_to = ?').run(row)
  }

  #cells(sql: string, values: readonly number[]): Cell[][] {
    const statement = this.#database.prepare(sql)
    statement.setReturnArrays(true)
    return statement.all(...values) as unknown as Cell[][]
  }

  #one<T>(sql: string, ...values: string[]): T {
    return this.#database.prepare(sql).get(...values) as T
  }
}
